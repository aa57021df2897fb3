import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

/// The operations whose permissions Graph documents, each with the sets that are enough and sets that are not. In paths and
/// bodies, `USER`, `GROUP` and so on stand for the ids of objects that are there, `NUMBER` for the set of permissions.
@Suite("The emulated tenant: the permissions of each operation")
struct PermissionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        var body: JSONValue?
        /// Each is enough; several permissions are separated by blanks.
        let enough: [String]
        let tooLittle: [String]

        var testDescription: String { "\(method) \(path) \(body?.text ?? "")" }
    }

    private static let reference: JSONValue = [
        "@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/OTHER"
    ]
    private static let sku = "6fd2c87f-b296-42f0-b197-1e91e994b900"
    private static let licences: JSONValue = [
        "addLicenses": [["skuId": .string(sku), "disabledPlans": []]], "removeLicenses": [],
    ]
    private static let invitation: JSONValue = [
        "invitedUserEmailAddress": "bob@partner.example", "inviteRedirectUrl": "https://portal.example",
    ]
    private static let binding: JSONValue = [
        "members@odata.bind": ["https://graph.microsoft.com/v1.0/directoryObjects/OTHER"]
    ]

    static let reads: [Row] = [
        Row(
            method: "GET",
            path: "/organization",
            enough: ["Organization.Read.All", "User.Read.All", "Directory.Read.All"],
            tooLittle: ["Group.Read.All", "Domain.Read.All"]
        ),
        Row(
            method: "GET",
            path: "/domains",
            enough: ["Domain.Read.All", "Directory.Read.All"],
            tooLittle: ["User.Read.All"]
        ),
        Row(
            method: "GET",
            path: "/users/USER",
            enough: ["User.ReadBasic.All", "User.Read.All", "Directory.Read.All"],
            tooLittle: ["Group.ReadWrite.All", "User.Create"]
        ),
        Row(
            method: "GET",
            path: "/users/delta",
            enough: ["User.Read.All", "User.ReadWrite.All"],
            tooLittle: ["User.ReadBasic.All"]
        ),
        Row(
            method: "GET",
            path: "/groups",
            enough: ["Group.ReadBasic.All", "GroupMember.Read.All", "Group.Read.All"],
            tooLittle: ["User.ReadWrite.All", "Group.Create"]
        ),
        Row(
            method: "GET",
            path: "/groups/delta",
            enough: ["Group.ReadBasic.All", "GroupMember.Read.All"],
            tooLittle: ["User.Read.All"]
        ),
        Row(
            method: "GET",
            path: "/groups/delta?$select=displayName,members",
            enough: ["GroupMember.Read.All", "Group.Read.All"],
            tooLittle: ["Group.ReadBasic.All"]
        ),
        Row(
            method: "GET",
            path: "/groups/GROUP/members",
            enough: ["GroupMember.ReadBasic.All", "GroupMember.Read.All"],
            tooLittle: ["Group.ReadBasic.All"]
        ),
        Row(
            method: "GET",
            path: "/groups/GROUP/transitiveMembers",
            enough: ["GroupMember.ReadBasic.All", "GroupMember.Read.All"],
            tooLittle: ["Group.ReadBasic.All"]
        ),
        Row(
            method: "GET",
            path: "/directory/deletedItems/microsoft.graph.user",
            enough: ["User.Read.All"],
            tooLittle: ["Group.Read.All", "User.DeleteRestore.All"]
        ),
        Row(
            method: "GET",
            path: "/directory/deletedItems/microsoft.graph.group",
            enough: ["Group.Read.All"],
            tooLittle: ["User.Read.All", "Group.ReadBasic.All"]
        ),
        Row(
            method: "GET",
            path: "/subscribedSkus",
            enough: ["LicenseAssignment.Read.All", "Organization.Read.All"],
            tooLittle: ["User.ReadWrite.All"]
        ),
        Row(
            method: "GET",
            path: "/users/USER/licenseDetails",
            enough: ["LicenseAssignment.Read.All", "Organization.Read.All"],
            tooLittle: ["Group.ReadWrite.All"]
        ),
        Row(
            method: "POST",
            path: "/directoryObjects/getByIds",
            body: ["ids": ["USER"]],
            enough: ["Directory.Read.All"],
            tooLittle: ["User.Read.All", "Group.Read.All"]
        ),
    ]

    static let writes: [Row] = [
        Row(
            method: "POST",
            path: "/users",
            body: GraphTests.user("newNUMBER"),
            enough: ["User.Create", "User.ReadWrite.All", "Directory.ReadWrite.All"],
            tooLittle: ["User.ReadUpdate.All", "Directory.Read.All"]
        ),
        Row(
            method: "PATCH",
            path: "/users/USER",
            body: ["jobTitle": "X"],
            enough: ["User.ReadUpdate.All", "User.ReadWrite.All", "Directory.ReadWrite.All"],
            tooLittle: ["User.Read.All", "User-Mail.ReadWrite.All"]
        ),
        Row(
            method: "PATCH",
            path: "/users/USER",
            body: [:],
            enough: ["User.ReadUpdate.All", "User.ReadWrite.All"],
            tooLittle: ["User.Read.All"]
        ),
        Row(
            method: "PATCH",
            path: "/users/USER",
            body: ["otherMails": ["a@partner.example"]],
            enough: ["User-Mail.ReadWrite.All", "User.ReadWrite.All"],
            tooLittle: ["User-Phone.ReadWrite.All", "User.ReadUpdate.All"]
        ),
        Row(
            method: "PATCH",
            path: "/users/USER",
            body: ["employeeLeaveDateTime": "2030-01-01T00:00:00Z"],
            enough: ["User.Read.All User-LifeCycleInfo.ReadWrite.All"],
            tooLittle: ["User.ReadWrite.All", "User-LifeCycleInfo.ReadWrite.All"]
        ),
        Row(
            method: "PUT",
            path: "/users/USER/manager/$ref",
            body: reference,
            enough: ["User.ReadWrite.All", "Directory.ReadWrite.All"],
            tooLittle: ["User.Read.All", "User.ReadUpdate.All"]
        ),
        Row(
            method: "DELETE",
            path: "/users/USER",
            enough: ["User.DeleteRestore.All", "User.ReadWrite.All"],
            tooLittle: ["Directory.ReadWrite.All", "User.Create"]
        ),
        Row(
            method: "POST",
            path: "/directory/deletedItems/DELETED_USER/restore",
            enough: ["User.DeleteRestore.All", "User.ReadWrite.All"],
            tooLittle: ["Group.ReadWrite.All", "User.Read.All"]
        ),
        Row(
            method: "POST",
            path: "/directory/deletedItems/DELETED_GROUP/restore",
            enough: ["Group.ReadWrite.All"],
            tooLittle: ["User.DeleteRestore.All", "Directory.ReadWrite.All"]
        ),
        Row(
            method: "POST",
            path: "/users/USER/revokeSignInSessions",
            enough: ["User.RevokeSessions.All", "User.ReadWrite.All"],
            tooLittle: ["User.Read.All"]
        ),
        Row(
            method: "POST",
            path: "/groups",
            body: GraphTests.group("New"),
            enough: ["Group.Create", "Group.ReadWrite.All"],
            tooLittle: ["GroupMember.ReadWrite.All", "Group.Read.All"]
        ),
        Row(
            method: "POST",
            path: "/groups",
            body: GraphTests.group("New", binding.object ?? [:]),
            enough: ["Group.Create User.Read.All", "Group.ReadWrite.All"],
            tooLittle: ["Group.Create"]
        ),
        Row(
            method: "PATCH",
            path: "/groups/GROUP",
            body: ["description": "X"],
            enough: ["Group.ReadWrite.All", "Directory.ReadWrite.All"],
            tooLittle: ["Group.Create", "GroupMember.ReadWrite.All"]
        ),
        Row(
            method: "PATCH",
            path: "/groups/TEAM",
            body: ["allowExternalSenders": true],
            enough: ["Group.ReadWrite.All"],
            tooLittle: ["Directory.ReadWrite.All"]
        ),
        Row(
            method: "DELETE",
            path: "/groups/GROUP",
            enough: ["Group.ReadWrite.All"],
            tooLittle: ["Directory.ReadWrite.All", "GroupMember.ReadWrite.All"]
        ),
        Row(
            method: "POST",
            path: "/groups/GROUP/members/$ref",
            body: reference,
            enough: ["GroupMember.ReadWrite.All", "Group.ReadWrite.All"],
            tooLittle: ["Group.Read.All", "Group.Create"]
        ),
        Row(
            method: "PATCH",
            path: "/groups/GROUP",
            body: binding,
            enough: ["GroupMember.ReadWrite.All", "Group.ReadWrite.All"],
            tooLittle: ["Group.Read.All"]
        ),
        Row(
            method: "DELETE",
            path: "/groups/GROUP/members/USER/$ref",
            enough: ["GroupMember.ReadWrite.All", "Group.ReadWrite.All"],
            tooLittle: ["Group.Read.All"]
        ),
        Row(
            method: "DELETE",
            path: "/groups/GROUP/members/USER",
            enough: ["GroupMember.ReadWrite.All User.DeleteRestore.All"],
            tooLittle: ["GroupMember.ReadWrite.All", "User.DeleteRestore.All"]
        ),
        Row(
            method: "POST",
            path: "/groups/GROUP/owners/$ref",
            body: reference,
            enough: ["Group.ReadWrite.All", "Directory.ReadWrite.All"],
            tooLittle: ["GroupMember.ReadWrite.All"]
        ),
        Row(
            method: "PATCH",
            path: "/groups/ROLES",
            body: ["description": "X"],
            enough: ["Group.ReadWrite.All RoleManagement.ReadWrite.Directory"],
            tooLittle: ["Group.ReadWrite.All"]
        ),
        Row(
            method: "POST",
            path: "/groups/ROLES/assignLicense",
            body: licences,
            enough: ["Group.ReadWrite.All RoleManagement.ReadWrite.Directory"],
            tooLittle: ["Group.ReadWrite.All", "LicenseAssignment.ReadWrite.All"]
        ),
        Row(
            method: "POST",
            path: "/directory/deletedItems/DELETED_ROLES/restore",
            enough: ["Group.ReadWrite.All RoleManagement.ReadWrite.Directory"],
            tooLittle: ["Group.ReadWrite.All"]
        ),
        Row(
            method: "DELETE",
            path: "/directory/deletedItems/DELETED_ROLES",
            enough: ["Group.ReadWrite.All RoleManagement.ReadWrite.Directory"],
            tooLittle: ["Group.ReadWrite.All"]
        ),
        Row(
            method: "POST",
            path: "/invitations",
            body: invitation,
            enough: ["User.Invite.All", "User.ReadWrite.All"],
            tooLittle: ["User.Read.All", "User.Create"]
        ),
        Row(
            method: "POST",
            path: "/users/USER/assignLicense",
            body: licences,
            enough: ["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All"],
            tooLittle: ["LicenseAssignment.Read.All", "Group.ReadWrite.All"]
        ),
        Row(
            method: "POST",
            path: "/groups/GROUP/assignLicense",
            body: licences,
            enough: ["LicenseAssignment.ReadWrite.All", "Group.ReadWrite.All"],
            tooLittle: ["User.ReadWrite.All"]
        ),
    ]

    @Test("each takes its permissions, and others do not do", arguments: reads + writes)
    func permissions(_ row: Row) async throws {
        try await TenantInProcess.with { settings in
            settings.subscriptions = [Subscription()]
            settings.applications += (row.enough + row.tooLittle).enumerated().map { number, permissions in
                var application = AppRegistration.standard
                application.clientID = Self.clientID(number)
                application.permissions = permissions.split(separator: " ").map(String.init)
                return application
            }
            settings.applications[0].permissions.append("RoleManagement.ReadWrite.Directory")
        } _: { tenant in
            for (number, permissions) in (row.enough + row.tooLittle).enumerated().reversed() {
                let id = JSONValue.string(Self.clientID(number))
                let endpoints = (tenant.endpoints.object ?? [:]).merging(["client_id": id]) { $1 }
                let client = try await TenantClient(.object(endpoints))
                let ids = try await Self.objects(tenant.client, suffix: "\(number)")
                let path = Self.filled(row.path, ids)
                let body = try row.body.map { try JSONValue(parsing: Self.filled($0.text, ids)) }
                let answer = try await client.send(row.method, path, body)
                let isEnough = row.enough.contains(permissions)
                #expect((answer.status == 403) == !isEnough, "\(permissions): \(answer.status) \(answer.body.text)")
                #expect(!isEnough || (200...299).contains(answer.status), "\(permissions): \(answer.body.text)")
            }
        }
    }

    private static func clientID(_ number: Int) -> String { "bbbbbbbb-bbbb-4ccc-8ddd-00000000000\(number)" }

    /// Fresh objects, for the row may delete them.
    private static func objects(_ client: TenantClient, suffix: String) async throws -> [String: String] {
        let place: [String: JSONValue] = ["usageLocation": "DE"]
        var ids = ["NUMBER": suffix]
        for name in ["USER", "OTHER", "DELETED_USER"] {
            ids[name] = try await client.make("/users", GraphTests.user("\(name)\(suffix)", place))
        }
        let members = MemberTests.links([ids["USER"] ?? ""])
        ids["GROUP"] = try await client.make("/groups", GraphTests.group("G", ["members@odata.bind": members]))
        let team: [String: JSONValue] = [
            "groupTypes": ["Unified"], "mailEnabled": true, "mailNickname": .string("team\(suffix)"),
        ]
        ids["TEAM"] = try await client.make("/groups", GraphTests.group("Team", team))
        ids["DELETED_GROUP"] = try await client.make("/groups", GraphTests.group("Gone"))
        for name in ["ROLES", "DELETED_ROLES"] {
            ids[name] = try await client.make("/groups", GraphTests.group(name, ["isAssignableToRole": true]))
        }
        _ = try await client.send("DELETE", "/users/\(ids["DELETED_USER"] ?? "")")
        for name in ["DELETED_GROUP", "DELETED_ROLES"] {
            _ = try await client.send("DELETE", "/groups/\(ids[name] ?? "")")
        }
        return ids
    }

    /// Longer names first, for some hold others.
    private static func filled(_ text: String, _ ids: [String: String]) -> String {
        ids.sorted { $0.key.count > $1.key.count }.reduce(text) { $0.replacing($1.key, with: $1.value) }
    }

    @Test("basic profiles are all that some may see")
    func basicProfiles() async throws {
        try await TenantInProcess.with {
            $0.applications[0].permissions = ["User.ReadBasic.All", "GroupMember.Read.All"]
        } _: { tenant in
            let user = GraphTests.user("ada", ["jobTitle": "Clerk", "givenName": "Ada", "businessPhones": ["1"]])
            let seeded = try await tenant.client.control(
                "POST",
                "seed",
                ["users": [user], "groups": [GraphTests.group("G")]]
            )
            let ids = seeded.body["ids"]?.array?.compactMap(\.string) ?? []
            for path in ["/users/\(ids[0])", "/users"] {
                let answer = try await tenant.client.send("GET", path)
                let shown = try #require(answer.body["value"]?.array?.first ?? answer.body)
                #expect(shown["givenName"] == "Ada")
                #expect(shown["userPrincipalName"] == "ada@company.com")
                #expect(shown["jobTitle"] == .null)
                #expect(shown["businessPhones"] == [])
            }
            #expect(try await tenant.client.all("/groups").first?["mailNickname"] == "group")
        }
    }

    @Test("a role-assignable group in the recycle bin protects nobody any more")
    func deletedRoleGroup() async throws {
        try await TenantInProcess.with {
            $0.applications[0].permissions.append("RoleManagement.ReadWrite.Directory")
        } _: { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let special: [String: JSONValue] = [
                "isAssignableToRole": true, "members@odata.bind": MemberTests.links([user]),
            ]
            let group = try await tenant.client.make("/groups", GraphTests.group("Admins", special))
            #expect(try await tenant.client.send("PATCH", "/users/\(user)", ["mobilePhone": "1"]).status == 403)
            #expect(try await tenant.client.send("DELETE", "/groups/\(group)").status == 204)
            #expect(try await tenant.client.send("PATCH", "/users/\(user)", ["mobilePhone": "1"]).status == 204)
        }
    }
}
