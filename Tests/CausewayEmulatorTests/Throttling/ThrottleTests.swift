import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: throttling")
struct ThrottleTests {
    /// Sends many deletions of a missing user, twenty per batch, on a frozen clock.
    ///
    /// - Returns: the answers.
    private static func writes(_ count: Int, _ client: TenantClient) async throws -> [JSONValue] {
        var answers: [JSONValue] = []
        for _ in 0..<(count / 20) {
            let calls = (1...20).map {
                ["id": .string("\($0)"), "method": "DELETE", "url": "/users/nobody"] as JSONValue
            }
            let answer = try await client.send("POST", "/$batch", ["requests": .array(calls)])
            answers += answer.body["responses"]?.array ?? []
        }
        return answers
    }

    private static func with(
        _ change: @escaping (inout TenantSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (TenantInProcess) async throws -> Void
    ) async throws {
        try await TenantInProcess.with {
            $0.throttles = true
            change(&$0)
        } _: { tenant in
            _ = try await tenant.client.control("POST", "clock", ["frozen": true])
            try await body(tenant)
        }
    }

    @Test("3,000 writes pass, the next are refused with the limit's name and the time to wait")
    func applicationWrites() async throws {
        try await Self.with { tenant in
            let answers = try await Self.writes(3020, tenant.client)
            let refused = answers.filter { $0["status"] == 429 }
            #expect(refused.count == 20)
            let headers = try #require(refused.first?["headers"])
            let client = tenant.endpoints["client_id"]?.string ?? ""
            let scope = "Tenant_Application/Write/\(client)/\(tenant.endpoints["tenant_id"]?.string ?? "")"
            #expect(headers["x-ms-throttle-scope"]?.string == scope)
            #expect(headers["x-ms-throttle-information"] == "WriteLimitExceeded")
            #expect(headers["Retry-After"] == "1")
            // Reads pass while writes are throttled.
            #expect(try await tenant.client.send("GET", "/users").status == 200)
            // Refused calls count: 20 were over the limit, and 20 are refilled in a second.
            tenant.clock.advance(by: 1)
            #expect(try await Self.writes(20, tenant.client).allSatisfy { $0["status"] == 429 })
            tenant.clock.advance(by: 3)
            #expect(try await Self.writes(20, tenant.client).allSatisfy { $0["status"] == 404 })
        }
    }

    @Test("from 80% of a limit on, answers say how full it is, up to 1.8")
    func percentage() async throws {
        try await Self.with { tenant in
            let answers = try await Self.writes(6000, tenant.client)
            let shown = answers.map { $0["headers"]?["x-ms-throttle-limit-percentage"]?.string }
            #expect(shown[..<2400].allSatisfy { $0 == nil })
            #expect(shown[2400...].allSatisfy { $0 != nil })
            #expect(shown.contains("1.00"))
            #expect(shown.last == "1.80")
            #expect(answers.last?["headers"]?["x-ms-resource-unit"] == "1")
        }
    }

    @Test("three applications share the tenant's 18,000 writes in five minutes")
    func tenantWrites() async throws {
        try await Self.with {
            for number in 1...6 {
                var application = AppRegistration.standard
                application.clientID = "aaaaaaaa-bbbb-4ccc-8ddd-00000000000\(number)"
                $0.applications.append(application)
            }
        } _: { tenant in
            var scopes: [String: Int] = [:]
            for number in 1...6 {
                let id = JSONValue.string("aaaaaaaa-bbbb-4ccc-8ddd-00000000000\(number)")
                let endpoints = JSONValue.object((tenant.endpoints.object ?? [:]).merging(["client_id": id]) { $1 })
                let client = try await TenantClient(endpoints)
                #expect(try await Self.writes(3000, client).allSatisfy { $0["status"] == 404 })
            }
            for answer in try await Self.writes(20, tenant.client) {
                let scope = answer["headers"]?["x-ms-throttle-scope"]?.string?.split(separator: "/").first
                scopes[scope.map(String.init) ?? "none", default: 0] += 1
            }
            #expect(scopes == ["Tenant": 20])
        }
    }

    @Test("limits refill faster if the setting says so, shared limits too")
    func speed() async throws {
        try await Self.with { tenant in
            let other: JSONValue = [
                "id": "22222222-2222-4333-8444-555555555555", "domains": ["other.example"],
                "initial_domain": "other.onmicrosoft.com", "throttle_speed": 100,
            ]
            #expect(try await HTTP.send("POST", "\(tenant.client.control)/tenants", body: other).status == 201)
            let endpoints = (tenant.endpoints.object ?? [:]).merging(["tenant_id": other["id"] ?? .null]) { $1 }
            let quick = try await TenantClient(.object(endpoints))
            #expect(try await Self.writes(3000, quick).allSatisfy { $0["status"] == 404 })
            #expect(try await Self.writes(20, tenant.client).allSatisfy { $0["status"] == 404 })
            let refused = try await Self.writes(20, quick)
            #expect(refused.allSatisfy { $0["status"] == 429 && $0["headers"]?["Retry-After"] == "1" })
            tenant.clock.advance(by: 1.5)
            #expect(try await Self.writes(2980, quick).allSatisfy { $0["status"] == 404 })
            // Neither tenant has used up the application's limit for all tenants.
            let page = try await tenant.client.control("GET", "page").body
            let client = tenant.endpoints["client_id"]?.string ?? ""
            let used = page["gauges"]?["Application/Write/\(client)"]?["used"]
            #expect((0...0.2).contains(try #require(used.flatMap { Double($0.text) })))
        }
    }

    @Test("an application's limit for all tenants is shared by them")
    func applicationEverywhere() async throws {
        try await Self.with { tenant in
            var refused: [JSONValue] = []
            for number in 0..<12 where refused.isEmpty {
                let other: JSONValue = [
                    "id": .string("22222222-2222-4333-8444-5555555555\(10 + number)"),
                    "domains": [.string("t\(number).example")],
                    "initial_domain": .string("t\(number).onmicrosoft.com"), "throttling": true,
                ]
                let made = try await HTTP.send("POST", "\(tenant.client.control)/tenants", body: other)
                #expect(made.status == 201, "\(made.body)")
                let endpoints = (tenant.endpoints.object ?? [:]).merging(["tenant_id": other["id"] ?? .null]) { $1 }
                let client = try await TenantClient(.object(endpoints))
                refused = try await Self.writes(3000, client).filter { $0["status"] == 429 }
            }
            let scope = refused.first?["headers"]?["x-ms-throttle-scope"]?.string
            #expect(scope?.hasPrefix("Application/Write/") == true)
            #expect(refused.count == 1000)
        }
    }

    @Test(
        "reads are limited by resource units, and larger tenants may read more",
        arguments: [("S", 3500), ("M", 5000), ("L", 8000)]
    )
    func reads(_ size: String, _ units: Int) async throws {
        try await Self.with { tenant in
            _ = try await tenant.client.control("PATCH", "settings", ["size": .string(size)])
            let group = try await tenant.client.make("/groups", GraphTests.group("G"))
            let call: JSONValue = ["method": "GET", "url": .string("/groups/\(group)/transitiveMembers")]
            var passed = 0
            for _ in 0..<(units / 100 + 1) {
                let calls = (1...20).map { number -> JSONValue in
                    .object((call.object ?? [:]).merging(["id": .string("\(number)")]) { $1 })
                }
                let answer = try await tenant.client.send("POST", "/$batch", ["requests": .array(calls)])
                passed += (answer.body["responses"]?.array ?? []).count { $0["status"] == 200 }
            }
            // Five units each, and the group's creation took one.
            #expect(passed == (units - 1) / 5)
        }
    }

    @Test("with windowed limits a whole window refills at once, and a throttled batch can fail whole with 424")
    func windows() async throws {
        try await Self.with {
            $0.bucketShape = .windowed
            $0.throttledBatchStatus = 424
        } _: { tenant in
            _ = try await tenant.client.control("POST", "clock", ["now": "2026-01-01T00:00:00Z"])
            let client = try await TenantClient(tenant.endpoints)
            let answers = try await Self.writes(3020, client)
            let refused = answers.filter { $0["status"] == 429 }
            #expect(refused.count == 20)
            let wait = Int(refused.first?["headers"]?["Retry-After"]?.string ?? "") ?? 0
            #expect((1...150).contains(wait))
            let call: JSONValue = ["requests": [["id": "1", "method": "DELETE", "url": "/users/nobody"]]]
            #expect(try await client.send("POST", "/$batch", call).status == 424)
            tenant.clock.advance(by: Double(wait))
            #expect(try await Self.writes(3000, client).allSatisfy { $0["status"] == 404 })
        }
    }

    @Test(
        "each request has its documented cost",
        arguments: [
            ("/users", "2"), ("/users?$select=id", "1"), ("/users?$expand=manager", "3"), ("/users?$top=5", "1"),
            ("/users(userPrincipalName='ada@company.com')", "1"), ("/groups", "1"), ("/users/delta", "1"),
            ("/subscribedSkus", "3"), ("/organization", "1"),
        ]
    )
    func prices(_ path: String, _ units: String) async throws {
        try await Self.with { tenant in
            let answer = try await tenant.client.send("GET", path)
            #expect(answer.headers["x-ms-resource-unit"] == units)
        }
    }
}
