package import CausewayModel

/// What belongs to some users besides their profiles.
package struct UserDetails: Sendable {
    /// The groups that each is directly in.
    package let groups: [UserID: [GroupID]]
    /// The roles that were assigned to each.
    package let roles: [UserID: Set<AccessRole>]
    package let accounts: [UserID: Account]
    package let superusers: Set<UserID>
}

extension Transaction {
    /// What belongs to some users, asked for together.
    ///
    /// - Parameter includesGroups: whether their groups are wanted.
    package func details(of users: [UserID], includesGroups: Bool) throws -> UserDetails {
        let (groups, roles, accounts, superusers) = try together(
            Self.groupsQuery(of: includesGroups ? users : []),
            Self.rolesQuery(of: users),
            accountsQuery(of: users),
            Self.superusersQuery(among: users)
        )
        return UserDetails(groups: groups, roles: roles, accounts: accounts, superusers: superusers)
    }
}
