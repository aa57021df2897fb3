/// An operation of Graph, with the application permissions that Microsoft's page on it names ("Permissions"; the
/// permission metadata of 2026-08).
package struct GraphOperation: Hashable, Sendable {
    /// What single objects may require in addition to the permissions.
    package enum Protection: Hashable, Sendable {
        /// Accounts of administrators require a directory role (Graph, the users resource, "Who can perform sensitive actions").
        case administrators
        /// A directory role is required whatever the account (Graph, "Update user": passwordProfile).
        case everybody
        /// Role-assignable groups require a permission of their own (Graph, the group resource, isAssignableToRole).
        case roleAssignableGroups
    }

    /// What it does, as a verb phrase: `create users`, `change mobilePhone of users`.
    package let purpose: String
    /// Sets of application permissions, the least privileged first; one whole set is enough.
    package let alternatives: [Set<String>]
    /// The Graph property that it is about, if it is about one.
    package let property: String?
    package let protection: Protection?

    private init(
        _ purpose: String,
        _ alternatives: [[String]],
        property: String? = nil,
        protects protection: Protection? = nil
    ) {
        self.purpose = purpose
        self.alternatives = alternatives.map(Set.init)
        self.property = property
        self.protection = protection
    }

    /// Whether permissions are enough, as far as the operation alone shows.
    package func isAllowed(by granted: Set<String>) -> Bool { alternatives.contains { $0.isSubset(of: granted) } }

    /// The least privileged permissions: `User.EnableDisableAccount.All and User.Read.All`.
    package var least: String { alternatives.first.map(Self.words) ?? "" }

    /// What to grant, the least privileged first, and the alternatives: `User.DeleteRestore.All, or User.ReadWrite.All`.
    package var grant: String {
        let others = alternatives.dropFirst().prefix(2).map(Self.words)
        return ([least] + others).joined(separator: ", or ")
    }

    private static func words(_ permissions: Set<String>) -> String { permissions.sorted().joined(separator: " and ") }
}

// MARK: Reading

extension GraphOperation {
    private static let directoryReaders = [["Directory.Read.All"], ["Directory.ReadWrite.All"]]
    private static let userReaders = [["User.Read.All"], ["User.ReadWrite.All"]]
    private static let memberReaders = [
        ["GroupMember.Read.All"], ["Group.Read.All"], ["GroupMember.ReadWrite.All"], ["Group.ReadWrite.All"],
    ]

    /// "List organizations".
    package static let readOrganization = GraphOperation(
        "read the tenant's verified domains",
        [["Organization.Read.All"]] + userReaders + directoryReaders + [["Organization.ReadWrite.All"]]
    )
    /// "List users", "user: delta", "Get user".
    package static let readUsers = GraphOperation("read users", userReaders + directoryReaders)
    /// "group: delta" with members, "List group members".
    package static let readGroups = GraphOperation("read groups and their members", memberReaders + directoryReaders)
    /// "List deletedItems".
    package static let readDeletedUsers = GraphOperation("read deleted users", userReaders + directoryReaders)
    package static let readDeletedGroups = GraphOperation(
        "read deleted groups",
        [["Group.Read.All"], ["Group.ReadWrite.All"]] + directoryReaders
    )
}

// MARK: Users

extension GraphOperation {
    private static let userWriters = [["User.ReadWrite.All"], ["Directory.ReadWrite.All"]]
    private static let userRemovers = [["User.DeleteRestore.All"], ["User.ReadWrite.All"]]

    /// "Create user".
    package static let createUsers = GraphOperation("create users", [["User.Create"]] + userWriters)
    /// "Update user", for properties without permissions of their own.
    package static let updateUsers = GraphOperation("update users", [["User.ReadUpdate.All"]] + userWriters)
    /// "Delete user".
    package static let deleteUsers = GraphOperation("delete users", userRemovers, protects: .administrators)
    /// "Restore deleted item".
    package static let restoreUsers = GraphOperation("restore users", userRemovers, protects: .administrators)
    /// "Assign manager", "Remove manager".
    package static let setManagers = GraphOperation("set the manager of users", userWriters, property: "manager")
    /// "Create invitation".
    package static let inviteGuests = GraphOperation("invite guests", [["User.Invite.All"]] + userWriters)

    /// "Update user": what a change of one property requires.
    package static func updateUsers(_ property: String) -> GraphOperation {
        let protection: Protection? = sensitive.contains(property) ? .administrators : nil
        guard let own = ownPermissions[property] else {
            guard protection != nil else { return updateUsers }
            return change(property, updateUsers.alternatives.map(Array.init), protection)
        }
        return change(property, own, property == "passwordProfile" ? .everybody : protection)
    }

    private static func change(_ property: String, _ alternatives: [[String]], _ protection: Protection?)
        -> GraphOperation
    {
        GraphOperation("change \(property) of users", alternatives, property: property, protects: protection)
    }

    /// Properties of users with permissions of their own.
    private static let ownPermissions: [String: [[String]]] = [
        "accountEnabled": [["User.EnableDisableAccount.All", "User.Read.All"]] + userWriters,
        "otherMails": [["User-Mail.ReadWrite.All"]] + userWriters,
        "mobilePhone": [["User-Phone.ReadWrite.All"]] + userWriters,
        "businessPhones": [["User-Phone.ReadWrite.All"]] + userWriters,
        "identities": [["User.ManageIdentities.All"]],
        "passwordProfile": [["User-PasswordProfile.ReadWrite.All"]],
        "employeeLeaveDateTime": [
            ["User.Read.All", "User-LifeCycleInfo.ReadWrite.All"],
            ["User.ReadWrite.All", "User-LifeCycleInfo.ReadWrite.All"],
        ],
        "customSecurityAttributes": [["CustomSecAttributeAssignment.ReadWrite.All"]],
    ]

    /// Whether a property of users has permissions of its own.
    package static func hasOwnPermissions(_ property: String) -> Bool { ownPermissions[property] != nil }

    /// Graph, the users resource, "Sensitive actions".
    private static let sensitive: Set<String> = [
        "accountEnabled", "businessPhones", "mobilePhone", "onPremisesImmutableId", "otherMails", "passwordProfile",
        "userPrincipalName",
    ]
}

// MARK: Groups

extension GraphOperation {
    private static let groupWriters = [["Group.ReadWrite.All"], ["Directory.ReadWrite.All"]]

    /// "Create group". With users in it, the least permission must be able to see them.
    package static let createGroups = GraphOperation("create groups", [["Group.Create"]] + groupWriters)
    package static let createGroupsWithMembers = GraphOperation(
        "create groups with members",
        [["Group.Create", "User.Read.All"], ["Group.Create", "User.ReadWrite.All"]] + groupWriters
    )
    /// "Update group".
    package static let updateGroups = GraphOperation("update groups", groupWriters, protects: .roleAssignableGroups)
    /// "Update group": properties that Exchange keeps.
    package static func updateGroupsInExchange(_ property: String) -> GraphOperation {
        GraphOperation(
            "change \(property) of groups",
            [["Group.ReadWrite.All"]],
            property: property,
            protects: .roleAssignableGroups
        )
    }
    /// "Add members", "Remove member".
    package static let writeMembers = GraphOperation(
        "add and remove members",
        [["GroupMember.ReadWrite.All"]] + groupWriters,
        property: "members",
        protects: .roleAssignableGroups
    )
    /// "Delete group", "Restore deleted item".
    package static let deleteGroups = GraphOperation(
        "delete groups",
        [["Group.ReadWrite.All"]],
        protects: .roleAssignableGroups
    )
    package static let restoreGroups = GraphOperation(
        "restore groups",
        [["Group.ReadWrite.All"]],
        protects: .roleAssignableGroups
    )
    /// "Create group", "Add members": what a role-assignable group requires in addition.
    package static let manageRoleAssignableGroups = GraphOperation(
        "create or change role-assignable groups",
        [["RoleManagement.ReadWrite.Directory"]]
    )

    /// Properties that Exchange keeps of groups.
    private static let inExchange: Set<String> = [
        "accessType", "allowExternalSenders", "autoSubscribeNewMembers", "hideFromAddressLists",
        "hideFromOutlookClients",
        "isFavorite", "isSubscribedByMail", "unseenConversationsCount", "unseenCount", "unseenMessagesCount",
    ]

    /// "Update group": what a change of one property requires.
    package static func updateGroups(_ property: String) -> GraphOperation {
        switch property {
        case "members@odata.bind": writeMembers
        case let name where inExchange.contains(name): updateGroupsInExchange(name)
        default: updateGroups
        }
    }
}
