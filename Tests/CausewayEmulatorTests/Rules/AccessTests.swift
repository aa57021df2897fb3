import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: what an application may do")
struct AccessTests {
    /// Runs with these permissions of the application.
    private static func with(
        _ permissions: [String],
        roles: [String] = [],
        _ body: @escaping @Sendable (TenantInProcess) async throws -> Void
    ) async throws {
        try await TenantInProcess.with {
            $0.applications[0].permissions = permissions
            $0.applications[0].directoryRoles = roles
        } _: {
            try await body($0)
        }
    }

    /// Adds objects as if they had existed for a long time.
    private static func seed(_ tenant: TenantInProcess, users: [JSONValue] = [], groups: [JSONValue] = []) async throws
        -> [String]
    {
        let answer = try await tenant.client.control(
            "POST",
            "seed",
            ["users": .array(users), "groups": .array(groups)]
        )
        #expect(answer.status == 200, "\(answer.body)")
        return answer.body["ids"]?.array?.compactMap(\.string) ?? []
    }

    @Test(
        "each operation needs its own permission",
        arguments: [
            ("User.Read.All", "GET", "/users", 200), ("Group.ReadWrite.All", "GET", "/users", 403),
            ("User.Read.All", "GET", "/users/delta", 200), ("User.Read.All", "GET", "/groups", 403),
            ("GroupMember.Read.All", "GET", "/groups", 200), ("User.Read.All", "GET", "/organization", 200),
            ("User.Read.All", "GET", "/domains", 403), ("Domain.Read.All", "GET", "/domains", 200),
            ("User.Read.All", "GET", "/directory/deletedItems/microsoft.graph.user", 200),
            ("User.Read.All", "GET", "/directory/deletedItems/microsoft.graph.group", 403),
            ("User.ReadWrite.All", "GET", "/subscribedSkus", 403),
            ("Organization.Read.All", "GET", "/subscribedSkus", 200),
            ("User.ReadWrite.All", "GET", "/servicePrincipals", 403),
        ]
    )
    func operations(_ permission: String, _ method: String, _ path: String, _ status: Int) async throws {
        try await Self.with([permission]) { tenant in
            let answer = try await tenant.client.send(method, path)
            #expect(answer.status == status)
        }
    }

    @Test(
        "some properties of a user need permissions of their own",
        arguments: [
            ("User.ReadWrite.All", ["jobTitle": "X"], 204), ("User.ReadWrite.All", ["accountEnabled": false], 204),
            ("User.EnableDisableAccount.All", ["accountEnabled": false], 403),
            ("User.EnableDisableAccount.All User.Read.All", ["accountEnabled": false], 204),
            ("User-Phone.ReadWrite.All", ["mobilePhone": "1"], 204),
            ("User-Phone.ReadWrite.All", ["jobTitle": "X"], 403),
            ("User.ReadWrite.All", ["identities": []], 403),
            ("User.ReadWrite.All", ["passwordProfile": ["password": "Xx1!xxxxxx"]], 403),
            ("User-PasswordProfile.ReadWrite.All", ["passwordProfile": ["password": "Xx1!xxxxxx"]], 403),
        ] as [(String, JSONValue, Int)]
    )
    func properties(_ permissions: String, _ body: JSONValue, _ status: Int) async throws {
        try await Self.with(permissions.split(separator: " ").map(String.init)) { tenant in
            let id = try await Self.seed(tenant, users: [GraphTests.user("ada")])[0]
            let answer = try await tenant.client.send("PATCH", "/users/\(id)", body)
            #expect(answer.status == status, "\(answer.body)")
        }
    }

    @Test("a password needs a directory role in addition to the permission")
    func password() async throws {
        try await Self.with(["User-PasswordProfile.ReadWrite.All"], roles: ["User Administrator"]) { tenant in
            let id = try await Self.seed(tenant, users: [GraphTests.user("ada")])[0]
            let strong: JSONValue = ["passwordProfile": ["password": "Xx1!xxxxxx"]]
            #expect(try await tenant.client.send("PATCH", "/users/\(id)", strong).status == 204)
            let weak: JSONValue = ["passwordProfile": ["password": "Welcome1"]]
            #expect(try await tenant.client.send("PATCH", "/users/\(id)", weak).status == 400)
        }
    }

    @Test("only deletion and sensitive properties of an administrator's account are protected")
    func protected() async throws {
        try await Self.with(["User.ReadWrite.All"]) { tenant in
            let id = try await Self.seed(tenant, users: [GraphTests.user("admin")])[0]
            _ = try await tenant.client.control(
                "POST",
                "properties",
                ["id": .string(id), "directoryRoles": ["Global Administrator"]]
            )
            #expect(try await tenant.client.send("PATCH", "/users/\(id)", ["jobTitle": "X"]).status == 204)
            for body: JSONValue in [["accountEnabled": false], ["jobTitle": "Y", "mobilePhone": "1"]] {
                #expect(try await tenant.client.send("PATCH", "/users/\(id)", body).status == 403)
            }
            #expect(try await tenant.client.send("DELETE", "/users/\(id)").status == 403)
            #expect(try await tenant.client.send("GET", "/users/\(id)").body["jobTitle"] == "X")
        }
    }

    @Test("members of a role-assignable group are protected, and the group needs a permission of its own")
    func roleGroups() async throws {
        try await Self.with(["User.ReadWrite.All", "Group.ReadWrite.All"], roles: ["User Administrator"]) { tenant in
            let user = try await Self.seed(tenant, users: [GraphTests.user("ada")])[0]
            let special: [String: JSONValue] = [
                "isAssignableToRole": true, "members@odata.bind": MemberTests.links([user]),
            ]
            #expect(try await tenant.client.send("POST", "/groups", GraphTests.group("Admins", special)).status == 403)
            let group = try await Self.seed(tenant, groups: [GraphTests.group("Admins", special)])[0]
            #expect(try await tenant.client.send("PATCH", "/groups/\(group)", ["description": "x"]).status == 403)
            #expect(try await tenant.client.send("DELETE", "/groups/\(group)/members/\(user)/$ref").status == 403)
            #expect(try await tenant.client.send("PATCH", "/users/\(user)", ["accountEnabled": false]).status == 403)
        }
    }

    @Test("writes to an object that is synchronized from on premises are refused")
    func synced() async throws {
        try await Self.with(["User.ReadWrite.All", "Group.ReadWrite.All"]) { tenant in
            let ids = try await Self.seed(tenant, users: [GraphTests.user("ada")], groups: [GraphTests.group("G")])
            for id in ids {
                _ = try await tenant.client.control(
                    "POST",
                    "properties",
                    ["id": .string(id), "onPremisesSyncEnabled": true]
                )
            }
            let refused = try await tenant.client.send("PATCH", "/users/\(ids[0])", ["jobTitle": "X"])
            #expect(refused.status == 400)
            #expect(refused.body["error"]?["message"]?.string?.contains("on-premises mastered") == true)
            #expect(try await tenant.client.send("PATCH", "/users/\(ids[0])", ["usageLocation": "DE"]).status == 204)
            #expect(try await tenant.client.send("DELETE", "/users/\(ids[0])").status == 400)
            let link: JSONValue = ["members@odata.bind": MemberTests.links([ids[0]])]
            #expect(try await tenant.client.send("PATCH", "/groups/\(ids[1])", link).status == 400)
        }
    }

    @Test("members that may not be read are shown with id and type only; owners may be service principals")
    func unreadable() async throws {
        try await Self.with(["Group.ReadWrite.All"]) { tenant in
            let user = try await Self.seed(tenant, users: [GraphTests.user("ada")])[0]
            let group = try await tenant.client.make(
                "/groups",
                GraphTests.group("G", ["members@odata.bind": MemberTests.links([user])])
            )
            let member = try #require(try await tenant.client.all("/groups/\(group)/members").first)
            #expect(member["id"]?.string == user)
            #expect(member["@odata.type"] == "#microsoft.graph.user")
            #expect(member["displayName"] == .null)
        }
        try await Self.with(["Group.ReadWrite.All", "Application.Read.All", "User.ReadWrite.All"]) { tenant in
            let principal = try #require(try await tenant.client.all("/servicePrincipals").first?["id"]?.string)
            let group = try await tenant.client.make(
                "/groups",
                GraphTests.group(
                    "G",
                    [
                        "owners@odata.bind": MemberTests.links([principal]),
                        "members@odata.bind": MemberTests.links([principal]),
                    ]
                )
            )
            #expect(try await tenant.client.all("/groups/\(group)/owners").count == 1)
            // A known oddity of v1.0.
            #expect(try await tenant.client.all("/groups/\(group)/members").isEmpty)
        }
    }

    @Test("objects that may not be read are expanded with id and type only")
    func expanded() async throws {
        try await Self.with(["GroupMember.Read.All"]) { tenant in
            let ids = try await Self.seed(tenant, users: [GraphTests.user("ada")], groups: [GraphTests.group("G")])
            _ = try await tenant.client.control("POST", "seed", ["members": [ids[1]: [.string(ids[0])]]])
            let group = try await tenant.client.send("GET", "/groups/\(ids[1])?$expand=members")
            let member = group.body["members"]?.array?.first
            #expect(member?["id"]?.string == ids[0])
            #expect(member?["displayName"] == .null)
        }
    }

    @Test("a former member of a role-assignable group that was deleted is no longer protected")
    func formerRoleGroup() async throws {
        let permissions = ["User.ReadWrite.All", "Group.ReadWrite.All", "RoleManagement.ReadWrite.Directory"]
        try await Self.with(permissions) { tenant in
            let group = GraphTests.group("Roles", ["isAssignableToRole": true])
            let ids = try await Self.seed(tenant, users: [GraphTests.user("ada")], groups: [group])
            _ = try await tenant.client.control("POST", "seed", ["members": [ids[1]: [.string(ids[0])]]])
            #expect(try await tenant.client.send("DELETE", "/users/\(ids[0])").status == 403)
            #expect(try await tenant.client.send("DELETE", "/groups/\(ids[1])").status == 204)
            #expect(try await tenant.client.send("DELETE", "/users/\(ids[0])").status == 204)
        }
    }
}
