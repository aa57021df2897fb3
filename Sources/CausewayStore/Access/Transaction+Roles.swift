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
        try together(Self.rolesQuery(of: users))
    }

    static func rolesQuery(of users: [UserID]) -> RowQuery<[UserID: Set<AccessRole>]> {
        RowQuery(of: users, "SELECT user_id, role FROM user_roles WHERE user_id IN", start: [:]) { roles, row in
            roles[try row.id("user_id"), default: []].insert(try row.word("role"))
        }
    }

    /// Assigns these roles to a user, and no others. A change is in the journal: who only administers Causeway is out of scope.
    package func setRoles(_ roles: Set<AccessRole>, of user: UserID) throws {
        guard try self.roles(of: user) != roles else { return }
        try journal(ObjectReference(user), .updated)
        try execute("DELETE FROM user_roles WHERE user_id = ?", SQLValue(user))
        for role in roles {
            try execute("INSERT INTO user_roles (user_id, role) VALUES (?, ?)", SQLValue(user), SQLValue(role))
        }
    }

    /// Whether a user is in a superuser group, or in one below it.
    package func isSuperuser(_ user: UserID) throws -> Bool { try superusers(among: [user]).contains(user) }

    /// Which of some users are superusers.
    package func superusers(among users: [UserID]) throws -> Set<UserID> {
        try together(Self.superusersQuery(among: users))
    }

    static func superusersQuery(among users: [UserID]) -> RowQuery<Set<UserID>> {
        RowQuery(
            of: users,
            """
            \(superuserGroups)
            SELECT m.user_id FROM memberships m JOIN super s ON s.id = m.group_id WHERE m.user_id IN
            """,
            start: []
        ) { $0.insert(try $1.id("user_id")) }
    }

    /// The highest role of a user, which may come from a superuser group.
    package func role(of user: UserID) throws -> AccessRole? { try userWithRole(user)?.role }

    /// A user, and its highest role, which may come from a superuser group.
    package func userWithRole(_ id: UserID) throws -> (user: User, role: AccessRole?)? {
        let (user, roles, superusers) = try together(
            Self.userQuery(id),
            Self.rolesQuery(of: [id]),
            Self.superusersQuery(among: [id])
        )
        return user.map { ($0, superusers.isEmpty ? roles[id]?.max() : .administrator) }
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
