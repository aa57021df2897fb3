import CausewayJSON
import Testing

/// An operation whose permissions Graph documents: sets that are enough and sets that are not. In paths and bodies, `USER`,
/// `GROUP` and so on stand for the ids of existing objects, `NUMBER` for the set of permissions.
struct PermissionRow: Sendable, CustomTestStringConvertible {
    let method: String
    let path: String
    var body: JSONValue?
    /// Each is enough; several permissions are separated by blanks.
    let enough: [String]
    let tooLittle: [String]

    var testDescription: String { "\(method) \(path) \(body?.text ?? "")" }
}

extension PermissionRow {
    private static let reference: JSONValue = [
        "@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/OTHER"
    ]
    private static let sku = "6fd2c87f-b296-42f0-b197-1e91e994b900"
    private static let licenses: JSONValue = [
        "addLicenses": [["skuId": .string(sku), "disabledPlans": []]], "removeLicenses": [],
    ]
    private static let invitation: JSONValue = [
        "invitedUserEmailAddress": "bob@partner.example", "inviteRedirectUrl": "https://portal.example",
    ]
    private static let binding: JSONValue = [
        "members@odata.bind": ["https://graph.microsoft.com/v1.0/directoryObjects/OTHER"]
    ]

    static let reads: [PermissionRow] = [
        PermissionRow(
            method: "GET",
            path: "/organization",
            enough: ["Organization.Read.All", "User.Read.All", "Directory.Read.All"],
            tooLittle: ["Group.Read.All", "Domain.Read.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/domains",
            enough: ["Domain.Read.All", "Directory.Read.All"],
            tooLittle: ["User.Read.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/users/USER",
            enough: ["User.ReadBasic.All", "User.Read.All", "Directory.Read.All"],
            tooLittle: ["Group.ReadWrite.All", "User.Create"]
        ),
        PermissionRow(
            method: "GET",
            path: "/users/delta",
            enough: ["User.Read.All", "User.ReadWrite.All"],
            tooLittle: ["User.ReadBasic.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/groups",
            enough: ["Group.ReadBasic.All", "GroupMember.Read.All", "Group.Read.All"],
            tooLittle: ["User.ReadWrite.All", "Group.Create"]
        ),
        PermissionRow(
            method: "GET",
            path: "/groups/delta",
            enough: ["Group.ReadBasic.All", "GroupMember.Read.All"],
            tooLittle: ["User.Read.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/groups/delta?$select=displayName,members",
            enough: ["GroupMember.Read.All", "Group.Read.All"],
            tooLittle: ["Group.ReadBasic.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/groups/GROUP/members",
            enough: ["GroupMember.ReadBasic.All", "GroupMember.Read.All"],
            tooLittle: ["Group.ReadBasic.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/groups/GROUP/transitiveMembers",
            enough: ["GroupMember.ReadBasic.All", "GroupMember.Read.All"],
            tooLittle: ["Group.ReadBasic.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/directory/deletedItems/microsoft.graph.user",
            enough: ["User.Read.All"],
            tooLittle: ["Group.Read.All", "User.DeleteRestore.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/directory/deletedItems/microsoft.graph.group",
            enough: ["Group.Read.All"],
            tooLittle: ["User.Read.All", "Group.ReadBasic.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/subscribedSkus",
            enough: ["LicenseAssignment.Read.All", "Organization.Read.All"],
            tooLittle: ["User.ReadWrite.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/users/USER/licenseDetails",
            enough: ["LicenseAssignment.Read.All", "Organization.Read.All"],
            tooLittle: ["Group.ReadWrite.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/directoryObjects/getByIds",
            body: ["ids": ["USER"]],
            enough: ["Directory.Read.All"],
            tooLittle: ["User.Read.All", "Group.Read.All"]
        ),
    ]

    /// Graph, the permissions of "getByIds", "checkMemberGroups", "getMemberGroups", "checkMemberObjects", "getMemberObjects", "List
    /// servicePrincipals" and "Get profilePhoto".
    static let functions: [PermissionRow] = [
        PermissionRow(
            method: "POST",
            path: "/users/getByIds",
            body: ["ids": ["USER"]],
            enough: ["Directory.Read.All"],
            tooLittle: ["User.ReadWrite.All", "User.Create"]
        ),
        PermissionRow(
            method: "POST",
            path: "/users/USER/checkMemberGroups",
            body: ["groupIds": ["GROUP"]],
            enough: ["User.Read.All GroupMember.Read.All", "User.Read.All Group.Read.All", "Directory.Read.All"],
            tooLittle: ["User.Read.All", "GroupMember.Read.All", "Group.ReadWrite.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/users/USER/getMemberGroups",
            body: ["securityEnabledOnly": true],
            enough: ["User.Read.All GroupMember.Read.All", "Directory.Read.All"],
            tooLittle: ["User.Read.All", "Group.Read.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/users/USER/getMemberObjects",
            body: ["securityEnabledOnly": true],
            enough: ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All"],
            tooLittle: ["GroupMember.Read.All", "Group.Read.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/users/USER/checkMemberObjects",
            body: ["ids": ["GROUP"]],
            enough: ["User.Read.All", "Directory.ReadWrite.All"],
            tooLittle: ["GroupMember.Read.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/groups/GROUP/checkMemberGroups",
            body: ["groupIds": ["GROUP"]],
            enough: ["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"],
            tooLittle: ["User.Read.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/directoryObjects/USER/checkMemberGroups",
            body: ["groupIds": ["GROUP"]],
            enough: ["User.Read.All Group.Read.All", "Directory.Read.All"],
            tooLittle: ["Group.Read.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/directoryObjects/USER/getMemberObjects",
            body: ["securityEnabledOnly": true],
            enough: ["Directory.Read.All"],
            tooLittle: ["User.Read.All GroupMember.Read.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/servicePrincipals",
            enough: ["Application.Read.All", "Application.ReadWrite.OwnedBy", "Directory.Read.All"],
            tooLittle: ["User.Read.All", "Group.Read.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/users/USER/photo",
            enough: ["User.Read.All", "User.ReadWrite.All", "ProfilePhoto.Read.All"],
            tooLittle: ["Group.Read.All", "Directory.Read.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/groups/GROUP/photo",
            enough: ["Group.Read.All", "Group.ReadWrite.All"],
            tooLittle: ["User.Read.All", "GroupMember.Read.All"]
        ),
        PermissionRow(
            method: "GET",
            path: "/directory/deletedItems/DELETED_USER/microsoft.graph.user",
            enough: ["User.Read.All"],
            tooLittle: ["Group.Read.All", "User.DeleteRestore.All"]
        ),
        PermissionRow(
            method: "DELETE",
            path: "/directory/deletedItems/microsoft.graph.user/DELETED_USER",
            enough: ["User.DeleteRestore.All", "User.ReadWrite.All"],
            tooLittle: ["Group.ReadWrite.All"]
        ),
    ]

    static let writes: [PermissionRow] = [
        PermissionRow(
            method: "POST",
            path: "/users",
            body: GraphTests.user("newNUMBER"),
            enough: ["User.Create", "User.ReadWrite.All", "Directory.ReadWrite.All"],
            tooLittle: ["User.ReadUpdate.All", "Directory.Read.All"]
        ),
        PermissionRow(
            method: "PATCH",
            path: "/users/USER",
            body: ["jobTitle": "X"],
            enough: ["User.ReadUpdate.All", "User.ReadWrite.All", "Directory.ReadWrite.All"],
            tooLittle: ["User.Read.All", "User-Mail.ReadWrite.All"]
        ),
        PermissionRow(
            method: "PATCH",
            path: "/users/USER",
            body: [:],
            enough: ["User.ReadUpdate.All", "User.ReadWrite.All"],
            tooLittle: ["User.Read.All"]
        ),
        PermissionRow(
            method: "PATCH",
            path: "/users/USER",
            body: ["otherMails": ["a@partner.example"]],
            enough: ["User-Mail.ReadWrite.All", "User.ReadWrite.All"],
            tooLittle: ["User-Phone.ReadWrite.All", "User.ReadUpdate.All"]
        ),
        PermissionRow(
            method: "PATCH",
            path: "/users/USER",
            body: ["employeeLeaveDateTime": "2030-01-01T00:00:00Z"],
            enough: ["User.Read.All User-LifeCycleInfo.ReadWrite.All"],
            tooLittle: ["User.ReadWrite.All", "User-LifeCycleInfo.ReadWrite.All"]
        ),
        PermissionRow(
            method: "PUT",
            path: "/users/USER/manager/$ref",
            body: reference,
            enough: ["User.ReadWrite.All", "Directory.ReadWrite.All"],
            tooLittle: ["User.Read.All", "User.ReadUpdate.All"]
        ),
        PermissionRow(
            method: "DELETE",
            path: "/users/USER",
            enough: ["User.DeleteRestore.All", "User.ReadWrite.All"],
            tooLittle: ["Directory.ReadWrite.All", "User.Create"]
        ),
        PermissionRow(
            method: "POST",
            path: "/directory/deletedItems/DELETED_USER/restore",
            enough: ["User.DeleteRestore.All", "User.ReadWrite.All"],
            tooLittle: ["Group.ReadWrite.All", "User.Read.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/directory/deletedItems/DELETED_GROUP/restore",
            enough: ["Group.ReadWrite.All"],
            tooLittle: ["User.DeleteRestore.All", "Directory.ReadWrite.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/users/USER/revokeSignInSessions",
            enough: ["User.RevokeSessions.All", "User.ReadWrite.All"],
            tooLittle: ["User.Read.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/groups",
            body: GraphTests.group("New"),
            enough: ["Group.Create", "Group.ReadWrite.All"],
            tooLittle: ["GroupMember.ReadWrite.All", "Group.Read.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/groups",
            body: GraphTests.group("New", binding.object ?? [:]),
            enough: ["Group.Create User.Read.All", "Group.ReadWrite.All"],
            tooLittle: ["Group.Create"]
        ),
        PermissionRow(
            method: "PATCH",
            path: "/groups/GROUP",
            body: ["description": "X"],
            enough: ["Group.ReadWrite.All", "Directory.ReadWrite.All"],
            tooLittle: ["Group.Create", "GroupMember.ReadWrite.All"]
        ),
        PermissionRow(
            method: "PATCH",
            path: "/groups/TEAM",
            body: ["allowExternalSenders": true],
            enough: ["Group.ReadWrite.All"],
            tooLittle: ["Directory.ReadWrite.All"]
        ),
        PermissionRow(
            method: "DELETE",
            path: "/groups/GROUP",
            enough: ["Group.ReadWrite.All"],
            tooLittle: ["Directory.ReadWrite.All", "GroupMember.ReadWrite.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/groups/GROUP/members/$ref",
            body: reference,
            enough: ["GroupMember.ReadWrite.All", "Group.ReadWrite.All"],
            tooLittle: ["Group.Read.All", "Group.Create"]
        ),
        PermissionRow(
            method: "PATCH",
            path: "/groups/GROUP",
            body: binding,
            enough: ["GroupMember.ReadWrite.All", "Group.ReadWrite.All"],
            tooLittle: ["Group.Read.All"]
        ),
        PermissionRow(
            method: "DELETE",
            path: "/groups/GROUP/members/USER/$ref",
            enough: ["GroupMember.ReadWrite.All", "Group.ReadWrite.All"],
            tooLittle: ["Group.Read.All"]
        ),
        PermissionRow(
            method: "DELETE",
            path: "/groups/GROUP/members/USER",
            enough: ["GroupMember.ReadWrite.All User.DeleteRestore.All"],
            tooLittle: ["GroupMember.ReadWrite.All", "User.DeleteRestore.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/groups/GROUP/owners/$ref",
            body: reference,
            enough: ["Group.ReadWrite.All", "Directory.ReadWrite.All"],
            tooLittle: ["GroupMember.ReadWrite.All"]
        ),
        PermissionRow(
            method: "PATCH",
            path: "/groups/ROLES",
            body: ["description": "X"],
            enough: ["Group.ReadWrite.All RoleManagement.ReadWrite.Directory"],
            tooLittle: ["Group.ReadWrite.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/groups/ROLES/assignLicense",
            body: licenses,
            enough: ["Group.ReadWrite.All RoleManagement.ReadWrite.Directory"],
            tooLittle: ["Group.ReadWrite.All", "LicenseAssignment.ReadWrite.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/directory/deletedItems/DELETED_ROLES/restore",
            enough: ["Group.ReadWrite.All RoleManagement.ReadWrite.Directory"],
            tooLittle: ["Group.ReadWrite.All"]
        ),
        PermissionRow(
            method: "DELETE",
            path: "/directory/deletedItems/DELETED_ROLES",
            enough: ["Group.ReadWrite.All RoleManagement.ReadWrite.Directory"],
            tooLittle: ["Group.ReadWrite.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/invitations",
            body: invitation,
            enough: ["User.Invite.All", "User.ReadWrite.All"],
            tooLittle: ["User.Read.All", "User.Create"]
        ),
        PermissionRow(
            method: "POST",
            path: "/users/USER/assignLicense",
            body: licenses,
            enough: ["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All"],
            tooLittle: ["LicenseAssignment.Read.All", "Group.ReadWrite.All"]
        ),
        PermissionRow(
            method: "POST",
            path: "/groups/GROUP/assignLicense",
            body: licenses,
            enough: ["LicenseAssignment.ReadWrite.All", "Group.ReadWrite.All"],
            tooLittle: ["User.ReadWrite.All"]
        ),
    ]
}
