import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: the recycle bin")
struct RecycleBinTests {
    private static let users = "/directory/deletedItems/microsoft.graph.user"
    private static let groups = "/directory/deletedItems/microsoft.graph.group"

    @Test("a deleted user is in the recycle bin under a changed name, and its own name is free immediately")
    func deleted() async throws {
        try await TenantInProcess.with { tenant in
            let id = try await tenant.client.make("/users", GraphTests.user("ada"))
            #expect(try await tenant.client.send("DELETE", "/users/\(id)").status == 204)
            #expect(try await tenant.client.send("DELETE", "/users/\(id)").status == 404)
            #expect(try await tenant.client.send("GET", "/users/\(id)").status == 404)
            let bin = try await tenant.client.all(Self.users)
            #expect(bin.first?["userPrincipalName"]?.string == id.filter { $0 != "-" } + "ada@company.com")
            #expect(bin.first?["deletedDateTime"]?.string != nil)
            let again = try await tenant.client.make("/users", GraphTests.user("ada"))
            #expect(again != id)
            let refused = try await tenant.client.send("POST", "/directory/deletedItems/\(id)/restore")
            #expect(refused.body["error"]?["details"]?.array?.first?["code"] == "ObjectConflict")
            let renamed: JSONValue = ["newUserPrincipalName": "ada2@company.com"]
            let restored = try await tenant.client.send("POST", "/directory/deletedItems/\(id)/restore", renamed)
            #expect(restored.status == 200)
            #expect(restored.body["userPrincipalName"] == "ada2@company.com")
            #expect(try await tenant.client.all(Self.users).isEmpty)
        }
    }

    @Test("a user is restored without an address that is taken, if the request allows it")
    func reconciled() async throws {
        try await TenantInProcess.with { tenant in
            let mail: [String: JSONValue] = ["mail": "a@company.com"]
            let id = try await tenant.client.make("/users", GraphTests.user("one", mail))
            _ = try await tenant.client.send("DELETE", "/users/\(id)")
            _ = try await tenant.client.make("/users", GraphTests.user("two", mail))
            let path = "/directory/deletedItems/\(id)/restore"
            #expect(try await tenant.client.send("POST", path).status == 400)
            let body: JSONValue = ["autoReconcileProxyConflict": true]
            let restored = try await tenant.client.send("POST", path, body)
            #expect(restored.status == 200)
            // The primary address was removed with its entry.
            #expect(restored.body["mail"] == .null)
        }
    }

    @Test(
        "a security group is restored with or without its members, as set; in the recycle bin it is not one",
        arguments: [true, false]
    )
    func groups(areMembersRestored: Bool) async throws {
        try await TenantInProcess.with {
            $0.areMembersRestored = areMembersRestored
        } _: { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let links: [String: JSONValue] = ["members@odata.bind": MemberTests.links([user])]
            let id = try await tenant.client.make("/groups", GraphTests.group("G", links))
            _ = try await tenant.client.send("DELETE", "/groups/\(id)")
            let bin = try await tenant.client.all(Self.groups)
            #expect(bin.first?["securityEnabled"] == false)
            #expect(bin.first?["groupTypes"] == [])
            #expect(try await tenant.client.send("POST", "/directory/deletedItems/\(id)/restore").status == 200)
            let members = try await tenant.client.all("/groups/\(id)/members")
            #expect(members.count == (areMembersRestored ? 1 : 0))
            #expect(try await tenant.client.send("GET", "/groups/\(id)").body["securityEnabled"] == true)
        }
    }

    @Test("a purged object is gone, and so is a deleted one after thirty days")
    func purged() async throws {
        try await TenantInProcess.with { tenant in
            let ids = [
                try await tenant.client.make("/users", GraphTests.user("one")),
                try await tenant.client.make("/users", GraphTests.user("two")),
            ]
            for id in ids { _ = try await tenant.client.send("DELETE", "/users/\(id)") }
            #expect(try await tenant.client.send("DELETE", "/directory/deletedItems/\(ids[0])").status == 204)
            #expect(try await tenant.client.send("GET", "/directory/deletedItems/\(ids[0])").status == 404)
            tenant.clock.advance(by: 30 * 86_400 - 1800)
            let client = try await TenantClient(tenant.endpoints)
            #expect(try await client.send("GET", "/directory/deletedItems/\(ids[1])").status == 200)
            tenant.clock.advance(by: 2400)
            #expect(try await client.send("GET", "/directory/deletedItems/\(ids[1])").status == 404)
        }
    }

    @Test("a deleted user still holds its immutable id if the setting says so", arguments: [true, false])
    func immutableID(isBlocked: Bool) async throws {
        try await TenantInProcess.with {
            $0.isImmutableIDBlocked = isBlocked
        } _: { tenant in
            let held: [String: JSONValue] = ["onPremisesImmutableId": "abc"]
            let id = try await tenant.client.make("/users", GraphTests.user("one", held))
            _ = try await tenant.client.send("DELETE", "/users/\(id)")
            let answer = try await tenant.client.send("POST", "/users", GraphTests.user("two", held))
            #expect(answer.status == (isBlocked ? 400 : 201))
        }
    }
}

extension TenantClient {
    /// Creates an object.
    ///
    /// - Returns: its id.
    func make(_ path: String, _ body: JSONValue) async throws -> String {
        let made = try await send("POST", path, body)
        #expect(made.status == 201, "\(made.body)")
        return made.body["id"]?.string ?? ""
    }
}
