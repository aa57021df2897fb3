package import CausewayModel

/// A condition on the user `u` or the group `g` of a query.
struct ScopeCondition {
    /// Whether everything meets it.
    var isEmpty = false
    let sql: String
    let arguments: [SQLValue]
}

extension Transaction {
    /// Which objects a provider provisions (authentik: filter group, service accounts; Causeway's own: nested filter groups and a
    /// selection of groups).
    func scope(of provider: EntraProvider, kind: ObjectKind) -> ScopeCondition {
        kind == .user ? userScope(of: provider) : groupScope(of: provider)
    }

    /// The users in scope: without accounts that only administer Causeway, which a tenant could not hold.
    private func userScope(of provider: EntraProvider) -> ScopeCondition {
        let members = memberScope(of: provider)
        return ScopeCondition(
            sql: "\(members.sql) AND NOT (\(Self.onlyAdministers))",
            arguments: members.arguments + [SQLValue(provider.id)]
        )
    }

    /// An account without an e-mail address or any attribute that administers Causeway by a role or through a superuser group, and
    /// is in no other group. An account that a provider has linked stays: this rule removes no existing account.
    private static let onlyAdministers = """
        \(hasNoDetails)
            AND (EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id)
                OR EXISTS (SELECT 1 FROM memberships m JOIN groups g ON g.id = m.group_id
                    WHERE m.user_id = u.id AND g.is_superuser))
            AND NOT EXISTS (SELECT 1 FROM memberships m JOIN groups g ON g.id = m.group_id
                WHERE m.user_id = u.id AND NOT g.is_superuser)
            AND NOT EXISTS (SELECT 1 FROM links c WHERE c.user_id = u.id AND c.provider_id = ?)
        """

    /// A user `u` with neither an e-mail address nor an attribute.
    static let hasNoDetails = "u.email = '' AND u.attributes = '{}'"

    /// The users who administer Causeway: few, and found by indexes.
    private static let administrators = """
        SELECT r.user_id FROM user_roles r
        UNION SELECT m.user_id FROM groups s JOIN memberships m ON m.group_id = s.id WHERE s.is_superuser
        """

    /// Whether a provider leaves a user out because the account only administers Causeway.
    package func leavesOutAsAdministrator(_ user: UserID, provider: ProviderID) throws -> Bool {
        try exists(
            "SELECT 1 FROM users u WHERE u.id = ? AND \(Self.onlyAdministers)",
            SQLValue(user),
            SQLValue(provider)
        )
    }

    /// How many accounts a provider leaves out because they only administer Causeway.
    package func leftOutAdministrators(of provider: EntraProvider) throws -> Int {
        let members = memberScope(of: provider)
        return try count(
            """
            SELECT COUNT(*) AS count FROM users u WHERE u.id IN (\(Self.administrators)) AND \(members.sql)
                AND \(Self.onlyAdministers)
            """,
            members.arguments + [SQLValue(provider.id)]
        )
    }

    /// The users who may be members in Entra. Users who only administer have no account there, so members need no such condition.
    func memberScope(of provider: EntraProvider) -> ScopeCondition {
        let people =
            provider.excludeServiceAccounts
            ? "u.type NOT IN ('service_account', 'internal_service_account')" : "1 = 1"
        guard let group = provider.filterGroup else {
            // If the filter group was deleted, no user is in scope; the run stops before it gets here.
            let everyone = provider.vanishedFilterGroup == nil ? "1 = 1" : "1 = 0"
            return ScopeCondition(
                isEmpty: provider.vanishedFilterGroup == nil && !provider.excludeServiceAccounts,
                sql: "\(people) AND \(everyone)",
                arguments: []
            )
        }
        let groups = provider.filterGroupRecursive ? "IN (\(Self.groupAndBelow))" : "= ?"
        return ScopeCondition(
            sql: "\(people) AND EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.group_id \(groups))",
            arguments: [SQLValue(group)]
        )
    }

    private func groupScope(of provider: EntraProvider) -> ScopeCondition {
        guard provider.selectsGroups else { return ScopeCondition(sql: "1 = 1", arguments: []) }
        return ScopeCondition(
            sql: "EXISTS (SELECT 1 FROM provider_groups s WHERE s.provider_id = ? AND s.group_id = g.id)",
            arguments: [SQLValue(provider.id)]
        )
    }

    /// How many objects of a kind a provider has in scope.
    package func scopeCount(of provider: EntraProvider, kind: ObjectKind) throws -> Int {
        let scope = scope(of: provider, kind: kind)
        let table = kind == .user ? "users u" : "groups g"
        return try count("SELECT COUNT(*) AS count FROM \(table) WHERE \(scope.sql)", scope.arguments)
    }
}
