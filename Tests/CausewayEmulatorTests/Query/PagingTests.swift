import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: lists with many pages")
struct PagingTests {
    private static let eventual = [("ConsistencyLevel", "eventual")]

    /// A tenant with many users, every second of them a guest, and a group that contains them all.
    private static func with(
        users count: Int,
        _ body: @escaping @Sendable (TenantInProcess, [String], String) async throws -> Void
    ) async throws {
        try await TenantInProcess.with { tenant in
            let users = (0..<count).map { number in
                GraphTests.user("u\(number)", ["userType": number % 2 == 0 ? "Member" : "Guest"])
            }
            let made = try await tenant.client.control("POST", "seed", ["users": .array(users)])
            let ids = made.body["ids"]?.array?.compactMap(\.string) ?? []
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            let linked = try await tenant.client.control("POST", "seed", ["members": [group: JSONValue(ids)]])
            #expect(linked.status == 200, "\(linked.body)")
            try await body(tenant, ids, group)
        }
    }

    /// The ids of a page, and the path of the next.
    private static func page(
        _ tenant: TenantInProcess,
        _ path: String,
        headers: [(String, String)] = []
    ) async throws -> (ids: [String], next: String?) {
        let answer = try await tenant.client.send("GET", path, headers: headers)
        #expect(answer.status == 200, "\(answer.body)")
        let next = answer.body["@odata.nextLink"]?.string
        return (
            (answer.body["value"]?.array ?? []).compactMap { $0["id"]?.string },
            next.map { String($0.dropFirst(tenant.client.graph.count)) }
        )
    }

    @Test(
        "a filtered list has each object once, counted or not, sorted or not",
        arguments: ["", "&$count=true", "&$count=true&$orderby=displayName"]
    )
    func filtered(_ further: String) async throws {
        try await Self.with(users: 450) { tenant, ids, _ in
            let guests = ids.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
            let path = "/users?$filter=userType%20eq%20'Guest'&$top=60" + further
            let found = try await tenant.client.all(path, headers: Self.eventual).compactMap { $0["id"]?.string }
            #expect(found.count == guests.count)
            #expect(Set(found) == Set(guests))
        }
    }

    @Test("a count covers what matches the query, and is on the first page only")
    func counts() async throws {
        try await Self.with(users: 150) { tenant, _, group in
            let queries = [
                ("/users?$count=true&$filter=userType%20eq%20'Guest'", Int64(75)),
                ("/users?$count=true&$search=%22displayName:u7%22", 11),
                ("/groups/\(group)/members?$count=true&$filter=userType%20eq%20'Guest'", 75),
                ("/users?$count=true", 150),
            ]
            for (query, count) in queries {
                let first = try await tenant.client.send("GET", query, headers: Self.eventual)
                #expect(first.body["@odata.count"]?.integer == count, "\(query)")
                guard let next = first.body["@odata.nextLink"]?.string else { continue }
                let path = String(next.dropFirst(tenant.client.graph.count))
                let second = try await tenant.client.send("GET", path, headers: Self.eventual)
                #expect(second.body["@odata.count"] == nil)
            }
        }
    }

    @Test("members that are removed between pages hide no others")
    func shrinkingGroup() async throws {
        try await Self.with(users: 150) { tenant, ids, group in
            let first = try await Self.page(tenant, "/groups/\(group)/members?$top=50")
            for id in first.ids.prefix(25) {
                #expect(try await tenant.client.send("DELETE", "/groups/\(group)/members/\(id)/$ref").status == 204)
            }
            let rest = try await tenant.client.all(try #require(first.next)).compactMap { $0["id"]?.string }
            #expect(Set(first.ids + rest) == Set(ids))
            #expect(first.ids.count + rest.count == ids.count)
        }
    }

    @Test("deleted objects that are purged or restored between pages hide no others")
    func shrinkingBin() async throws {
        try await Self.with(users: 120) { tenant, ids, _ in
            for id in ids { _ = try await tenant.client.send("DELETE", "/users/\(id)") }
            let path = "/directory/deletedItems/"
            let first = try await Self.page(tenant, path + "microsoft.graph.user?$top=40")
            _ = try await tenant.client.send("DELETE", path + first.ids[0])
            _ = try await tenant.client.send("POST", path + first.ids[1] + "/restore")
            let rest = try await tenant.client.all(try #require(first.next)).compactMap { $0["id"]?.string }
            #expect(Set(first.ids + rest) == Set(ids))
        }
    }

    @Test("a sorted list keeps its order while it is read")
    func sorted() async throws {
        try await Self.with(users: 60) { tenant, ids, _ in
            let first = try await Self.page(tenant, "/users?$orderby=displayName&$top=20")
            _ = try await tenant.client.make("/users", GraphTests.user("aaa", ["displayName": "AAA"]))
            _ = try await tenant.client.send("PATCH", "/users/\(first.ids[0])", ["displayName": "ZZZ"])
            var seen = first.ids
            var next = first.next
            while let path = next {
                let page = try await Self.page(tenant, path)
                seen += page.ids
                next = page.next
            }
            #expect(seen.count == ids.count)
            #expect(Set(seen) == Set(ids))
        }
    }

    @Test("deleted objects are sorted by the time of their deletion, in advanced queries only")
    func deletionOrder() async throws {
        try await Self.with(users: 3) { tenant, ids, _ in
            for id in ids.reversed() {
                _ = try await tenant.client.send("DELETE", "/users/\(id)")
                tenant.clock.advance(by: 60)
            }
            let path = "/directory/deletedItems/microsoft.graph.user?$orderby=deletedDateTime"
            #expect(try await tenant.client.send("GET", path).status == 400)
            let sorted = try await Self.page(tenant, path + "&$count=true", headers: Self.eventual)
            #expect(sorted.ids == ids.reversed())
        }
    }

    @Test("objects are found by their current values, indexed or not")
    func lookups() async throws {
        try await Self.with(users: 30) { tenant, ids, _ in
            let mail: JSONValue = ["mail": "new@company.com", "displayName": "New Name", "employeeId": "E7"]
            #expect(try await tenant.client.send("PATCH", "/users/\(ids[7])", mail).status == 204)
            let filters = [
                "id%20eq%20'\(ids[7])'", "id%20in%20('\(ids[7])','nobody')", "mail%20eq%20'NEW@company.com'",
                "displayName%20eq%20'new%20name'", "mailNickname%20eq%20'u7'", "employeeId%20eq%20'E7'",
                "userPrincipalName%20in%20('u7@company.com','nobody@company.com')",
                "proxyAddresses/any(p:p%20eq%20'smtp:new@company.com')",
                "displayName%20eq%20'New%20Name'%20and%20accountEnabled%20eq%20true",
                "employeeId%20eq%20'E7'%20or%20mail%20eq%20'nobody@company.com'",
            ]
            for filter in filters {
                let page = try await Self.page(tenant, "/users?$filter=\(filter)")
                #expect(page.ids == [ids[7]], "\(filter)")
            }
            let former = try await Self.page(tenant, "/users?$filter=displayName%20eq%20'Person%20u7'")
            #expect(former.ids.isEmpty)
        }
    }

    @Test("signInActivity, which is read from outside the directory, has smaller pages")
    func signInActivity() async throws {
        try await TenantInProcess.with { tenant in
            let path = "/users?$select=id,signInActivity&$top="
            let (most, more) = try await (
                tenant.client.send("GET", path + "500").status, tenant.client.send("GET", path + "501").status
            )
            #expect((most, more) == (200, 400))
        }
    }
}
