/// The most that an identity was given, and until when: it can pass on no more than that, in any way.
///
/// A signed-in person and an administrator's token without a limit have no ceiling. Every other token hands out
/// only what it has itself, now or later.
package struct AccessCeiling: Hashable, Sendable {
    package let role: AccessRole
    /// Nil for ever.
    package let expires: Timestamp?

    package static let none = AccessCeiling(role: .administrator, expires: nil)

    package init(role: AccessRole, expires: Timestamp?) { (self.role, self.expires) = (role, expires) }

    /// - Parameter userRole: of the token's user; nil for a user without a role.
    package init(of token: AccessToken, userRole: AccessRole?) {
        let isAdministrators = token.role == nil && userRole == .administrator
        self = isAdministrators ? .none : AccessCeiling(role: token.role ?? .administrator, expires: token.end)
    }

    package var isNone: Bool { self == .none }

    /// Whether permanent access with this role exceeds nothing.
    private func covers(_ role: AccessRole) -> Bool { role <= self.role && expires == nil }

    /// Whether a token exceeds nothing. A token that cannot sign in here has no access.
    private func covers(_ token: AccessToken) -> Bool {
        guard token.intent == .api else { return true }
        return (token.role ?? .administrator) <= role && !token.outlives(expires)
    }

    /// Compares who has access after a change with who had it before.
    ///
    /// - Throws: ``AccessCeilingError`` if the change created, changed, read or replaced a token that exceeds the ceiling, gave a user a
    ///   role, password or authenticator that does, or made a group a superuser group.
    package func requireCovering(_ before: AccessState, _ after: AccessState) throws(AccessCeilingError) {
        for (id, known) in after.tokens where before.tokens[id] != known {
            guard covers(known.token), before.tokens[id].map({ covers($0.token) }) ?? true else {
                throw AccessCeilingError(self, "create, change, read or replace the token '\(known.token.identifier)'")
            }
        }
        // Removing access exceeds nothing; nevertheless an auditor's token takes nothing from operators.
        for (id, known) in before.tokens where after.tokens[id] == nil {
            guard (known.token.role ?? .administrator) <= role else {
                throw AccessCeilingError(self, "delete the token '\(known.token.identifier)'")
            }
        }
        for (id, holder) in after.holders where before.holders[id] != holder {
            guard let role = holder.role, !covers(role) else { continue }
            if before.holders[id]?.role.map({ $0 >= role }) != true {
                throw AccessCeilingError(self, "make '\(holder.name)' an \(role.rawValue)")
            }
            if before.holders[id]?.credentials != holder.credentials {
                throw AccessCeilingError(self, "change how '\(holder.name)' signs in")
            }
        }
        guard covers(.administrator) || after.superuserGroups.isSubset(of: before.superuserGroups) else {
            throw AccessCeilingError(self, "make a group a superuser group")
        }
    }
}

extension AccessToken {
    /// When it ends; nil if it never does.
    package var end: Timestamp? { isExpiring ? expires : nil }

    /// Whether it is still valid after a moment; nil for never.
    package func outlives(_ other: Timestamp?) -> Bool {
        guard let other else { return false }
        return end.map { $0 > other } ?? true
    }
}

/// Why a change is not made: it would hand out more than the caller has.
package struct AccessCeilingError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ ceiling: AccessCeiling, _ what: String) {
        let limit = ceiling.expires.map { " and ends \($0.text)" } ?? ""
        description = """
            This token is limited to the role \(ceiling.role.rawValue)\(limit), and cannot \(what), which reaches further. Use a \
            token without a limit, or sign in.
            """
    }
}
