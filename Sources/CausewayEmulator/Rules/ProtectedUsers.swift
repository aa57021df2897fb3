import CausewayJSON

/// Accounts of administrators, which an application cannot touch with Graph permissions alone (Graph, the users resource,
/// "Who can perform sensitive actions").
enum ProtectedUsers {
    /// The property that stores an account's roles; it is not one of Graph's, so it is never shown.
    static let rolesProperty = "_directoryRoles"

    /// Roles that let an application touch every account.
    private static let overAll: Set<String> = ["Global Administrator", "Privileged Authentication Administrator"]
    /// Roles whose holders a User Administrator may touch.
    private static let low: Set<String> = [
        "Directory Readers", "Guest Inviter", "Groups Administrator", "Helpdesk Administrator", "Message Center Reader",
        "Reports Reader", "Usage Summary Reports Reader", "User Administrator",
    ]

    /// Whether a caller may carry out a sensitive action on an account.
    static func allows(_ caller: GraphCaller, on user: EntryIndex, in directory: TenantDirectory) -> Bool {
        guard caller.directoryRoles.isDisjoint(with: overAll) else { return true }
        guard !isTiedToRoleGroup(user, directory) else { return false }
        let roles = Set((directory[user].properties[rolesProperty]?.array ?? []).compactMap(\.string))
        return roles.isEmpty || (caller.directoryRoles.contains("User Administrator") && roles.isSubset(of: low))
    }

    /// Members and owners of role-assignable groups are protected whatever the group's role is.
    private static func isTiedToRoleGroup(_ user: EntryIndex, _ directory: TenantDirectory) -> Bool {
        [Relation.members, .owners].contains { relation in
            directory.sources(relation, of: user).contains {
                directory[$0].deletedAt == nil && GroupRules.isRoleAssignable(directory[$0].properties)
            }
        }
    }

    /// Setting a password requires a directory role in addition to the permission, whatever the account.
    static func mayResetPasswords(_ caller: GraphCaller) -> Bool {
        !caller.directoryRoles.isDisjoint(with: overAll.union(["User Administrator", "Authentication Administrator"]))
    }
}
