import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("The emulated tenant: input of any size and shape")
struct InputLimitTests {
    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private static func text(_ piece: String, _ count: Int) -> String { String(repeating: piece, count: count) }

    @Test(
        "queries that are too long or too deep are refused",
        arguments: [
            "$filter=" + text("(", 20_000) + "accountEnabled eq true" + text(")", 20_000),
            "$filter=" + text("not ", 20_000) + "accountEnabled eq true",
            "$filter=id eq 'a'" + text(" or id eq 'a'", 20_000),
            "$filter=" + text("otherMails/any(a:", 20_000) + "a eq 'x'" + text(")", 20_000),
            "$search=" + text("(", 20_000) + "\"displayName:a\"" + text(")", 20_000),
            "$search=\"displayName:a\"" + text(" AND \"displayName:a\"", 20_000),
        ]
    )
    func deep(_ query: String) async throws {
        let parts = query.split(separator: "=", maxSplits: 1).map(String.init)
        try await TenantInProcess.with { tenant in
            for path in ["/users", "/users/delta"] where path == "/users" || parts[0] == "$filter" {
                let call: JSONValue = [
                    "id": "1", "method": "GET", "url": .string("\(path)?\(parts[0])=\(Self.escaped(parts[1]))"),
                    "headers": ["ConsistencyLevel": "eventual"],
                ]
                let answer = try await tenant.client.send("POST", "/$batch", ["requests": [call]])
                #expect(answer.body["responses"]?.array?.first?["status"] == 400)
            }
            let short = "/users?$filter=" + Self.escaped("((id eq 'a') or not(id eq 'b'))") + "&$count=true"
            let answer = try await tenant.client.send("GET", short, headers: [("ConsistencyLevel", "eventual")])
            #expect(answer.status == 200)
        }
    }

    @Test(
        "a made-up page token is answered normally or refused",
        arguments: [
            #"{"p":9223372036854775807,"t":1e12}"#, #"{"p":5000000000,"l":9223372036854775807,"t":1e12}"#,
            #"{"p":-1,"t":1e12}"#, #"{"p":1e300,"t":1}"#, "[]", "",
        ]
    )
    func pageTokens(_ json: String) async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let token = Self.escaped(Data(json.utf8).base64EncodedString())
            let paths = [
                "/users?$skiptoken=", "/users?$orderby=displayName&$skiptoken=", "/users/\(user)/memberOf?$skiptoken=",
                "/directory/deletedItems/microsoft.graph.user?$skiptoken=",
            ]
            for path in paths {
                let status = try await tenant.client.send("GET", path + token).status
                #expect(status == 200 || status == 400)
            }
        }
    }

    @Test("a changed delta token, or one of an earlier tenant, makes the client start again")
    func deltaTokens() async throws {
        let old = try await TenantInProcess.with { tenant in
            for number in 0..<5 { _ = try await tenant.client.make("/users", GraphTests.user("u\(number)")) }
            return try await DeltaEndpointTests.round(tenant.client, "/users/delta").link
        }
        try await TenantInProcess.with { tenant in
            #expect(try await tenant.client.send("GET", old).status == 410)
            let link = try await DeltaEndpointTests.round(tenant.client, "/users/delta").link
            let parts = link.split(separator: "=", maxSplits: 1).map(String.init)
            let base64 = parts[1].replacing("-", with: "+").replacing("_", with: "/")
            let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
            let token = try JSONValue(parsing: try #require(Data(base64Encoded: padded)))
            for name in ["e", "f", "n"] {
                for phase: JSONValue in ["full", "changes", "link"] {
                    let changes: [String: JSONValue] = [name: .integer(.max), "h": phase, "l": [0, .integer(.max)]]
                    let forged = JSONValue.object((token.object ?? [:]).merging(changes) { $1 })
                    let text = Self.escaped(Data(forged.text.utf8).base64EncodedString())
                    let answer = try await tenant.client.send("GET", "\(parts[0])=\(text)")
                    #expect(answer.status == 410, "\(forged)")
                }
            }
            #expect(try await tenant.client.send("GET", link).status == 200)
        }
    }

    @Test(
        "the refusal of a setting or control out of range names it",
        arguments: [
            ("PATCH", "settings", ["expired_delta_status": 5000]),
            ("PATCH", "settings", ["throttled_batch_status": 99]),
            ("PATCH", "settings", ["delta_page_size": 0]), ("PATCH", "settings", ["delta_members_per_page": 0]),
            ("PATCH", "settings", ["token_lifetime": .integer(.max)]),
            ("PATCH", "settings", ["login_clock_skew": 1e300]),
            ("PATCH", "settings", ["page_token_lifetime": -1]), ("PATCH", "settings", ["throttle_speed": 0]),
            ("PATCH", "settings", ["group_licence_delay": 1e300]), ("PATCH", "settings", ["replication_lag": 1e300]),
            ("PUT", "faults", [["kind": "slow", "seconds": 1e300]]), ("PUT", "faults", [["kind": "slow", "rate": 2]]),
            ("POST", "clock", ["advance_seconds": 1e300]), ("POST", "clock", ["frozen": "yes"]),
            ("POST", "clock", ["now": 5]), ("POST", "seed", ["nonsense": []]),
            ("POST", "tenants", ["id": "../../outside"]), ("POST", "tenants", ["id": "x"]),
        ] as [(String, String, JSONValue)]
    )
    func ranges(_ method: String, _ path: String, _ body: JSONValue) async throws {
        try await TenantInProcess.with { tenant in
            let answer = try await tenant.client.control(method, path, body)
            #expect(answer.status == 400)
            #expect(answer.body["error"]?["message"]?.string?.isEmpty == false)
            #expect(try await tenant.client.send("GET", "/users").status == 200)
        }
    }

    @Test("a request that is too large is refused in Graph's form")
    func tooLarge() async throws {
        try await TenantInProcess.with { tenant in
            let body: JSONValue = ["displayName": .string(Self.text("x", 5 << 20))]
            let answer = try await tenant.client.send("POST", "/users", body)
            #expect(answer.status == 413)
            #expect(answer.body["error"]?["innerError"]?["request-id"]?.string?.count == 36)
        }
    }

    @Test("tenants with an invalid id, or with the same id, do not start")
    func ids() async throws {
        await #expect(throws: EmulatorError.self) {
            try await TenantInProcess.with {
                $0.id = "../x"
            } _: { _ in
            }
        }
        await #expect(throws: EmulatorError.self) {
            var site = EmulatorSettings()
            site.tenants += site.tenants
            try await TenantInProcess.with(site: site) { _ in }
        }
    }
}
