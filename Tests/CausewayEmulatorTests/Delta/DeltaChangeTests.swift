import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: delta while things change")
struct DeltaChangeTests {
    /// A tenant with users, and a group that contains them all.
    private static func with(
        users count: Int,
        _ change: (inout TenantSettings) -> Void,
        _ body: @escaping @Sendable (TenantInProcess, [String], String) async throws -> Void
    ) async throws {
        try await TenantInProcess.with(change) { tenant in
            let users = (0..<count).map { GraphTests.user("u\($0)") }
            let made = try await tenant.client.control("POST", "seed", ["users": .array(users)])
            let ids = made.body["ids"]?.array?.compactMap(\.string) ?? []
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            _ = try await tenant.client.control("POST", "seed", ["members": [group: JSONValue(ids)]])
            try await body(tenant, ids, group)
        }
    }

    private static func members(_ values: [JSONValue], removed: Bool = false) -> [String] {
        values.flatMap { $0["members@delta"]?.array ?? [] }.filter { ($0["@removed"] != nil) == removed }
            .compactMap { $0["id"]?.string }
    }

    @Test("members that are removed while a full round is read hide no others")
    func fullRound() async throws {
        try await Self.with(users: 60) {
            $0.deltaMembersPerPage = 20
        } _: { tenant, ids, group in
            let first = try await tenant.client.send("GET", "/groups/delta")
            let seen = Self.members(first.body["value"]?.array ?? [])
            for id in seen.prefix(10) {
                #expect(try await tenant.client.send("DELETE", "/groups/\(group)/members/\(id)/$ref").status == 204)
            }
            let next = try #require(first.body["@odata.nextLink"]?.string)
            let rest = try await DeltaEndpointTests.round(
                tenant.client,
                String(next.dropFirst(tenant.client.graph.count))
            )
            let all = seen + Self.members(rest.values)
            #expect(all.count == ids.count)
            #expect(Set(all) == Set(ids))
        }
    }

    @Test("a user who is deleted and purged right away is reported as removed from their groups too")
    func purged() async throws {
        try await Self.with(users: 3, { _ in }) { tenant, ids, group in
            let link = try await DeltaEndpointTests.round(tenant.client, "/groups/delta").link
            _ = try await tenant.client.send("DELETE", "/users/\(ids[0])")
            _ = try await tenant.client.send("DELETE", "/directory/deletedItems/\(ids[0])")
            let changes = try await DeltaEndpointTests.round(tenant.client, link).values
            #expect(changes.compactMap { $0["id"]?.string } == [group])
            #expect(Self.members(changes, removed: true) == [ids[0]])
        }
    }

    @Test("a restored user is a member again, and a restored group has its members")
    func restored() async throws {
        try await Self.with(users: 3, { _ in }) { tenant, ids, group in
            _ = try await tenant.client.send("DELETE", "/users/\(ids[0])")
            _ = try await tenant.client.send("DELETE", "/groups/\(group)")
            let first = try await DeltaEndpointTests.round(tenant.client, "/groups/delta")
            #expect(first.values.isEmpty)
            _ = try await tenant.client.send("POST", "/directory/deletedItems/\(group)/restore")
            let second = try await DeltaEndpointTests.round(tenant.client, first.link)
            #expect(second.values.first?["displayName"] == "G")
            #expect(Set(Self.members(second.values)) == Set(ids.dropFirst()))
            _ = try await tenant.client.send("POST", "/directory/deletedItems/\(ids[0])/restore")
            let third = try await DeltaEndpointTests.round(tenant.client, second.link)
            #expect(Self.members(third.values) == [ids[0]])
        }
    }

    @Test("a large group is split over pages in a round of changes too, whether it is new or lost its members")
    func split() async throws {
        try await TenantInProcess.with {
            $0.deltaMembersPerPage = 10
        } _: { tenant in
            let link = try await DeltaEndpointTests.round(tenant.client, "/groups/delta").link
            let users = (0..<35).map { GraphTests.user("u\($0)") }
            let made = try await tenant.client.control("POST", "seed", ["users": .array(users)])
            let ids = made.body["ids"]?.array?.compactMap(\.string) ?? []
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            _ = try await tenant.client.control("POST", "seed", ["members": [group: JSONValue(ids)]])
            let new = try await DeltaEndpointTests.round(tenant.client, link)
            #expect(new.pages >= 4)
            #expect(new.values.allSatisfy { $0["members@delta"]?.array?.count ?? 0 <= 10 })
            #expect(Self.members(new.values).count == 35)
            #expect(new.values.contains { $0["displayName"] == "G" })
            for id in ids { _ = try await tenant.client.send("DELETE", "/users/\(id)") }
            let gone = try await DeltaEndpointTests.round(tenant.client, new.link)
            #expect(gone.pages >= 4)
            #expect(Set(Self.members(gone.values, removed: true)) == Set(ids))
        }
    }

    @Test("changes of groups do not fill the pages of users")
    func otherKinds() async throws {
        try await TenantInProcess.with {
            $0.deltaMembersPerPage = 5
        } _: { tenant in
            let link = try await DeltaEndpointTests.round(tenant.client, "/users/delta").link
            let users = (0..<30).map { GraphTests.user("u\($0)") }
            let made = try await tenant.client.control("POST", "seed", ["users": .array(users)])
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            _ = try await tenant.client.control("POST", "seed", ["members": [group: made.body["ids"] ?? []]])
            let changes = try await DeltaEndpointTests.round(tenant.client, link)
            #expect(changes.values.count == 30)
            #expect(changes.pages == 1)
        }
    }

    @Test("an update that changes nothing is not reported")
    func nothing() async throws {
        try await TenantInProcess.with { tenant in
            let id = try await tenant.client.make("/users", GraphTests.user("ada", ["jobTitle": "Boss"]))
            let link = try await DeltaEndpointTests.round(tenant.client, "/users/delta").link
            #expect(try await tenant.client.send("PATCH", "/users/\(id)", ["jobTitle": "Boss"]).status == 204)
            #expect(try await DeltaEndpointTests.round(tenant.client, link).values.isEmpty)
        }
    }

    @Test("after a reset a new round begins, even if the clock is frozen")
    func frozenReset() async throws {
        try await TenantInProcess.with { tenant in
            _ = try await tenant.client.control("POST", "clock", ["frozen": true])
            let link = try await DeltaEndpointTests.round(tenant.client, "/users/delta").link
            _ = try await tenant.client.control("POST", "reset-delta")
            #expect(try await tenant.client.send("GET", link).status == 410)
            let again = try await DeltaEndpointTests.round(tenant.client, "/users/delta").link
            #expect(try await tenant.client.send("GET", again).status == 200)
        }
    }
}
