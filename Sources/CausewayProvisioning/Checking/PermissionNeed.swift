import CausewayModel

/// Something that a provider does, with the Graph application permissions that allow it (Graph's API pages, "Permissions").
struct PermissionNeed: Hashable, Sendable {
    /// What it does: `create users`.
    let purpose: String
    /// Any one of these sets is enough; the least first.
    let alternatives: [Set<String>]
    /// What happens without it.
    let consequence: String

    private init(_ purpose: String, _ alternatives: [[String]], without consequence: String) {
        self.purpose = purpose
        self.alternatives = alternatives.map(Set.init)
        self.consequence = consequence
    }

    func isMet(by granted: Set<String>) -> Bool { alternatives.contains { $0.isSubset(of: granted) } }

    /// What to grant: `User.DeleteRestore.All or User.ReadWrite.All`.
    var grant: String {
        alternatives.map { $0.sorted().joined(separator: " with ") }.joined(separator: " or ")
    }
}

extension PermissionNeed {
    /// What a provider needs for what it is set up to do.
    ///
    /// - Parameters:
    ///   - userExpressions: the mappings' texts; what they name tells which sensitive properties they write.
    ///   - managesGroups: whether it has mappings for groups.
    static func needs(of settings: ProviderSettings, userExpressions: [String], managesGroups: Bool) -> [PermissionNeed]
    {
        var needs = [readTenant, readUsers, createUsers, updateUsers, disableUsers]
        if settings.userDeleteAction == .delete { needs.append(deleteUsers) }
        for (words, need) in sensitive
        where userExpressions.contains(where: { text in words.contains { text.contains($0) } }) {
            needs.append(need)
        }
        guard managesGroups else { return needs }
        needs += [readGroups, createGroups, updateGroups, writeMembers]
        if settings.groupDeleteAction == .delete { needs.append(deleteGroups) }
        return needs
    }

    /// What a further app registration needs, which only writes.
    var isReading: Bool { [Self.readTenant, Self.readUsers, Self.readGroups].contains(self) }

    private static let readTenant = PermissionNeed(
        "read the tenant's verified domains",
        [
            ["Organization.Read.All"], ["User.Read.All"], ["User.ReadWrite.All"], ["Directory.Read.All"],
            ["Directory.ReadWrite.All"],
        ],
        without: "no sync can start"
    )
    private static let readUsers = PermissionNeed(
        "read users",
        [["User.Read.All"], ["User.ReadWrite.All"], ["Directory.Read.All"], ["Directory.ReadWrite.All"]],
        without: "no sync can start"
    )
    private static let createUsers = PermissionNeed(
        "create users",
        [["User.Create"], ["User.ReadWrite.All"], ["Directory.ReadWrite.All"]],
        without: "users who are not in Entra yet do not get there"
    )
    private static let updateUsers = PermissionNeed(
        "update users",
        [["User.ReadUpdate.All"], ["User.ReadWrite.All"], ["Directory.ReadWrite.All"]],
        without: "changes of users do not reach Entra"
    )
    private static let disableUsers = PermissionNeed(
        "enable and disable accounts",
        [["User.EnableDisableAccount.All", "User.Read.All"], ["User.ReadWrite.All"]],
        without: "who is deactivated here can still sign in there"
    )
    private static let deleteUsers = PermissionNeed(
        "delete and restore users",
        [["User.DeleteRestore.All"], ["User.ReadWrite.All"]],
        without: "accounts of deleted users stay in Entra"
    )

    /// Properties with permissions of their own, by the words that name them in mappings.
    private static let sensitive: [(words: [String], need: PermissionNeed)] = [
        (
            ["identities", "ObjectIdentity"],
            PermissionNeed(
                "write identities",
                [["User.ManageIdentities.All"]],
                without: "users whose mapping gives identities fail"
            )
        ),
        (
            ["mobilePhone", "mobile_phone", "businessPhones", "business_phones"],
            PermissionNeed(
                "write phone numbers",
                [["User-Phone.ReadWrite.All"], ["User.ReadWrite.All"]],
                without: "changes of phone numbers fail"
            )
        ),
        (
            ["otherMails", "other_mails"],
            PermissionNeed(
                "write further mail addresses",
                [["User-Mail.ReadWrite.All"], ["User.ReadWrite.All"]],
                without: "changes of further mail addresses fail"
            )
        ),
        (
            ["assignedLicenses", "assigned_licenses"],
            PermissionNeed(
                "assign licences",
                [["LicenseAssignment.ReadWrite.All"], ["User.ReadWrite.All"]],
                without: "licences are not assigned"
            )
        ),
    ]

    private static let readGroups = PermissionNeed(
        "read groups and their members",
        [
            ["GroupMember.Read.All"], ["Group.Read.All"], ["GroupMember.ReadWrite.All"], ["Group.ReadWrite.All"],
            ["Directory.Read.All"], ["Directory.ReadWrite.All"],
        ],
        without: "no sync can start"
    )
    private static let createGroups = PermissionNeed(
        "create groups",
        [["Group.Create", "User.Read.All"], ["Group.ReadWrite.All"]],
        without: "groups that are not in Entra yet do not get there"
    )
    private static let updateGroups = PermissionNeed(
        "update groups",
        [["Group.ReadWrite.All"], ["Directory.ReadWrite.All"]],
        without: "changes of groups do not reach Entra"
    )
    private static let writeMembers = PermissionNeed(
        "add and remove members",
        [["GroupMember.ReadWrite.All"], ["Group.ReadWrite.All"]],
        without: "memberships do not reach Entra"
    )
    private static let deleteGroups = PermissionNeed(
        "delete groups",
        [["Group.ReadWrite.All"]],
        without: "groups deleted here stay in Entra"
    )
}
