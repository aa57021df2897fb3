import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: sign-in, lists, batches, limits")
struct ProtocolTests {
    @Test(
        "sign-in errors have Microsoft's numbers",
        arguments: [
            ("client_secret", "wrong", 401, 7_000_215), ("client_id", "unknown", 400, 700_016),
            ("scope", "User.Read", 400, 1_002_012),
            ("scope", "https://graph.microsoft.com/User.Read", 400, 1_002_012),
            ("scope", "nonsense/.default", 400, 70_011), ("scope", "https://vault.example/.default", 400, 500_011),
            ("client_secret", "", 400, 900_144),
        ]
    )
    func login(_ field: String, _ value: String, _ status: Int, _ number: Int64) async throws {
        try await TenantInProcess.with { tenant in
            var fields = [
                "grant_type": "client_credentials", "client_id": tenant.endpoints["client_id"]?.string ?? "",
                "client_secret": "emulated-secret-value", "scope": "https://graph.microsoft.com/.default",
            ]
            fields[field] = value
            let url = "\(tenant.endpoints["login_endpoint"]?.string ?? "")/company.com/oauth2/v2.0/token"
            let answer = try await HTTP.send("POST", url, form: fields.map { "\($0)=\($1)" }.joined(separator: "&"))
            #expect(answer.status == status)
            #expect(answer.body["error_codes"] == [.integer(number)])
        }
    }

    @Test("a request without a valid token is refused")
    func tokens() async throws {
        try await TenantInProcess.with { tenant in
            let bare = try await HTTP.send("GET", tenant.client.graph + "/users")
            #expect(bare.status == 401)
            #expect(bare.body["error"]?["code"] == "InvalidAuthenticationToken")
            #expect(bare.headers["www-authenticate"] != nil)
            #expect(try await tenant.client.send("GET", "/users").status == 200)
            tenant.clock.advance(by: 3600)
            #expect(try await tenant.client.send("GET", "/users").status == 401)
        }
    }

    @Test("a request without the granted permission is refused")
    func permissions() async throws {
        try await TenantInProcess.with {
            $0.applications[0].permissions = ["User.Read.All"]
        } _: { tenant in
            #expect(try await tenant.client.send("GET", "/users").status == 200)
            let refused = try await tenant.client.send("POST", "/users", GraphTests.user("ada"))
            #expect(refused.status == 403)
            #expect(refused.body["error"]?["code"] == "Authorization_RequestDenied")
        }
    }

    @Test("pages list everything once; page sizes and advanced queries have their limits")
    func paging() async throws {
        try await TenantInProcess.with { tenant in
            let users = (0..<250).map { GraphTests.user("u\($0)") }
            _ = try await HTTP.send("POST", "\(tenant.client.control)/seed", body: ["users": .array(users)])
            for path in ["/users", "/users?$top=7", "/users?$top=999&$select=id"] {
                let ids = try await tenant.client.all(path).compactMap { $0["id"]?.string }
                #expect(ids.count == 250)
                #expect(Set(ids).count == 250)
            }
            #expect(try await tenant.client.send("GET", "/users?$top=1000").status == 400)
            let starting = try await tenant.client.all("/users?$filter=startswith(displayName,'Person%20u24')")
            #expect(starting.count == 11)
            #expect(try await tenant.client.all("/users?$filter=userPrincipalName%20eq%20'U7@company.com'").count == 1)
            let advanced = "/users?$filter=endswith(userPrincipalName,'9@company.com')&$count=true"
            #expect(try await tenant.client.send("GET", advanced).status == 400)
            let eventual = try await tenant.client.send("GET", advanced, headers: [("ConsistencyLevel", "eventual")])
            #expect(eventual.body["value"]?.array?.count == 25)
            #expect(eventual.body["@odata.count"] == 25)
        }
    }

    @Test("a batch answers each call by its id, in another order, and follows dependencies")
    func batches() async throws {
        try await TenantInProcess.with { tenant in
            func entry(_ id: Int, _ body: JSONValue, after: [String] = []) -> JSONValue {
                [
                    "id": .string("\(id)"), "method": "POST", "url": "/users", "body": body,
                    "headers": ["Content-Type": "application/json"], "dependsOn": JSONValue(after),
                ]
            }
            var entries = (1...18).map { entry($0, GraphTests.user("b\($0)")) }
            entries.append(entry(19, GraphTests.user("x", ["displayName": .null])))
            entries.append(entry(20, GraphTests.user("y"), after: ["19"]))
            let answer = try await tenant.client.send("POST", "/$batch", ["requests": .array(entries)])
            let responses = answer.body["responses"]?.array ?? []
            let ids = responses.compactMap { $0["id"]?.string }
            #expect(Set(ids) == Set((1...20).map(String.init)))
            #expect(ids != (1...20).map(String.init))
            let statuses = Dictionary(
                responses.map { ($0["id"]?.string ?? "", $0["status"]?.integer ?? 0) },
                uniquingKeysWith: { $1 }
            )
            #expect(statuses["1"] == 201 && statuses["19"] == 400 && statuses["20"] == 424)
            entries.append(entry(21, GraphTests.user("z")))
            #expect(try await tenant.client.send("POST", "/$batch", ["requests": .array(entries)]).status == 400)
            let counters = try await tenant.client.counters()
            #expect(counters["batches"] == 2)
            #expect(counters["operations"]?["POST /users 201"] == 18)
        }
    }

    @Test("the calls of a batch are executed in any order that their dependencies allow")
    func batchOrder() async throws {
        try await TenantInProcess.with { tenant in
            func entry(_ id: Int, after: [Int] = []) -> JSONValue {
                [
                    "id": .string("\(id)"), "method": "GET", "url": .string("/users/\(id)"),
                    "dependsOn": JSONValue(after.map { "\($0)" }),
                ]
            }
            let answer: @Sendable ([JSONValue]) async throws -> HTTP.Answer = { entries in
                try await tenant.client.send("POST", "/$batch", ["requests": .array(entries)])
            }
            _ = try await answer((1...20).map { entry($0) })
            let latest = try await tenant.client.control("GET", "page").body["latest"]?.array ?? []
            let order = latest.reversed().compactMap { $0["call"]?.string }
            #expect(Set(order) == Set((1...20).map { "GET /users/\($0)" }))
            #expect(order != (1...20).map { "GET /users/\($0)" })
            // The second waits for the first, which is not found.
            let backward = try await answer([entry(1), entry(2, after: [1])])
            let statuses = (backward.body["responses"]?.array ?? []).map { ($0["id"]?.string, $0["status"]?.integer) }
            #expect(statuses.contains { $0 == ("1", 404) })
            #expect(statuses.contains { $0 == ("2", 424) })
            #expect(try await answer([entry(1, after: [2]), entry(2)]).status == 400, "it points forward")
            #expect(try await answer([entry(1, after: [2]), entry(2, after: [1])]).status == 400)
            #expect(try await answer([entry(1, after: [1])]).status == 400)
            #expect(try await answer([entry(1, after: [7])]).status == 400)
        }
    }

    @Test("the calls of a batch may have full URLs, as Microsoft's SDKs send them")
    func batchAddresses() async throws {
        try await TenantInProcess.with { tenant in
            _ = try await tenant.client.make("/users", GraphTests.user("ada"))
            let addresses = [
                "\(tenant.client.graph)/users?$top=1", "https://graph.microsoft.com/v1.0/users?$top=1", "/users?$top=1",
                "users?$top=1",
            ]
            let calls = addresses.enumerated().map { number, url -> JSONValue in
                ["id": .string("\(number)"), "method": "GET", "url": .string(url)]
            }
            let answer = try await tenant.client.send("POST", "/$batch", ["requests": .array(calls)])
            for response in answer.body["responses"]?.array ?? [] {
                #expect(response["status"] == 200 && response["body"]?["value"]?.array?.count == 1, "\(response)")
            }
        }
    }

    @Test("a function is called with parentheses, and nothing else is")
    func functions() async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            let delta = try await tenant.client.send("GET", "/users/delta()")
            #expect(delta.body["value"]?.array?.count == 1)
            #expect(try await tenant.client.send("POST", "/directoryObjects/\(user)/anything", [:]).status != 200)
        }
    }

    @Test("a throttled tenant refuses excess requests, each call of a batch by itself, and takes them later")
    func throttling() async throws {
        try await TenantInProcess.with {
            $0.throttles = true
        } _: { tenant in
            tenant.clock.freeze(true)
            let call: JSONValue = ["id": "1", "method": "DELETE", "url": "/users/nobody"]
            for _ in 0..<149 {
                let calls = (1...20).map { number -> JSONValue in
                    .object((call.object ?? [:]).merging(["id": .string("\(number)")]) { $1 })
                }
                _ = try await tenant.client.send("POST", "/$batch", ["requests": .array(calls)])
            }
            let most = (1...20).map { number -> JSONValue in
                .object((call.object ?? [:]).merging(["id": .string("\(number)")]) { $1 })
            }
            _ = try await tenant.client.send("POST", "/$batch", ["requests": .array(most)])
            var refused = 0
            for _ in 0..<20 {
                let answer = try await tenant.client.send("POST", "/$batch", ["requests": .array(most)])
                let throttled = (answer.body["responses"]?.array ?? []).filter { $0["status"] == 429 }
                refused += throttled.count
                #expect(throttled.allSatisfy { Int($0["headers"]?["Retry-After"]?.string ?? "") ?? 0 >= 1 })
            }
            #expect(refused > 0)
            tenant.clock.advance(by: 150)
            #expect(try await tenant.client.send("DELETE", "/users/nobody").status == 404)
        }
    }

    @Test("every answer has a request id and echoes the client's own")
    func headers() async throws {
        try await TenantInProcess.with { tenant in
            let answer = try await tenant.client.send("GET", "/users/x", headers: [("client-request-id", "my-id")])
            #expect(answer.headers["client-request-id"] == "my-id")
            #expect(answer.headers["request-id"]?.count == 36)
            #expect(answer.body["error"]?["innerError"]?["client-request-id"] == "my-id")
        }
    }
}
