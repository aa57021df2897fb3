import CausewayJSON

/// Which application permissions an operation needs (Graph, the permissions of each page; permission metadata of 2026-08).
enum AccessRules {
    /// Sets of permissions; one whole set is enough.
    typealias Alternatives = [Set<String>]

    /// Whether a caller may do what a call asks, as far as the call alone shows.
    static func allows(_ call: GraphCall) -> Bool {
        requirements(of: call).allSatisfy { meets($0, call.caller) }
    }

    static func meets(_ alternatives: Alternatives, _ caller: GraphCaller) -> Bool {
        alternatives.isEmpty || alternatives.contains { $0.isSubset(of: caller.permissions) }
    }

    /// All requirements, one by one.
    private static func requirements(of call: GraphCall) -> [Alternatives] {
        let names = call.names
        if names.last == "getByIds" { return [readDirectory] }
        if names.contains("photo"), let needed = photos(call, names) { return [needed] }
        switch names.first {
        case "organization":
            return [any("Organization.Read.All", "Organization.ReadWrite.All") + readUsers + readDirectory]
        case "domains": return [any("Domain.Read.All", "Domain.ReadWrite.All") + readDirectory]
        case "users": return users(call, names)
        case "groups": return groups(call, names)
        case "invitations": return [any("User.Invite.All") + writeUsers]
        case "subscribedSkus":
            return [readLicenses]
        case "directoryObjects" where ["checkMemberGroups", "getMemberGroups"].contains(names.last ?? ""):
            return [readGroupsOfUsers]
        case "directoryObjects": return [readDirectory]
        case "servicePrincipals": return [readApplications]
        default: return []
        }
    }

    private static func photos(_ call: GraphCall, _ names: [String]) -> Alternatives? {
        (call.method == "GET" ? readPhotos : writePhotos)[names.first ?? ""]
    }

    // MARK: Users

    private static func users(_ call: GraphCall, _ names: [String]) -> [Alternatives] {
        switch (call.method, names.last) {
        case (_, "assignLicense"): return [any("LicenseAssignment.ReadWrite.All") + writeUsers]
        case (_, "licenseDetails"): return [readLicenses + readUsers]
        case (_, "revokeSignInSessions"): return [any("User.RevokeSessions.All") + writeUsers]
        case (_, "memberOf"), (_, "transitiveMemberOf"): return [readMemberships + readUsers]
        case (_, "checkMemberGroups"), (_, "getMemberGroups"): return [readGroupsOfUsers]
        case (_, "checkMemberObjects"), (_, "getMemberObjects"): return [readUsers + readDirectory]
        case ("GET", "delta"): return [readUsers + readDirectory]
        case ("GET", _): return [any("User.ReadBasic.All") + readUsers + readDirectory]
        case ("PUT", _), ("DELETE", "$ref"): return [writeUsers]
        case ("POST", _): return [any("User.Create") + writeUsers]
        case ("PATCH", _):
            let properties = call.body?.object.map { Array($0.keys) } ?? []
            return properties.isEmpty ? [userProperty("")] : properties.map(userProperty)
        default: return [any("User.DeleteRestore.All", "User.ReadWrite.All")]
        }
    }

    private static func userProperty(_ name: String) -> Alternatives {
        switch name {
        case "identities": any("User.ManageIdentities.All")
        case "passwordProfile": any("User-PasswordProfile.ReadWrite.All")
        case "accountEnabled": [["User.EnableDisableAccount.All", "User.Read.All"]] + writeUsers
        case "otherMails": any("User-Mail.ReadWrite.All") + writeUsers
        case "mobilePhone", "businessPhones": any("User-Phone.ReadWrite.All") + writeUsers
        case "employeeLeaveDateTime":
            [
                ["User.Read.All", "User-LifeCycleInfo.ReadWrite.All"],
                ["User.ReadWrite.All", "User-LifeCycleInfo.ReadWrite.All"],
            ]
        case "customSecurityAttributes": any("CustomSecAttributeAssignment.ReadWrite.All")
        default: any("User.ReadUpdate.All") + writeUsers
        }
    }

    // MARK: Groups

    private static func groups(_ call: GraphCall, _ names: [String]) -> [Alternatives] {
        switch (call.method, names.last) {
        case (_, "assignLicense"): return [any("LicenseAssignment.ReadWrite.All") + writeGroups]
        case ("GET", _) where names.contains("members") || names.contains("transitiveMembers"): return [readMembers]
        case ("GET", "delta") where namesLinks(call.option("select")): return [readMemberships]
        case ("GET", _): return [any("Group.ReadBasic.All") + readMemberships]
        case (_, "checkMemberGroups"), (_, "getMemberGroups"), (_, "getMemberObjects"), (_, "checkMemberObjects"):
            return [readMemberships]
        case (_, _) where names.contains("members"): return [any("GroupMember.ReadWrite.All") + writeGroups]
        case ("POST", _) where names.count == 1: return [createGroup(call.body)]
        case ("PATCH", _) where call.body?.object?.keys.allSatisfy({ $0 == "members@odata.bind" }) == true:
            return [any("GroupMember.ReadWrite.All") + writeGroups]
        case ("DELETE", _) where names.last != "$ref": return [any("Group.ReadWrite.All")]
        default: return [writeGroups]
        }
    }

    /// Whether a delta query reports members or owners as well.
    private static func namesLinks(_ selection: String?) -> Bool {
        (selection ?? "").split(separator: ",").contains { ["members", "owners"].contains($0.filter { $0 != " " }) }
    }

    /// The least permission creates groups, but needs another to see users.
    private static func createGroup(_ body: JSONValue?) -> Alternatives {
        let bindsUsers = ["members@odata.bind", "owners@odata.bind"].contains { body?[$0] != nil }
        return
            (bindsUsers
            ? [["Group.Create", "User.Read.All"], ["Group.Create", "User.ReadWrite.All"]] : [["Group.Create"]])
            + writeGroups
    }

    // MARK: The recycle bin

    /// What an operation on a deleted object requires.
    static func deleted(_ kind: EntryKind, isWrite: Bool) -> Alternatives {
        switch (kind, isWrite) {
        case (.user, true): any("User.DeleteRestore.All", "User.ReadWrite.All")
        case (.user, false): readUsers + readDirectory
        case (_, true): any("Group.ReadWrite.All")
        case (_, false): any("Group.Read.All", "Group.ReadWrite.All") + readDirectory
        }
    }

    /// What a change of a role-assignable group requires in addition.
    static let roleAssignable: Alternatives = any("RoleManagement.ReadWrite.Directory")

    /// Properties of a group that Exchange manages; no permission on the directory alone is enough to change them.
    static let exchangeProperties: Alternatives = any("Group.ReadWrite.All")

    /// What an invitation as a member instead of a guest requires.
    static let invitedMember: Alternatives = writeUsers

    /// Whether the caller may see all properties of users instead of their basic profiles.
    static func mayReadProfiles(_ caller: GraphCaller) -> Bool { meets(readUsers + readDirectory, caller) }

    /// Whether the caller may see more than id and type of a member.
    static func mayRead(_ kind: EntryKind, _ caller: GraphCaller) -> Bool {
        switch kind {
        case .user: meets(any("User.ReadBasic.All") + readUsers + readDirectory, caller)
        case .group: meets(readMemberships, caller)
        case .servicePrincipal: meets(readApplications, caller)
        }
    }

    // MARK: Common sets

    private static func any(_ names: String...) -> Alternatives { names.map { [$0] } }
    private static let readDirectory = any("Directory.Read.All", "Directory.ReadWrite.All")
    private static let readUsers = any("User.Read.All", "User.ReadWrite.All")
    /// A caller that may change its own applications may read all of them (Graph, "Get servicePrincipal").
    private static let readApplications =
        any("Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy") + readDirectory
    private static let readLicenses =
        any("LicenseAssignment.Read.All", "LicenseAssignment.ReadWrite.All", "Organization.Read.All") + readDirectory
    private static let writeUsers = any("User.ReadWrite.All", "Directory.ReadWrite.All")
    private static let writeGroups = any("Group.ReadWrite.All", "Directory.ReadWrite.All")
    private static let readMemberships =
        any("GroupMember.Read.All", "GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All")
        + readDirectory
    /// The groups of a user, by id: readers of both, or of the whole directory (Graph, "checkMemberGroups", "getMemberGroups").
    private static let readGroupsOfUsers: Alternatives =
        ["User.Read.All", "User.ReadWrite.All"].flatMap { user in
            ["GroupMember.Read.All", "GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All"]
                .map { [user, $0] }
        } + readDirectory
    /// Graph, "Update profilePhoto".
    private static let writePhotos: [String: Alternatives] = [
        "users": any("ProfilePhoto.ReadWrite.All", "User.ReadWrite.All"),
        "groups": any("ProfilePhoto.ReadWrite.All", "Group.ReadWrite.All"),
    ]
    /// Graph, "Get profilePhoto"; permissions reference.
    private static let readPhotos: [String: Alternatives] = [
        "users": any("ProfilePhoto.Read.All", "ProfilePhoto.ReadWrite.All") + readUsers,
        "groups": any(
            "ProfilePhoto.Read.All",
            "ProfilePhoto.ReadWrite.All",
            "Group.Read.All",
            "Group.ReadWrite.All"
        ),
    ]
    private static let readMembers = any("GroupMember.ReadBasic.All") + readMemberships
}
