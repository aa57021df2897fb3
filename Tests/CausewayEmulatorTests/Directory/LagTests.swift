import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: replicas that lag behind")
struct LagTests {
    @Test("a new object is not found and cannot be linked yet, but its name is taken immediately")
    func fresh() async throws {
        try await TenantInProcess.with {
            $0.replicationLag = .fixed(60)
        } _: { tenant in
            tenant.clock.freeze(true)
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            tenant.clock.advance(by: 61)
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            #expect(try await tenant.client.send("GET", "/users/\(user)").status == 404)
            #expect(try await tenant.client.send("PATCH", "/users/\(user)", ["jobTitle": "X"]).status == 404)
            #expect(try await tenant.client.all("/users").isEmpty)
            let bind: JSONValue = ["members@odata.bind": MemberTests.links([user])]
            let refused = try await tenant.client.send("PATCH", "/groups/\(group)", bind)
            #expect(refused.status == 400)
            #expect(
                refused.body["error"]?["message"]?.string?.hasPrefix("The source resource object or one of") == true
            )
            #expect(try await tenant.client.send("POST", "/users", GraphTests.user("ada")).status == 400)
            tenant.clock.advance(by: 61)
            #expect(try await tenant.client.send("GET", "/users/\(user)").status == 200)
            #expect(try await tenant.client.send("PATCH", "/groups/\(group)", bind).status == 204)
            #expect(try await tenant.client.all("/groups/\(group)/members").isEmpty)
            tenant.clock.advance(by: 61)
            #expect(try await tenant.client.all("/groups/\(group)/members").count == 1)
            _ = try await tenant.client.send("DELETE", "/groups/\(group)/members/\(user)/$ref")
            #expect(try await tenant.client.all("/groups/\(group)/members").count == 1)
            tenant.clock.advance(by: 61)
            #expect(try await tenant.client.all("/groups/\(group)/members").isEmpty)
        }
    }

    @Test("changes and deletions are seen late, and later still by advanced queries")
    func changes() async throws {
        try await TenantInProcess.with {
            $0.replicationLag = .fixed(10)
            $0.indexLag = .fixed(100)
        } _: { tenant in
            tenant.clock.freeze(true)
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            tenant.clock.advance(by: 101)
            _ = try await tenant.client.send("PATCH", "/users/\(user)", ["jobTitle": "New"])
            #expect(try await tenant.client.send("GET", "/users/\(user)").body["jobTitle"] == .null)
            tenant.clock.advance(by: 11)
            #expect(try await tenant.client.send("GET", "/users/\(user)").body["jobTitle"] == "New")
            _ = try await tenant.client.send("DELETE", "/users/\(user)")
            let query = "/users?$count=true&$filter=displayName%20ne%20'x'"
            let index = {
                try await tenant.client.send("GET", query, headers: [("ConsistencyLevel", "eventual")]).body["value"]?
                    .array?.count
            }
            tenant.clock.advance(by: 11)
            #expect(try await tenant.client.all("/users").isEmpty)
            #expect(try await index() == 1)
            tenant.clock.advance(by: 100)
            #expect(try await index() == 0)
        }
    }

    @Test("the lag of reads applies to advanced queries and delta too, in addition to their own")
    func oneAfterTheOther() async throws {
        try await TenantInProcess.with {
            $0.replicationLag = .fixed(10)
            $0.deltaLag = .fixed(30)
        } _: { tenant in
            tenant.clock.freeze(true)
            let link = try await DeltaEndpointTests.round(tenant.client, "/users/delta").link
            _ = try await tenant.client.make("/users", GraphTests.user("ada"))
            let query = "/users?$count=true&$filter=displayName%20ne%20'x'"
            let eventual = [("ConsistencyLevel", "eventual")]
            #expect(try await tenant.client.all(query, headers: eventual).isEmpty)
            tenant.clock.advance(by: 11)
            #expect(try await tenant.client.all(query, headers: eventual).count == 1)
            #expect(try await DeltaEndpointTests.round(tenant.client, link).values.isEmpty)
            tenant.clock.advance(by: 30)
            #expect(try await DeltaEndpointTests.round(tenant.client, link).values.count == 1)
        }
    }

    @Test("all reads agree: deleted, restored, renamed and linked objects are seen late everywhere")
    func agreement() async throws {
        try await TenantInProcess.with {
            $0.replicationLag = .fixed(60)
            $0.applications[0].permissions.append("Directory.Read.All")
        } _: { tenant in
            tenant.clock.freeze(true)
            let client = tenant.client
            let made = try await client.control(
                "POST",
                "seed",
                ["users": [GraphTests.user("ada"), GraphTests.user("bob")], "groups": [GraphTests.group("G")]]
            )
            let ids = made.body["ids"]?.array?.compactMap(\.string) ?? []
            let status = { (path: String) in try await client.send("GET", path).status }
            _ = try await client.send("DELETE", "/users/\(ids[0])")
            #expect(try await status("/users/\(ids[0])") == 200)
            #expect(try await status("/users/ada@company.com") == 200)
            #expect(try await client.all("/users").count == 2)
            #expect(try await client.send("DELETE", "/users/\(ids[0])").status == 404)
            tenant.clock.advance(by: 61)
            #expect(try await status("/users/\(ids[0])") == 404)
            #expect(try await client.send("POST", "/directory/deletedItems/\(ids[0])/restore").status == 200)
            #expect(try await status("/users/\(ids[0])") == 404)
            tenant.clock.advance(by: 61)
            #expect(try await status("/users/\(ids[0])") == 200)

            _ = try await client.send("PATCH", "/users/\(ids[1])", ["userPrincipalName": "robert@company.com"])
            #expect(try await status("/users/bob@company.com") == 200)
            #expect(try await status("/users/robert@company.com") == 404)
            let named = "/users?$filter=userPrincipalName%20eq%20"
            #expect(try await client.all(named + "'bob@company.com'").count == 1)
            #expect(try await client.all(named + "'robert@company.com'").isEmpty)

            let bind: JSONValue = ["members@odata.bind": MemberTests.links([ids[0]])]
            #expect(try await client.send("PATCH", "/groups/\(ids[2])", bind).status == 204)
            let groups = { try await client.send("POST", "/users/\(ids[0])/getMemberGroups", [:]).body["value"] }
            #expect(try await client.all("/users/\(ids[0])/memberOf").isEmpty)
            #expect(try await client.all("/users/\(ids[0])/transitiveMemberOf").isEmpty)
            #expect(try await groups() == [])
            let expanded = try await client.send("GET", "/groups/\(ids[2])?$expand=members")
            #expect(expanded.body["members"] == [])
            let fresh = try await client.make("/users", GraphTests.user("fresh"))
            let found = { try await client.send("POST", "/directoryObjects/getByIds", ["ids": [.string(fresh)]]) }
            #expect(try await found().body["value"] == [])
            tenant.clock.advance(by: 61)
            #expect(try await status("/users/robert@company.com") == 200)
            #expect(try await client.all("/users/\(ids[0])/memberOf").count == 1)
            #expect(try await groups() == [.string(ids[2])])
            #expect(try await found().body["value"]?.array?.count == 1)
        }
    }

    @Test("a new group takes no links yet, even if it is addressed by its unique name")
    func freshGroup() async throws {
        try await TenantInProcess.with {
            $0.replicationLag = .fixed(60)
        } _: { tenant in
            tenant.clock.freeze(true)
            let made = try await tenant.client.control("POST", "seed", ["users": [GraphTests.user("ada")]])
            let user = made.body["ids"]?.array?.first?.string ?? ""
            _ = try await tenant.client.make("/groups", GraphTests.group("G", ["uniqueName": "g"]))
            let bind: JSONValue = ["members@odata.bind": MemberTests.links([user])]
            let early = try await tenant.client.send("PATCH", "/groups(uniqueName='g')", bind)
            #expect(early.status == 400)
            tenant.clock.advance(by: 61)
            #expect(try await tenant.client.send("PATCH", "/groups(uniqueName='g')", bind).status == 204)
        }
    }

    @Test("delays spread around their mean, and the same seed gives the same delays")
    func spread() async throws {
        let seen = try await [1, 1].asyncMap { seed in
            try await TenantInProcess.with {
                $0.seed = UInt64(seed)
                $0.replicationLag = .exponential(mean: 30)
            } _: { tenant in
                _ = try await tenant.client.control("POST", "clock", ["frozen": true])
                for number in 0..<40 { _ = try await tenant.client.make("/users", GraphTests.user("u\(number)")) }
                tenant.clock.advance(by: 20)
                return try await tenant.client.all("/users").compactMap { $0["displayName"]?.string }
            }
        }
        #expect(seen[0] == seen[1])
        #expect((5...35).contains(seen[0].count))
    }
}

extension Sequence where Self: Sendable {
    func asyncMap<Value>(_ body: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
