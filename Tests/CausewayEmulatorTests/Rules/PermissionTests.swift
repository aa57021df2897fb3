import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: the permissions of each operation")
struct PermissionTests {
    @Test(
        "each operation accepts its documented permissions and no others",
        arguments: PermissionRow.reads + PermissionRow.functions + PermissionRow.writes
    )
    func permissions(_ row: PermissionRow) async throws {
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

    /// New objects, since the row may delete them.
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

    /// Longer names first, since some contain others.
    private static func filled(_ text: String, _ ids: [String: String]) -> String {
        ids.sorted { $0.key.count > $1.key.count }.reduce(text) { $0.replacing($1.key, with: $1.value) }
    }

    @Test("some permissions show basic profiles only")
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

    @Test("a role-assignable group in the recycle bin no longer protects its members")
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
