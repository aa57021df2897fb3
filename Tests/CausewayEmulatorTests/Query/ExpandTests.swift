import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// Graph, "Use query parameters to customize responses" (expand), "List manager", "Advanced query capabilities on Microsoft Entra ID
/// objects", known issue 13635.
@Suite("The emulated tenant: expanded relations")
struct ExpandTests {
    private static let eventual = [("ConsistencyLevel", "eventual")]

    /// Four people, each the manager of the one before, the last without one.
    private static func with(
        isStrict: Bool = false,
        _ body: @escaping @Sendable (TenantInProcess, [String]) async throws -> Void
    ) async throws {
        try await TenantInProcess.with {
            $0.areDisputedQueriesAdvanced = isStrict
        } _: { tenant in
            var ids: [String] = []
            for name in ["a", "b", "c", "d"] {
                let user = GraphTests.user(name, ["displayName": .string(name)])
                ids.append(try await tenant.client.make("/users", user))
            }
            for (user, manager) in zip(ids, ids.dropFirst()) { try await appoint(tenant, manager, of: user) }
            try await body(tenant, ids)
        }
    }

    private static func appoint(_ tenant: TenantInProcess, _ manager: String, of user: String) async throws {
        let link: JSONValue = ["@odata.id": .string("\(tenant.client.graph)/users/\(manager)")]
        #expect(try await tenant.client.send("PUT", "/users/\(user)/manager/$ref", link).status == 204)
    }

    /// The names of the managers above each other.
    private static func chain(_ user: JSONValue) -> [String] {
        guard let manager = user["manager"] else { return [] }
        return [manager["displayName"]?.string ?? ""] + chain(manager)
    }

    @Test(
        "managers are expanded up to the requested level",
        arguments: [
            ("manager", ["b"]), ("manager($levels=1)", ["b"]), ("manager($levels=2)", ["b", "c"]),
            ("manager($levels=max)", ["b", "c", "d"]), ("manager($levels=1000)", ["b", "c", "d"]),
            ("manager($levels=max;$select=id,displayName)", ["b", "c", "d"]),
            ("Manager($select=displayName)", ["b"]),
        ]
    )
    func levels(_ expansion: String, _ expected: [String]) async throws {
        try await Self.with { tenant, ids in
            let path = "?$select=id,displayName&$expand=\(expansion)"
            let one = try await tenant.client.send("GET", "/users/\(ids[0])\(path)")
            #expect(Self.chain(one.body) == expected, "\(one.body)")
            // The example of the page.
            let advanced = "/users/\(ids[0])\(path)&$count=true"
            let same = try await tenant.client.send("GET", advanced, headers: Self.eventual)
            #expect(Self.chain(same.body) == expected)
            // "List manager": a chain is shown for a single user, not in a list.
            let list = try await tenant.client.send("GET", "/users\(path)")
            guard expected.count == 1 else {
                #expect(list.status == 400 && list.body["error"]?["code"] == "Request_UnsupportedQuery")
                let words = "Transitive manager's list is only supported on a single user, send the $expand request on"
                #expect(list.body["error"]?["message"]?.string?.hasPrefix(words) == true)
                return
            }
            let first = try #require(list.body["value"]?.array?.first { $0["displayName"] == "a" })
            #expect(Self.chain(first) == expected)
        }
    }

    @Test("a cycle of managers ends where it began")
    func cycle() async throws {
        try await Self.with { tenant, ids in
            try await Self.appoint(tenant, ids[0], of: ids[3])
            let answer = try await tenant.client.send("GET", "/users/\(ids[0])?$expand=manager($levels=max)")
            #expect(Self.chain(answer.body) == ["b", "c", "d"])
        }
    }

    @Test(
        "an invalid expansion is refused",
        arguments: [
            "manager($levels=0)", "manager($levels=1001)", "manager($levels=x)", "memberOf($levels=2)",
            "manager($top=1)", "manager(", "manager,memberOf", "nothing",
        ]
    )
    func refused(_ expansion: String) async throws {
        try await Self.with { tenant, ids in
            for path in ["/users/\(ids[0])", "/users"] {
                let answer = try await tenant.client.send("GET", "\(path)?$expand=\(expansion)")
                #expect(answer.status == 400, "\(expansion)")
            }
        }
    }

    /// Graph, "List manager", the only page with `$levels`: the parameter is for managers.
    @Test("only the relation to managers has levels", arguments: ["memberOf", "directReports", "ownedObjects"])
    func otherLevels(_ relation: String) async throws {
        try await Self.with { tenant, ids in
            for (path, levels) in [("/users/\(ids[0])", "2"), ("/users", "max"), ("/users", "x")] {
                let answer = try await tenant.client.send("GET", "\(path)?$expand=\(relation)($levels=\(levels))")
                #expect(answer.status == 400 && answer.body["error"]?["code"] == "Request_UnsupportedQuery")
                #expect(answer.body["error"]?["message"]?.string?.contains("'$levels' is not supported") == true)
                #expect(answer.body["error"]?["message"]?.string?.contains("'\(relation)'") == true)
            }
        }
    }

    /// An earlier version of "List manager" demands both for `$levels`; a later one and a report do not (microsoft-graph-docs, issue 11886).
    @Test("in the strict setting a chain of managers needs the parameters of an advanced query")
    func strictLevels() async throws {
        try await Self.with(isStrict: true) { tenant, ids in
            let path = "/users/\(ids[0])?$expand=manager($levels=max)"
            let plain = try await tenant.client.send("GET", path)
            #expect(plain.status == 400)
            #expect(try await tenant.client.send("GET", path, headers: Self.eventual).status == 400)
            #expect(try await tenant.client.send("GET", path + "&$count=true", headers: Self.eventual).status == 200)
            #expect(try await tenant.client.send("GET", "/users/\(ids[0])?$expand=manager").status == 200)
        }
    }

    /// Recorded answers: microsoft-graph-docs-contrib, issue 2577; msgraph-sdk-dotnet, issue 2068; learn.microsoft.com, question 1134278.
    @Test("a query with an expansion is no advanced query: no count, no search, fewer operators")
    func notAdvanced() async throws {
        try await Self.with { tenant, _ in
            func answer(_ query: String) async throws -> HTTP.Answer {
                let path = "/users?$expand=manager&$count=true" + query
                return try await tenant.client.send("GET", path, headers: Self.eventual)
            }
            let counted = try await answer("")
            #expect(counted.status == 200 && counted.body["@odata.count"] == nil)
            let search = try await answer("&$search=%22displayName:a%22")
            #expect(search.status == 400)
            #expect(search.body["error"]?["message"]?.string?.contains("'ConsistencyLevel: eventual'") == true)
            #expect(try await answer("&$filter=companyName%20eq%20'x'").status == 400)
            #expect(try await answer("&$filter=displayName%20eq%20'a'").body["value"]?.array?.count == 1)
        }
    }

    @Test("an expansion shows twenty related objects, and a page a hundred objects")
    func limits() async throws {
        try await TenantInProcess.with { tenant in
            let users = (0..<120).map { GraphTests.user("u\($0)") }
            let seeded = try await tenant.client.control("POST", "seed", ["users": .array(users)])
            let ids = seeded.body["ids"]?.array?.compactMap(\.string) ?? []
            let page = try await tenant.client.send("GET", "/users?$expand=manager&$top=999")
            #expect(page.body["value"]?.array?.count == 100)
            #expect(page.body["@odata.nextLink"] != nil)
            let first: [String: JSONValue] = ["members@odata.bind": MemberTests.links(Array(ids.prefix(20)))]
            let group = try await tenant.client.make("/groups", GraphTests.group("G", first))
            let further: JSONValue = ["members@odata.bind": MemberTests.links(Array(ids[20..<30]))]
            #expect(try await tenant.client.send("PATCH", "/groups/\(group)", further).status == 204)
            let shown = try await tenant.client.send("GET", "/groups/\(group)?$expand=members($select=id)")
            #expect(shown.body["members"]?.array?.count == 20)
            #expect(shown.body["members@odata.nextLink"] == nil)
        }
    }

    /// Graph, service principal resource type; "Get servicePrincipal": by id or by appId.
    @Test("a service principal is found by its appId and by its names")
    func servicePrincipals() async throws {
        try await TenantInProcess.with(permissions: ["Application.Read.All"]) { tenant in
            let appID = tenant.endpoints["client_id"]?.string ?? ""
            let one = try await tenant.client.send("GET", "/servicePrincipals(appId='\(appID)')")
            #expect(one.body["appId"]?.string == appID)
            #expect(one.body["servicePrincipalNames"] == [.string(appID)])
            let filter = "servicePrincipalNames/any(n:n%20eq%20'\(appID)')"
            let found = try await tenant.client.all("/servicePrincipals?$filter=\(filter)")
            #expect(found.map { $0["id"] } == [one.body["id"]])
            let other = filter.replacing(appID, with: "x")
            #expect(try await tenant.client.all("/servicePrincipals?$filter=\(other)").isEmpty)
        }
    }
}
