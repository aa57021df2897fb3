package import CausewayModel

extension Transaction {
    /// Superuser groups, and all groups below them.
    static let superuserGroups = """
        WITH RECURSIVE super (id) AS (
            SELECT id FROM groups WHERE is_superuser
            UNION SELECT p.child_id FROM group_parents p JOIN super s ON p.parent_id = s.id
        )
        """

    /// The roles that were assigned to a user.
    package func roles(of user: UserID) throws -> Set<AccessRole> { try roles(of: [user])[user] ?? [] }

    /// The roles that were assigned to users, by their keys.
    package func roles(of users: [UserID]) throws -> [UserID: Set<AccessRole>] {
        guard !users.isEmpty else { return [:] }
        let list = SQLList(users.map { SQLValue($0) })
        var roles: [UserID: Set<AccessRole>] = [:]
        try connection.query("SELECT user_id, role FROM user_roles WHERE user_id IN \(list.sql)", list.arguments) {
            row in
            roles[try row.id("user_id"), default: []].insert(try row.word("role"))
        }
        return roles
    }

    /// Assigns these roles to a user, and no others.
    package func setRoles(_ roles: Set<AccessRole>, of user: UserID) throws {
        try execute("DELETE FROM user_roles WHERE user_id = ?", SQLValue(user))
        for role in roles {
            try execute("INSERT INTO user_roles (user_id, role) VALUES (?, ?)", SQLValue(user), SQLValue(role))
        }
    }

    /// Whether a user is in a superuser group, or in one below it.
    package func isSuperuser(_ user: UserID) throws -> Bool { try superusers(among: [user]).contains(user) }

    /// Which of some users are superusers.
    package func superusers(among users: [UserID]) throws -> Set<UserID> {
        guard !users.isEmpty else { return [] }
        let list = SQLList(users.map { SQLValue($0) })
        return Set(
            try all(
                """
                \(Self.superuserGroups)
                SELECT m.user_id FROM memberships m JOIN super s ON s.id = m.group_id WHERE m.user_id IN \(list.sql)
                """,
                list.arguments
            ) { try $0.id("user_id") }
        )
    }

    /// The active administrators, by role or as superusers, in the order of their keys.
    ///
    /// - Parameter limit: the maximum number.
    package func administrators(limit: Int) throws -> [User] {
        let ids: [UserID] = try all(
            """
            \(Self.superuserGroups)
            SELECT u.id FROM users u WHERE u.is_active AND u.id IN (
                SELECT user_id FROM user_roles WHERE role = 'administrator'
                UNION SELECT m.user_id FROM memberships m JOIN super s ON s.id = m.group_id
            ) ORDER BY u.id LIMIT ?
            """,
            .integer(Int64(limit))
        ) { try $0.id("id") }
        let users = try users(ids: ids)
        return ids.compactMap { users[$0] }
    }

    /// Whether any user could sign in and change everything: by a role or as a superuser, with a password or an API token.
    package func hasAdministrator() throws -> Bool {
        try exists(
            """
            \(Self.superuserGroups)
            SELECT 1 FROM users u WHERE u.is_active AND u.id IN (
                SELECT user_id FROM user_roles WHERE role = 'administrator'
                UNION SELECT m.user_id FROM memberships m JOIN super s ON s.id = m.group_id
            ) AND (
                EXISTS (SELECT 1 FROM accounts a WHERE a.user_id = u.id AND a.password_hash IS NOT NULL)
                OR EXISTS (SELECT 1 FROM tokens t WHERE t.user_id = u.id AND t.intent = 'api')
            )
            """
        )
    }
}
