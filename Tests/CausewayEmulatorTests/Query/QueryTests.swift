import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The emulated tenant: queries")
struct QueryTests {
    private static let eventual = [("ConsistencyLevel", "eventual")]

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private static func with(_ body: @escaping @Sendable (TenantInProcess) async throws -> Void) async throws {
        try await TenantInProcess.with { tenant in
            let people: [(String, [String: JSONValue])] = [
                ("ada", ["displayName": "Ada Lovelace", "department": "Maths", "mail": "ada@company.com"]),
                ("alan", ["displayName": "Alan Turing", "department": "Maths", "accountEnabled": false]),
                ("grace", ["displayName": "Grace Hopper", "department": "Navy", "otherMails": ["g@navy.example"]]),
                ("linus", ["displayName": "Linus T", "userType": "Guest"]),
            ]
            for (name, further) in people { _ = try await tenant.client.make("/users", GraphTests.user(name, further)) }
            try await body(tenant)
        }
    }

    private static func names(_ tenant: TenantInProcess, _ query: String, isAdvanced: Bool) async throws -> [String] {
        let path = "/users?\(query)" + (isAdvanced ? "&$count=true" : "")
        let answer = try await tenant.client.send("GET", path, headers: isAdvanced ? eventual : [])
        #expect(answer.status == 200, "\(query): \(answer.body)")
        return (answer.body["value"]?.array ?? []).compactMap { $0["displayName"]?.string?.split(separator: " ").first }
            .map(String.init)
    }

    @Test(
        "filters find the objects that match",
        arguments: [
            ("department eq 'maths'", false, ["Ada", "Alan"]), ("startsWith(displayName,'gr')", false, ["Grace"]),
            ("displayName in ('Ada Lovelace','Linus T')", false, ["Ada", "Linus"]),
            ("accountEnabled eq false", false, ["Alan"]),
            ("department eq 'Navy' or userType eq 'Guest'", false, ["Grace", "Linus"]),
            ("department eq 'Maths' and accountEnabled eq true", false, ["Ada"]),
            ("otherMails/any(m:m eq 'g@navy.example')", false, ["Grace"]),
            ("userPrincipalName eq 'ADA@company.com'", false, ["Ada"]),
            ("department ne 'Maths'", true, ["Grace", "Linus"]),
            ("not(department eq 'Maths')", true, ["Grace", "Linus"]), ("endsWith(mail,'@company.com')", true, ["Ada"]),
            ("department eq null", true, ["Linus"]), ("displayName ge 'G'", false, ["Grace", "Linus"]),
            ("createdDateTime ge 2020-01-01T00:00:00Z", false, ["Ada", "Alan", "Grace", "Linus"]),
            ("createdDateTime ge 2020-01-01T00:00:00.5+02:00", false, ["Ada", "Alan", "Grace", "Linus"]),
            ("createdDateTime le 2020-01-01T00:00:00Z", false, []),
            ("assignedLicenses/$count eq 0", true, ["Ada", "Alan", "Grace", "Linus"]),
        ] as [(String, Bool, [String])]
    )
    func filters(_ filter: String, _ isAdvanced: Bool, _ expected: [String]) async throws {
        try await Self.with { tenant in
            #expect(try await Self.names(tenant, "$filter=\(Self.escaped(filter))", isAdvanced: isAdvanced) == expected)
            guard isAdvanced else { return }
            // Neither the header nor the count is enough (Graph, "Advanced query capabilities").
            for (count, headers) in [("&$count=true", []), ("", Self.eventual)] {
                let path = "/users?$filter=\(Self.escaped(filter))\(count)"
                let plain = try await tenant.client.send("GET", path, headers: headers)
                #expect(plain.status == 400)
                #expect(plain.body["error"]?["code"] == "Request_UnsupportedQuery")
                #expect(plain.body["error"]?["message"]?.string?.contains("Try adding $count=true") == true)
            }
        }
    }

    /// Graph, "Advanced query capabilities on Microsoft Entra ID objects", error handling.
    @Test("an advanced query without the header is refused with Graph's message; a count is only left out")
    func missingHeader() async throws {
        try await Self.with { tenant in
            let counted = try await tenant.client.send("GET", "/users?$count=true")
            #expect(counted.status == 200 && counted.body["@odata.count"] == nil)
            let count = try await tenant.client.send("GET", "/users/$count")
            #expect(count.status == 400 && count.body["error"]?["code"] == "Request_BadRequest")
            #expect(count.body["error"]?["message"] == "$count is not currently supported.")
            let search = try await tenant.client.send("GET", "/users?$search=%22displayName:ada%22")
            #expect(search.status == 400 && search.body["error"]?["code"] == "Request_UnsupportedQuery")
            #expect(search.body["error"]?["message"]?.string?.contains("'ConsistencyLevel: eventual'") == true)
            let sorted = try await tenant.client.send(
                "GET",
                "/users?$filter=department%20eq%20'Maths'&$orderby=displayName"
            )
            #expect(sorted.status == 400)
            #expect(sorted.body["error"]?["message"] == "Sorting not supported for current query.")
        }
    }

    /// OData 4.01, 5.1: "services should also support case-insensitive system query option names".
    @Test("names of options and properties are accepted in any letter case, and answered in the documented one")
    func anyCase() async throws {
        try await Self.with { tenant in
            let answer = try await tenant.client.send(
                "GET",
                "/users?$Select=DISPLAYNAME,department&$FILTER=Department%20EQ%20'maths'%20AND%20accountenabled%20eq%20true"
            )
            let found = answer.body["value"]?.array ?? []
            #expect(found.map { [$0["displayName"], $0["department"]] } == [["Ada Lovelace", "Maths"]])
            #expect(
                try await Self.names(tenant, "$orderBy=displayname%20DESC", isAdvanced: false) == [
                    "Linus", "Grace", "Alan", "Ada",
                ]
            )
        }
    }

    /// Graph, "Use the $search query parameter", directory objects: the examples of the page.
    @Test(
        "search splits texts at blanks, capital letters, numbers and symbols",
        arguments: [
            ("hello world", "world", true), ("HelloWorld", "world", true), ("helloWORLD", "world", true),
            ("HELLOworld", "world", false), ("HelloWORld", "world", true), ("hello.world", "world", true),
            ("hello.world", "helloworld", true), ("hello-world", "helloworld", true), ("hello123world", "123", true),
            ("hello123world", "world", true), ("李四(David Li)", "李四(David Li)", true), ("李四(David Li)", "李四", true),
            ("李四(David Li)", "david", true), ("李四(David Li)", "David)", true), ("李四(David Li)", "(李四", true),
            ("李四(David Li)", "Li 李", true), ("One big video", "OneVideo", true), ("Onevideo", "OneVideo", false),
            ("hello world", "orld", false), ("Say \"hi\"", #"\"hi\""#, true), (#"a\b"#, #"a\\b"#, true),
        ]
    )
    func searchWords(_ name: String, _ wanted: String, _ isFound: Bool) async throws {
        try await TenantInProcess.with { tenant in
            _ = try await tenant.client.make("/groups", GraphTests.group(name))
            let path = "/groups?$search=\(Self.escaped("\"displayName:\(wanted)\""))"
            let answer = try await tenant.client.send("GET", path, headers: Self.eventual)
            #expect(answer.status == 200, "\(answer.body)")
            #expect(answer.body["value"]?.array?.isEmpty == !isFound)
        }
    }

    @Test("search finds other properties by their beginning, and can be combined with $filter")
    func searchBeginnings() async throws {
        try await Self.with { tenant in
            let cases: [(search: String, further: String, expected: [String])] = [
                (#""mail:ADA@""#, "", ["Ada"]), (#""mail:company""#, "", []),
                (#""department:math""#, "", ["Ada", "Alan"]),
                (#""DisplayName:al" AND ("department:math" OR "mail:x")"#, "", ["Alan"]),
                (#""department:math""#, "&$filter=accountEnabled%20eq%20true", ["Ada"]),
            ]
            for (search, further, expected) in cases {
                let query = "$search=\(Self.escaped(search))\(further)"
                let found = try await Self.names(tenant, query, isAdvanced: true)
                #expect(found == expected, "\(search)")
            }
        }
    }

    @Test(
        "undocumented queries are refused",
        arguments: [
            "$filter=aboutMe eq 'x'", "$filter=nothing eq 'x'", "$filter=displayName eq",
            "$filter=endsWith(department,'x')",
            "$orderby=department", "$skip=5", "$nothing=1", "$select=nothing", "$top=0", "$search=\"displayName:x\"",
            "$expand=nothing",
            "$filter=displayName in ('1','2','3','4','5','6','7','8','9','10','11','12','13','14','15','16')",
        ]
    )
    func refused(_ query: String) async throws {
        try await Self.with { tenant in
            let parts = query.split(separator: "=", maxSplits: 1)
            let answer = try await tenant.client.send("GET", "/users?\(parts[0])=\(Self.escaped(String(parts[1])))")
            #expect(answer.status == 400)
        }
    }

    @Test("$search finds words, $orderby sorts and $count counts")
    func searchOrderCount() async throws {
        try await Self.with { tenant in
            let search = Self.escaped("\"displayName:love\" OR \"displayName:hop\"")
            #expect(try await Self.names(tenant, "$search=\(search)", isAdvanced: true) == ["Ada", "Grace"])
            #expect(
                try await Self.names(tenant, "$orderby=displayName%20desc", isAdvanced: false) == [
                    "Linus", "Grace", "Alan", "Ada",
                ]
            )
            let paged = try await tenant.client.send(
                "GET",
                "/users?$orderby=displayName&$top=3&$count=true",
                headers: Self.eventual
            )
            #expect(paged.body["@odata.count"] == 4)
            #expect(paged.body["value"]?.array?.count == 3)
            let count = try await tenant.client.send("GET", "/users/$count", headers: Self.eventual)
            #expect(count.body == 4)
        }
    }

    @Test("links are expanded, cast and counted")
    func links() async throws {
        try await Self.with { tenant in
            let ids = try await tenant.client.all("/users?$select=id").compactMap { $0["id"]?.string }
            let group = try await tenant.client.make(
                "/groups",
                GraphTests.group("G", ["members@odata.bind": MemberTests.links(ids)])
            )
            let expanded = try await tenant.client.send("GET", "/groups/\(group)?$expand=members($select=id)")
            #expect(expanded.body["members"]?.array?.count == 4)
            let cast = "/groups/\(group)/members/microsoft.graph.user?$count=true"
            #expect(try await tenant.client.send("GET", cast).status == 400, "a cast needs the header")
            let users = try await tenant.client.send("GET", cast, headers: Self.eventual)
            #expect(users.body["value"]?.array?.count == 4)
            let count = try await tenant.client.send("GET", "/groups/\(group)/members/$count", headers: Self.eventual)
            #expect(count.body == 4)
            let groups = try await tenant.client.send(
                "POST",
                "/users/\(ids[0])/getMemberGroups",
                ["securityEnabledOnly": true]
            )
            #expect(groups.body["value"] == [.string(group)])
        }
    }

    @Test("a page link expires, and a damaged one is refused")
    func pageTokens() async throws {
        try await Self.with { tenant in
            let first = try await tenant.client.send("GET", "/users?$top=2")
            let next = String(try #require(first.body["@odata.nextLink"]?.string).dropFirst(tenant.client.graph.count))
            #expect(try await tenant.client.send("GET", next).status == 200)
            #expect(try await tenant.client.send("GET", "/users?$skiptoken=nonsense").status == 400)
            tenant.clock.advance(by: 1000)
            let late = try await tenant.client.send("GET", next)
            #expect(late.status == 400)
            #expect(late.body["error"]?["code"] == "Directory_ExpiredPageToken")
        }
    }
}
