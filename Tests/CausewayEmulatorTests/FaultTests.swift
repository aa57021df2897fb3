import CausewayEmulator
import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("The emulated tenant: faults")
struct FaultTests {
    private static func set(_ tenant: TenantInProcess, _ rules: JSONValue...) async throws {
        let answer = try await tenant.client.control("PUT", "faults", .array(rules))
        #expect(answer.status == 200, "\(answer.body)")
    }

    @Test(
        "each kind answers in its own way, and writes or does not",
        arguments: [
            ("internal_error", 500, "Service_InternalServerError", false),
            ("internal_error_after_commit", 500, "Service_InternalServerError", true),
            ("unavailable", 503, "serviceNotAvailable", false),
            ("unavailable_after_commit", 503, "serviceNotAvailable", true),
            ("gateway_timeout", 504, "UnknownError", false),
            ("gateway_timeout_after_commit", 504, "UnknownError", true),
            ("bad_gateway", 502, "UnknownError", false), ("net_id_invalid", 400, "Request_BadRequest", false),
            ("net_id_invalid_after_commit", 400, "Request_BadRequest", true),
            ("replica_unavailable", 503, "Directory_ReplicaUnavailable", false),
            ("concurrency_violation", 503, "Directory_ConcurrencyViolation", false),
            ("throttled_without_retry_after", 429, "TooManyRequests", false),
            ("quota_exceeded", 403, "Directory_QuotaExceeded", false),
            ("unauthorized", 401, "InvalidAuthenticationToken", false),
        ]
    )
    func kinds(_ kind: String, _ status: Int, _ code: String, _ isWritten: Bool) async throws {
        try await TenantInProcess.with { tenant in
            try await Self.set(tenant, ["kind": .string(kind), "operation": "POST /users", "count": 1])
            let answer = try await tenant.client.send("POST", "/users", GraphTests.user("ada"))
            #expect(answer.status == status)
            #expect(answer.body["error"]?["code"]?.string == code)
            #expect(answer.headers["retry-after"] == nil)
            #expect(try await tenant.client.all("/users").count == (isWritten ? 1 : 0))
            let met = try await tenant.client.control("GET", "faults")
            #expect(met.body["met"]?[kind] == 1)
        }
    }

    @Test(
        "a connection is cut, before the write or after it",
        arguments: [("dropped", 0), ("dropped_after_commit", 1)]
    )
    func dropped(_ kind: String, _ count: Int) async throws {
        try await TenantInProcess.with { tenant in
            try await Self.set(tenant, ["kind": .string(kind), "operation": "POST /users"])
            await #expect(throws: (any Error).self) {
                try await tenant.client.send("POST", "/users", GraphTests.user("ada"))
            }
            let users = try await tenant.client.all("/users")
            #expect(users.count == count)
        }
    }

    @Test("faults come by script, by count after some calls, by rate; other operations are spared")
    func choosing() async throws {
        try await TenantInProcess.with { tenant in
            try await Self.set(
                tenant,
                ["script": ["pass", "unavailable", "pass", "internal_error"], "operation": "GET /users"]
            )
            var seen: [Int] = []
            for _ in 0..<5 { seen.append(try await tenant.client.send("GET", "/users").status) }
            #expect(seen == [200, 503, 200, 500, 200])
            try await Self.set(
                tenant,
                ["kind": "unavailable", "skip": 2, "count": 1, "operation": "GET /users", "retry_after": 7]
            )
            seen = []
            for _ in 0..<4 {
                let answer = try await tenant.client.send("GET", "/users")
                seen.append(answer.status)
                if answer.status == 503 { #expect(answer.headers["retry-after"] == "7") }
            }
            #expect(seen == [200, 200, 503, 200])
            try await Self.set(tenant, ["kind": "unavailable", "rate": 0.5, "operation": "GET /users"])
            seen = []
            for _ in 0..<60 { seen.append(try await tenant.client.send("GET", "/users").status) }
            #expect((10...50).contains(seen.count { $0 == 503 }))
            #expect(try await tenant.client.send("GET", "/groups").status == 200)
        }
    }

    @Test("a batch can fail as a whole, and one call of it alone")
    func batches() async throws {
        try await TenantInProcess.with { tenant in
            let batch: JSONValue = [
                "requests": [
                    ["id": "1", "method": "GET", "url": "/users"], ["id": "2", "method": "GET", "url": "/groups"],
                ]
            ]
            try await Self.set(tenant, ["kind": "gateway_timeout", "operation": "POST /$batch", "count": 1])
            #expect(try await tenant.client.send("POST", "/$batch", batch).status == 504)
            try await Self.set(tenant, ["kind": "unavailable", "operation": "GET /groups"])
            let answer = try await tenant.client.send("POST", "/$batch", batch)
            let statuses = (answer.body["responses"]?.array ?? []).sorted {
                $0["id"]?.string ?? "" < $1["id"]?.string ?? ""
            }
            #expect(statuses.compactMap { $0["status"]?.integer } == [200, 503])
        }
    }

    @Test("the log-in service has its own bad moments")
    func login() async throws {
        try await TenantInProcess.with { tenant in
            try await Self.set(tenant, ["kind": "unavailable", "operation": "POST /token", "count": 1])
            let url = "\(tenant.endpoints["login_endpoint"]?.string ?? "")/company.com/oauth2/v2.0/token"
            let answer = try await HTTP.send("POST", url, form: "grant_type=client_credentials")
            #expect(answer.status == 503)
            #expect(answer.body["error"] == "temporarily_unavailable")
        }
    }

    @Test("a rule that cannot be is refused by name")
    func wrongRules() async throws {
        try await TenantInProcess.with { tenant in
            for rule: JSONValue in [["kind": "nonsense"], ["nonsense": 1], ["script": ["nonsense"]], ["rate": "x"]] {
                let answer = try await tenant.client.control("PUT", "faults", [rule])
                #expect(answer.status == 400)
                #expect(answer.body["error"]?["message"]?.string?.contains("'") == true)
            }
        }
    }

    @Test("the same seed meets the same faults")
    func repeatable() async throws {
        let pattern: @Sendable (UInt64) async throws -> [Int] = { seed in
            try await TenantInProcess.with {
                $0.seed = seed
            } _: { tenant in
                try await Self.set(tenant, ["kind": "unavailable", "rate": 0.5])
                var seen: [Int] = []
                for _ in 0..<30 { seen.append(try await tenant.client.send("GET", "/users").status) }
                return seen
            }
        }
        let (one, again, other) = (try await pattern(1), try await pattern(1), try await pattern(2))
        #expect(one == again)
        #expect(one != other)
    }
}
