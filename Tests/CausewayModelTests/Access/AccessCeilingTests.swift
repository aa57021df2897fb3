import CausewayModel
import Foundation
import Testing

@Suite("The ceiling of a token")
struct AccessCeilingTests {
    private static let moments: [Timestamp?] = [nil, Timestamp(milliseconds: 1000), Timestamp(milliseconds: 2000)]
    private static let caps: [AccessRole?] = [nil] + AccessRole.allCases

    private static func token(_ role: AccessRole?, _ end: Timestamp?, _ intent: TokenIntent = .api) -> AccessToken {
        AccessToken(
            id: UUID(),
            identifier: "t",
            intent: intent,
            user: UserID(1),
            expires: end,
            isExpiring: end != nil,
            role: role
        )
    }

    private static func state(
        _ token: AccessToken?,
        key: UInt8 = 0,
        holder: AccessRole? = nil,
        groups: Set<GroupID> = []
    )
        -> AccessState
    {
        AccessState(
            tokens: token.map { [$0.id: .init(token: $0, keyHash: [key], isKeyKept: true)] } ?? [:],
            holders: holder.map { [UserID(1): .init(name: "ada", role: $0, credentials: ["\(key)"])] } ?? [:],
            superuserGroups: groups
        )
    }

    /// Whether a limit covers a token: none of its rights exceeds the limit, whatever role its user gets.
    private static func isWithin(_ token: AccessToken, _ ceiling: AccessCeiling) -> Bool {
        let ranks: [AccessRole: Int] = [.auditor: 1, .operator: 2, .administrator: 3]
        let isLater = token.isExpiring ? (token.expires?.milliseconds ?? .max) : .max
        return ranks[token.role ?? .administrator, default: 9] <= ranks[ceiling.role, default: 0]
            && isLater <= ceiling.expires?.milliseconds ?? .max
    }

    @Test("tokens can be created, replaced and changed only within the ceiling, for every pair of caps and expiries")
    func tokens() throws {
        for (cap, end) in Self.caps.flatMap({ cap in Self.moments.map { (cap, $0) } }) {
            let ceiling = AccessCeiling(of: Self.token(cap, end), userRole: .operator)
            for (other, last) in Self.caps.flatMap({ cap in Self.moments.map { (cap, $0) } }) {
                let token = Self.token(other, last)
                let isAllowed = Self.isWithin(token, ceiling)
                for (before, after) in [
                    (Self.state(nil), Self.state(token)), (Self.state(token), Self.state(token, key: 1)),
                ] {
                    let isRefused = (try? ceiling.requireCovering(before, after)) == nil
                    #expect(isRefused == !isAllowed, "\(ceiling) with \(token)")
                }
                #expect(throws: Never.self) { try ceiling.requireCovering(Self.state(token), Self.state(token)) }
                let elsewhere = Self.token(other, last, .appPassword)
                #expect(throws: Never.self) { try ceiling.requireCovering(Self.state(nil), Self.state(elsewhere)) }
            }
        }
    }

    @Test("roles, credentials and superuser groups need a ceiling as high as they are, without expiry")
    func holders() {
        let group = GroupID(UUID())
        for role in AccessRole.allCases {
            for end in Self.moments {
                let ceiling = AccessCeiling(role: role, expires: end)
                for given in AccessRole.allCases {
                    let isAllowed = given <= role && end == nil
                    for before in [Self.state(nil), Self.state(nil, key: 1, holder: given)] {
                        let after = Self.state(nil, holder: given)
                        #expect(((try? ceiling.requireCovering(before, after)) != nil) == isAllowed)
                    }
                    #expect(throws: Never.self) {
                        try ceiling.requireCovering(Self.state(nil, holder: given), Self.state(nil))
                    }
                }
                let groups = Self.state(nil, groups: [group])
                let isAllowed = role == .administrator && end == nil
                #expect(((try? ceiling.requireCovering(Self.state(nil), groups)) != nil) == isAllowed)
            }
        }
    }

    @Test("an administrator's token without a cap has no ceiling, and every other limited token has one")
    func whose() {
        let end = Timestamp(milliseconds: 1000)
        #expect(AccessCeiling(of: Self.token(nil, end), userRole: .administrator).isNone)
        #expect(!AccessCeiling(of: Self.token(nil, end), userRole: .operator).isNone)
        #expect(!AccessCeiling(of: Self.token(.administrator, end), userRole: .administrator).isNone)
        #expect(AccessCeiling(of: Self.token(.administrator, nil), userRole: .administrator).isNone)
        #expect(AccessCeiling(of: Self.token(nil, nil), userRole: .auditor).isNone)
    }
}
