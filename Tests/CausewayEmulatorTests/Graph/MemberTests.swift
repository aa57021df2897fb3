import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: members")
struct MemberTests {
    /// A tenant with some users and a group.
    private static func with(
        users: Int,
        _ body: @escaping @Sendable (TenantInProcess, [String], String) async throws -> Void
    ) async throws {
        try await TenantInProcess.with { tenant in
            var ids: [String] = []
            for number in 0..<users {
                let made = try await tenant.client.send("POST", "/users", GraphTests.user("u\(number)"))
                ids.append(made.body["id"]?.string ?? "")
            }
            let group = try await tenant.client.send("POST", "/groups", GraphTests.group("G"))
            try await body(tenant, ids, group.body["id"]?.string ?? "")
        }
    }

    static func links(_ ids: some Sequence<String>) -> JSONValue {
        JSONValue(ids.map { "https://graph.microsoft.com/v1.0/directoryObjects/\($0)" })
    }

    @Test("a group is created with up to twenty members; one more is refused")
    func creation() async throws {
        try await Self.with(users: 21) { tenant, ids, _ in
            let many = GraphTests.group("Many", ["members@odata.bind": Self.links(ids)])
            let refused = try await tenant.client.send("POST", "/groups", many)
            #expect(refused.body["error"]?["message"] == "A resource cannot contain more than 20 link changes")
            let some = GraphTests.group("Some", ["members@odata.bind": Self.links(ids.prefix(20))])
            let made = try await tenant.client.send("POST", "/groups", some)
            #expect(made.status == 201)
            let members = try await tenant.client.all("/groups/\(made.body["id"]?.string ?? "")/members?$top=7")
            #expect(Set(members.compactMap { $0["id"]?.string }) == Set(ids.prefix(20)))
            #expect(members.first?["@odata.type"] == "#microsoft.graph.user")
        }
    }

    @Test("members of one request are added all or not at all")
    func allOrNone() async throws {
        try await Self.with(users: 3) { tenant, ids, group in
            let first: JSONValue = ["members@odata.bind": Self.links(ids[0...0])]
            #expect(try await tenant.client.send("PATCH", "/groups/\(group)", first).status == 204)
            let again = try await tenant.client.send(
                "PATCH",
                "/groups/\(group)",
                ["members@odata.bind": Self.links(ids)]
            )
            #expect(again.status == 400)
            #expect(
                again.body["error"]?["message"]?.string?.hasPrefix("One or more added object references already")
                    == true
            )
            let unknown = Self.links([ids[1], "00000000-0000-4000-8000-000000000000"])
            #expect(
                try await tenant.client.send("PATCH", "/groups/\(group)", ["members@odata.bind": unknown]).status == 404
            )
            #expect(try await tenant.client.all("/groups/\(group)/members").count == 1)
        }
    }

    @Test("members are added and removed one by one; a removal without $ref deletes the object itself")
    func oneByOne() async throws {
        try await Self.with(users: 2) { tenant, ids, group in
            let reference: JSONValue = [
                "@odata.id": .string("https://graph.microsoft.com/v1.0/directoryObjects/\(ids[0])")
            ]
            let added = try await tenant.client.send("POST", "/groups/\(group)/members/$ref", reference)
            let again = try await tenant.client.send("POST", "/groups/\(group)/members/$ref", reference)
            #expect(added.status == 204 && again.status == 400)
            let path = "/groups/\(group)/members/\(ids[0])"
            #expect(try await tenant.client.send("DELETE", path + "/$ref").status == 204)
            #expect(try await tenant.client.send("DELETE", path + "/$ref").status == 404)
            // An object that is not a member cannot be deleted through the group.
            #expect(try await tenant.client.send("DELETE", path).status == 404)
            #expect(try await tenant.client.send("POST", "/groups/\(group)/members/$ref", reference).status == 204)
            #expect(try await tenant.client.send("DELETE", path).status == 204)
            #expect(try await tenant.client.send("GET", "/users/\(ids[0])").status == 404)
        }
    }

    @Test("deleted objects disappear with their memberships, and can be restored with them for thirty days")
    func recycleBin() async throws {
        try await Self.with(users: 2) { tenant, ids, group in
            _ = try await tenant.client.send("PATCH", "/groups/\(group)", ["members@odata.bind": Self.links(ids)])
            #expect(try await tenant.client.send("DELETE", "/users/\(ids[0])").status == 204)
            #expect(try await tenant.client.all("/groups/\(group)/members").count == 1)
            let bin = try await tenant.client.all("/directory/deletedItems/microsoft.graph.user")
            #expect(bin.compactMap { $0["id"]?.string } == [ids[0]])
            let restored = try await tenant.client.send("POST", "/directory/deletedItems/\(ids[0])/restore")
            #expect(restored.status == 200)
            #expect(try await tenant.client.all("/groups/\(group)/members").count == 2)
            _ = try await tenant.client.send("DELETE", "/users/\(ids[1])")
            tenant.clock.advance(by: 31 * 86_400)
            let fresh = try await TenantClient(tenant.endpoints)
            #expect(try await fresh.all("/directory/deletedItems/microsoft.graph.user").isEmpty)
        }
    }
}
