import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: managers, owners, guests and licenses")
struct LinkTests {
    private static func reference(_ id: String) -> JSONValue {
        ["@odata.id": .string("https://graph.microsoft.com/v1.0/directoryObjects/\(id)")]
    }

    @Test("a manager is set, read, expanded, replaced and removed")
    func manager() async throws {
        try await TenantInProcess.with { tenant in
            let ids = [
                try await tenant.client.make("/users", GraphTests.user("one")),
                try await tenant.client.make("/users", GraphTests.user("two")),
            ]
            #expect(try await tenant.client.send("GET", "/users/\(ids[0])/manager").status == 404)
            let bound: [String: JSONValue] = [
                "manager@odata.bind": .string("https://graph.microsoft.com/v1.0/users/\(ids[0])")
            ]
            let third = try await tenant.client.make("/users", GraphTests.user("three", bound))
            #expect(try await tenant.client.send("GET", "/users/\(third)/manager").body["id"]?.string == ids[0])
            #expect(
                try await tenant.client.send("PUT", "/users/\(third)/manager/$ref", Self.reference(ids[1])).status
                    == 204
            )
            let expanded = try await tenant.client.send("GET", "/users/\(third)?$expand=manager")
            #expect(expanded.body["manager"]?["id"]?.string == ids[1])
            let reports = try await tenant.client.all("/users/\(ids[1])/directReports")
            #expect(reports.compactMap { $0["id"]?.string } == [third])
            #expect(try await tenant.client.send("DELETE", "/users/\(third)/manager/$ref").status == 204)
            #expect(try await tenant.client.send("DELETE", "/users/\(third)/manager/$ref").status == 404)
        }
    }

    /// Graph, "List members" of administrative units, "List member references"; only Graph's metadata have the same address for groups;
    /// OData JSON Format 4.01, section 14, and the context of "Entity References".
    @Test(
        "members, owners and managers are listed as references, in pages like the objects",
        arguments: ["v1.0", "beta"]
    )
    func references(_ version: String) async throws {
        try await TenantInProcess.with { tenant in
            let client = tenant.client.version(version)
            var ids: [String] = []
            for name in ["one", "two", "three"] { ids.append(try await client.make("/users", GraphTests.user(name))) }
            let bound: [String: JSONValue] = [
                "members@odata.bind": MemberTests.links(ids), "owners@odata.bind": MemberTests.links([ids[0]]),
            ]
            let group = try await client.make("/groups", GraphTests.group("G", bound))
            func reference(_ id: String) -> JSONValue { .string("\(client.graph)/directoryObjects/\(id)") }
            let path = "/groups/\(group)/members/$ref"
            #expect(try await client.all(path) == ids.map { ["@odata.id": reference($0)] })
            let first = try await client.send("GET", "\(path)?$top=2")
            #expect(first.body["@odata.context"]?.string == "\(client.graph)/$metadata#Collection($ref)")
            #expect(first.body["value"]?.array?.count == 2)
            #expect(first.body["@odata.nextLink"]?.string?.hasPrefix("\(client.graph)\(path)?") == true)
            #expect(try await client.all("\(path)?$top=2") == ids.map { ["@odata.id": reference($0)] })
            #expect(try await client.all("/groups/\(group)/owners/$ref") == [["@odata.id": reference(ids[0])]])
            #expect(try await client.send("GET", "\(path)?$select=id").status == 400)
            #expect(try await client.send("GET", "/users/\(ids[0])/memberOf/$ref").status == 400)
            #expect(try await client.send("GET", "/groups/nothing/members/$ref").status == 404)

            let manager = "/users/\(ids[0])/manager/$ref"
            #expect(try await client.send("GET", manager).status == 404)
            #expect(try await client.send("PUT", manager, Self.reference(ids[1])).status == 204)
            let expected: JSONValue = [
                "@odata.context": .string("\(client.graph)/$metadata#$ref"), "@odata.id": reference(ids[1]),
            ]
            #expect(try await client.send("GET", manager).body == expected)
        }
    }

    @Test("a Microsoft 365 group keeps its last owner, takes only users and has an address")
    func microsoft365() async throws {
        try await TenantInProcess.with { tenant in
            let owner = try await tenant.client.make("/users", GraphTests.user("ada"))
            let kind: [String: JSONValue] = [
                "groupTypes": ["Unified"], "mailEnabled": true, "securityEnabled": false,
                "owners@odata.bind": MemberTests.links([owner]), "mailNickname": "team",
            ]
            let group = try await tenant.client.make("/groups", GraphTests.group("Team", kind))
            #expect(try await tenant.client.send("GET", "/groups/\(group)").body["mail"] == "team@company.com")
            #expect(try await tenant.client.send("DELETE", "/groups/\(group)/owners/\(owner)/$ref").status == 400)
            #expect(try await tenant.client.send("POST", "/groups", GraphTests.group("Other", kind)).status == 400)
            let inner = try await tenant.client.make("/groups", GraphTests.group("Inner"))
            #expect(
                try await tenant.client.send("POST", "/groups/\(group)/members/$ref", Self.reference(inner)).status
                    == 400
            )
            #expect(
                try await tenant.client.send("POST", "/groups/\(inner)/members/$ref", Self.reference(group)).status
                    == 400
            )
        }
    }

    @Test(
        "a group cannot be a member of itself; longer cycles are refused if the setting says so",
        arguments: [true, false]
    )
    func cycles(areRefused: Bool) async throws {
        try await TenantInProcess.with {
            $0.areCyclesRefused = areRefused
        } _: { tenant in
            let one = try await tenant.client.make("/groups", GraphTests.group("One"))
            let two = try await tenant.client.make("/groups", GraphTests.group("Two"))
            #expect(
                try await tenant.client.send("POST", "/groups/\(one)/members/$ref", Self.reference(one)).status == 400
            )
            #expect(
                try await tenant.client.send("POST", "/groups/\(one)/members/$ref", Self.reference(two)).status == 204
            )
            let closing = try await tenant.client.send("POST", "/groups/\(two)/members/$ref", Self.reference(one))
            #expect(closing.status == (areRefused ? 400 : 204))
        }
    }

    @Test("only a user can be a manager, and a user who is synchronized from on premises keeps theirs")
    func wrongManagers() async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("one"))
            let boss = try await tenant.client.make("/users", GraphTests.user("two"))
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            let path = "/users/\(user)/manager/$ref"
            #expect(try await tenant.client.send("PUT", path, Self.reference(group)).status == 400)
            let bound: [String: JSONValue] = [
                "manager@odata.bind": .string("https://graph.microsoft.com/v1.0/directoryObjects/\(group)")
            ]
            #expect(try await tenant.client.send("POST", "/users", GraphTests.user("three", bound)).status == 400)
            let synced: JSONValue = ["id": .string(user), "onPremisesSyncEnabled": true]
            _ = try await tenant.client.control("POST", "properties", synced)
            let refused = try await tenant.client.send("PUT", path, Self.reference(boss))
            #expect(refused.status == 400)
            #expect(refused.body["error"]?["message"]?.string?.contains("on-premises mastered") == true)
        }
    }

    @Test("an owner in the recycle bin does not count as a remaining owner")
    func deletedOwner() async throws {
        try await TenantInProcess.with { tenant in
            let owners = [
                try await tenant.client.make("/users", GraphTests.user("one")),
                try await tenant.client.make("/users", GraphTests.user("two")),
            ]
            let kind: [String: JSONValue] = [
                "groupTypes": ["Unified"], "mailEnabled": true, "owners@odata.bind": MemberTests.links(owners),
            ]
            let group = try await tenant.client.make("/groups", GraphTests.group("Team", kind))
            _ = try await tenant.client.send("DELETE", "/users/\(owners[0])")
            #expect(try await tenant.client.send("DELETE", "/groups/\(group)/owners/\(owners[1])/$ref").status == 400)
        }
    }

    @Test("a license needs a usage location and a free seat, and reaches a group's members later")
    func licenses() async throws {
        let sku = "6fd2c87f-b296-42f0-b197-1e91e994b900"
        try await TenantInProcess.with {
            var subscription = Subscription()
            subscription.seats = 2
            $0.subscriptions = [subscription]
        } _: { tenant in
            tenant.clock.freeze(true)
            let add: JSONValue = ["addLicenses": [["skuId": .string(sku), "disabledPlans": []]], "removeLicenses": []]
            let place: [String: JSONValue] = ["usageLocation": "DE"]
            let bare = try await tenant.client.make("/users", GraphTests.user("bare"))
            #expect(try await tenant.client.send("POST", "/users/\(bare)/assignLicense", add).status == 400)
            var ids: [String] = []
            for number in 0..<3 {
                ids.append(try await tenant.client.make("/users", GraphTests.user("u\(number)", place)))
            }
            #expect(try await tenant.client.send("POST", "/users/\(ids[0])/assignLicense", add).status == 200)
            let group = try await tenant.client.make(
                "/groups",
                GraphTests.group("G", ["members@odata.bind": MemberTests.links(ids[1...2])])
            )
            #expect(try await tenant.client.send("POST", "/groups/\(group)/assignLicense", add).status == 202)
            let skus = try await tenant.client.send("GET", "/subscribedSkus")
            #expect(skus.body["value"]?.array?.first?["consumedUnits"] == 1)
            tenant.clock.advance(by: 2)
            let after = try await tenant.client.send("GET", "/subscribedSkus")
            #expect(after.body["value"]?.array?.first?["consumedUnits"] == 2)
            let states = try await ids[1...2].asyncMap { id in
                try await tenant.client.send("GET", "/users/\(id)?$select=licenseAssignmentStates").body[
                    "licenseAssignmentStates"
                ]?
                .array?.first
            }
            #expect(states.compactMap { $0?["error"]?.string }.sorted() == ["CountViolation", "None"])
            #expect(states.allSatisfy { $0?["assignedByGroup"]?.string == group })
        }
    }

    @Test("a full tenant refuses new objects")
    func quota() async throws {
        try await TenantInProcess.with {
            $0.objectQuota = 2
        } _: { tenant in
            // The application's service principal is an object too.
            _ = try await tenant.client.make("/users", GraphTests.user("one"))
            let refused = try await tenant.client.send("POST", "/users", GraphTests.user("two"))
            #expect(refused.status == 403)
            #expect(refused.body["error"]?["code"] == "Directory_QuotaExceeded")
        }
    }
}
