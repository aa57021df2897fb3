import CausewayJSON
import CausewayMapping
import CausewayModel
import Foundation
import Testing

@Suite("Nicknames that the default mappings derive")
struct NicknameTests {
    /// The user of ``MappingInput/user(_:email:isActive:attributes:groups:known:)`` has a uid that begins like this.
    private static let userKey = "a1a1a1a1"

    @Test("a user gets a nickname that Entra accepts, whatever the user name is")
    func users() async throws {
        let long = String(repeating: "x", count: 70)
        let expected = [
            "ada": "ada", "Ada.L": "Ada.L", "o'neil": "o'neil", "ada@company.com": "ada",
            "O'Neil@company.com": "O'Neil", "Ada.Łoś@company.com": "Ada.Los", "CORP\\ada": "ada",
            "ada  king": "ada.king", "müller@company.com": "mueller", "иван.петров": "ivan.petrov", "Ωμέγα": "Omega",
            // Nothing is left of the user name, so the name counts.
            "佐藤": "Ada.Lovelace", "@company.com": "Ada.Lovelace",
            long: "\(long.prefix(55))-\(Self.userKey)", "\(long)@company.com": "\(long.prefix(55))-\(Self.userKey)",
        ]
        try await MappingFixture.with([DefaultMappings.user.expression]) { fixture in
            for (username, nickname) in expected {
                let made = try await fixture.properties(.user(username, email: "ada@company.com"))
                #expect(made.properties["mailNickname"]?.string == nickname, "\(username)")
            }
        }
    }

    @Test("a user name that Entra accepts stays the nickname, even if the account has another one")
    func takenBefore() async throws {
        let former = DefaultMappings.user.expression.replacing(
            "mail_nickname(request.user, connection)",
            with: "request.user.username"
        )
        #expect(former != DefaultMappings.user.expression)
        let letters = Array("aZ9.-_'!#%&*+/=?^`{|}~$")
        try await MappingFixture.with([DefaultMappings.user.expression]) { fixture in
            try await MappingFixture.with([former]) { before in
                for length in [1, 2, 7, 63, 64] {
                    let username = String((0..<length).map { _ in letters.randomElement() ?? "a" })
                    let input = MappingInput.user(
                        username,
                        email: "ada@company.com",
                        known: ["mailNickname": "other", "userPrincipalName": "ada@company.com"]
                    )
                    let (now, then) = (try await fixture.properties(input), try await before.properties(input))
                    #expect(now.properties == then.properties, "\(username)")
                }
            }
        }
    }

    @Test("an account keeps its nickname if the user name cannot be one")
    func kept() async throws {
        try await MappingFixture.with([DefaultMappings.user.expression]) { fixture in
            let input = MappingInput.user(
                "ada@company.com",
                email: "ada@company.com",
                known: ["mailNickname": "countess"]
            )
            let made = try await fixture.properties(input)
            #expect(made.properties["mailNickname"] == "countess")
        }
    }

    @Test("a group gets a nickname that Entra accepts, from a name in any script and of any length")
    func groups() async throws {
        let key = try #require(GroupID(text: "3f2a9c01-b2d3-4000-8000-000000000000"))
        let expected = [
            "Sales": "sales", "Größe & Maß": "groe-ma", "R&D / Ops §^°": "rd-ops", "Équipe Été": "equipe-ete",
            "経理部": "group-3f2a9c01", "Приёмная": "priyomnaya", "Λογιστήριο": "logistirio",
            String(repeating: "x", count: 85): "\(String(repeating: "x", count: 55))-3f2a9c01",
        ]
        try await MappingFixture.with([DefaultMappings.group.expression], kind: .group) { fixture in
            for (name, nickname) in expected {
                let group = Group(id: key, profile: GroupProfile(name: name))
                let made = try await fixture.properties(MappingInput(.group(group, parents: []), link: nil))
                #expect(made.properties["mailNickname"]?.string == nickname, "\(name)")
                #expect(made.properties["securityEnabled"] == true && made.properties["mailEnabled"] == false)
            }
        }
    }

    @Test("a matched Microsoft 365 group keeps its address and its kind")
    func foundGroup() async throws {
        let known = ObjectLink(
            provider: ProviderID(1),
            kind: .group,
            object: nil,
            entraID: EntraObjectID("e-1"),
            known: ["mailNickname": "board", "groupTypes": ["Unified"], "securityEnabled": false]
        )
        try await MappingFixture.with([DefaultMappings.group.expression], kind: .group) { fixture in
            let group = Group(id: .random(), profile: GroupProfile(name: "Board room"))
            let made = try await fixture.properties(MappingInput(.group(group, parents: []), link: known))
            #expect(made.properties == ["displayName": "Board room", "mailNickname": "board"])
        }
    }

    @Test("new Microsoft 365 groups whose names give the same nickname get different ones, stable over evaluations")
    func uniqueGroups() async throws {
        let names = ["R & D", "r-d", "R-D", "Marketing Team"]
        let groups = names.map {
            Group(id: .random(), profile: GroupProfile(name: $0, attributes: ["microsoft_365": true]))
        }
        let entry = try #require(
            MappingLibrary.all.first { $0.mapping.managed?.hasSuffix("/group-microsoft-365") == true }
        )
        let directory = FewGroups(all: groups)
        try await MappingFixture.with([entry.mapping.expression], kind: .group, directory: directory) { fixture in
            var made: [[String?]] = []
            for _ in 0..<2 {
                let inputs = groups.map { MappingInput(.group($0, parents: []), link: nil) }
                made.append(
                    try await fixture.pool.evaluate(inputs).map { result in
                        guard case .desired(let properties) = result.outcome else { return nil }
                        return properties.properties["mailNickname"]?.string
                    }
                )
            }
            #expect(made[0] == made[1])
            #expect(Set(made[0]).count == 4 && !made[0].contains(nil))
            #expect(made[0].prefix(3).allSatisfy { $0?.hasPrefix("r-d-") == true })
            #expect(made[0][3] == "marketing-team")
        }
    }
}

/// A directory of a few groups without members.
private struct FewGroups: DirectoryQueries {
    let all: [Group]

    func groups(after last: GroupID?) async throws -> [Group] {
        all.sorted { $0.id.text < $1.id.text }.filter { $0.id.text > (last?.text ?? "") }
    }

    func groups(with value: JSONValue, at field: String) async throws -> [Group] {
        all.filter { value == .string(field == "name" ? $0.name : $0.id.text) }
    }

    func users(after last: UserID?) async throws -> [User] { [] }
    func users(with value: JSONValue, at path: [String], after last: UserID?) async throws -> [User] { [] }
    func groups(of user: UserID) async throws -> (direct: [Group], all: [Group]) { ([], []) }
    func members(of group: GroupID, after last: UserID?) async throws -> [User] { [] }
    func parents(of group: GroupID) async throws -> [Group] { [] }
    func children(of group: GroupID) async throws -> [Group] { [] }
    func isMember(_ user: UserID, of group: GroupID) async throws -> Bool { false }
    func user(_ id: UserID) async throws -> User? { nil }
}
