import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: delta queries")
struct DeltaEndpointTests {
    /// Follows a round to its end.
    ///
    /// - Returns: its objects, the number of pages, and the link for the next round.
    static func round(_ client: TenantClient, _ path: String) async throws -> (
        values: [JSONValue], pages: Int, link: String
    ) {
        var values: [JSONValue] = []
        var (pages, next) = (0, path)
        while true {
            let answer = try await client.send("GET", next)
            #expect(answer.status == 200, "\(answer.body)")
            values += answer.body["value"]?.array ?? []
            pages += 1
            if let link = answer.body["@odata.deltaLink"]?.string {
                return (values, pages, String(link.dropFirst(client.graph.count)))
            }
            next = String(try #require(answer.body["@odata.nextLink"]?.string).dropFirst(client.graph.count))
        }
    }

    @Test("a round reports everything, the next one only what changed, with the requested properties")
    func rounds() async throws {
        try await TenantInProcess.with {
            $0.deltaPageSize = 10
        } _: { tenant in
            var ids: [String] = []
            for number in 0..<25 { ids.append(try await tenant.client.make("/users", GraphTests.user("u\(number)"))) }
            let first = try await Self.round(tenant.client, "/users/delta?$select=displayName,department")
            #expect(Set(first.values.compactMap { $0["id"]?.string }) == Set(ids))
            #expect(first.pages == 3)
            #expect(try await Self.round(tenant.client, first.link).values.isEmpty)
            _ = try await tenant.client.send("PATCH", "/users/\(ids[0])", ["department": "R&D"])
            _ = try await tenant.client.send("PATCH", "/users/\(ids[1])", ["city": "Paris"])
            _ = try await tenant.client.send("DELETE", "/users/\(ids[2])")
            _ = try await tenant.client.send("DELETE", "/users/\(ids[3])")
            _ = try await tenant.client.send("DELETE", "/directory/deletedItems/\(ids[3])")
            let new = try await tenant.client.make("/users", GraphTests.user("new"))
            let second = try await Self.round(tenant.client, first.link)
            let byID = Dictionary(second.values.map { ($0["id"]?.string ?? "", $0) }, uniquingKeysWith: { $1 })
            #expect(Set(byID.keys) == [ids[0], ids[2], ids[3], new])
            #expect(byID[ids[0]]?["department"] == "R&D")
            #expect(byID[ids[2]]?["@removed"] == ["reason": "changed"])
            #expect(byID[ids[3]]?["@removed"] == ["reason": "deleted"])
            #expect(try await Self.round(tenant.client, second.link).values.isEmpty)
        }
    }

    @Test("added and removed members are reported, and a large group is spread over pages")
    func members() async throws {
        try await TenantInProcess.with {
            $0.deltaMembersPerPage = 10
        } _: { tenant in
            var ids: [String] = []
            for number in 0..<25 { ids.append(try await tenant.client.make("/users", GraphTests.user("u\(number)"))) }
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            for part in [ids.prefix(20), ids.suffix(5)] {
                let body: JSONValue = ["members@odata.bind": MemberTests.links(part)]
                #expect(try await tenant.client.send("PATCH", "/groups/\(group)", body).status == 204)
            }
            let first = try await Self.round(tenant.client, "/groups/delta?$select=displayName,members")
            #expect(first.pages == 3)
            #expect(first.values.allSatisfy { $0["id"]?.string == group })
            let members = first.values.flatMap { $0["members@delta"]?.array ?? [] }
            #expect(Set(members.compactMap { $0["id"]?.string }) == Set(ids))
            _ = try await tenant.client.send("DELETE", "/groups/\(group)/members/\(ids[0])/$ref")
            _ = try await tenant.client.send("DELETE", "/users/\(ids[1])")
            let second = try await Self.round(tenant.client, first.link)
            let removed = second.values.flatMap { $0["members@delta"]?.array ?? [] }
            #expect(removed.allSatisfy { $0["@removed"] == ["reason": "deleted"] })
            #expect(Set(removed.compactMap { $0["id"]?.string }) == [ids[0], ids[1]])
            let other = try await Self.round(tenant.client, "/groups/delta?$select=displayName")
            #expect(other.values.allSatisfy { $0["members@delta"] == nil })
        }
    }

    @Test("changes of a manager are reported")
    func manager() async throws {
        try await TenantInProcess.with { tenant in
            let ids = [
                try await tenant.client.make("/users", GraphTests.user("one")),
                try await tenant.client.make("/users", GraphTests.user("two")),
            ]
            let link = try await Self.round(tenant.client, "/users/delta?$select=displayName,manager").link
            let body: JSONValue = ["@odata.id": .string("https://graph.microsoft.com/v1.0/users/\(ids[1])")]
            #expect(try await tenant.client.send("PUT", "/users/\(ids[0])/manager/$ref", body).status == 204)
            let changes = try await Self.round(tenant.client, link).values
            #expect(changes.first?["id"]?.string == ids[0])
            #expect(changes.first?["manager@delta"]?.array?.first?["id"]?.string == ids[1])
        }
    }

    @Test("a round can start from now or be limited to ids; other options are refused")
    func options() async throws {
        try await TenantInProcess.with { tenant in
            let id = try await tenant.client.make("/users", GraphTests.user("one"))
            let other = try await tenant.client.make("/users", GraphTests.user("two"))
            let latest = try await Self.round(tenant.client, "/users/delta?$deltatoken=latest")
            #expect(latest.values.isEmpty)
            let one = try await Self.round(tenant.client, "/users/delta?$filter=id%20eq%20'\(id)'")
            #expect(one.values.compactMap { $0["id"]?.string } == [id])
            _ = try await tenant.client.send("PATCH", "/users/\(other)", ["jobTitle": "X"])
            #expect(try await Self.round(tenant.client, one.link).values.isEmpty)
            #expect(try await Self.round(tenant.client, latest.link).values.compactMap { $0["id"]?.string } == [other])
            for option in ["$top=5", "$orderby=displayName", "$expand=members"] {
                #expect(try await tenant.client.send("GET", "/groups/delta?\(option)").status == 400)
            }
        }
    }

    @Test("a token expires after seven days, and a reset makes the client start again", arguments: [400, 410])
    func expiry(status: Int) async throws {
        try await TenantInProcess.with {
            $0.expiredDeltaStatus = status
        } _: { tenant in
            let link = try await Self.round(tenant.client, "/users/delta?$select=displayName").link
            _ = try await tenant.client.control("POST", "reset-delta")
            let reset = try await tenant.client.send("GET", link)
            #expect(reset.status == 410)
            let location = try #require(reset.headers["location"])
            #expect(location.hasSuffix("/users/delta?$select=displayName&$deltatoken="))
            let restarted = try await Self.round(tenant.client, String(location.dropFirst(tenant.client.graph.count)))
            tenant.clock.advance(by: 7 * 86_400 + 1)
            let client = try await TenantClient(tenant.endpoints)
            let expired = try await client.send("GET", restarted.link)
            #expect(expired.status == status)
            #expect(expired.body["error"]?["code"] == "syncStateNotFound")
        }
    }

    @Test("changes may be reported twice or late, but are never lost")
    func replaysAndLag() async throws {
        try await TenantInProcess.with {
            $0.isDeltaReplayed = true
            $0.deltaLag = .fixed(60)
        } _: { tenant in
            let link = try await Self.round(tenant.client, "/users/delta").link
            let id = try await tenant.client.make("/users", GraphTests.user("one"))
            let early = try await Self.round(tenant.client, link)
            #expect(!early.values.contains { $0["id"]?.string == id })
            tenant.clock.advance(by: 61)
            let late = try await Self.round(tenant.client, early.link)
            #expect(late.values.contains { $0["id"]?.string == id })
            let again = try await Self.round(tenant.client, late.link)
            #expect(again.values.contains { $0["id"]?.string == id })
        }
    }
}
