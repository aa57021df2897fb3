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
        "filters find what they say",
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
            let plain = try await tenant.client.send("GET", "/users?$filter=\(Self.escaped(filter))&$count=true")
            #expect(plain.status == 400)
            #expect(plain.body["error"]?["code"] == "Request_UnsupportedQuery")
        }
    }

    @Test(
        "what is not documented is refused",
        arguments: [
            "$filter=aboutMe eq 'x'", "$filter=nothing eq 'x'", "$filter=displayName eq",
            "$filter=endsWith(department,'x')",
            "$orderby=department", "$skip=5", "$nothing=1", "$select=nothing", "$top=0", "$search=\"displayName:x\"",
            "$count=true", "$expand=nothing",
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

    @Test("search looks for words, order sorts, count counts")
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
            #expect(try await tenant.client.send("GET", "/users/$count").status == 400)
        }
    }

    @Test("links are expanded twenty at most, cast and counted")
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
            #expect(try await tenant.client.send("GET", cast).status == 400)
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

    @Test("a page link ends after a while, and a damaged one is refused")
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
