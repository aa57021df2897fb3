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
        "each kind of fault has its own answer, before or after the write",
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
        "a connection is closed before the write or after it",
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

    @Test("faults follow a script, a count or a rate; other operations are not affected")
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

    @Test("a batch can fail as a whole, and a single call of it too")
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

    @Test("a dropped call of a batch closes the whole connection")
    func droppedEntry() async throws {
        try await TenantInProcess.with { tenant in
            let batch: JSONValue = [
                "requests": [
                    ["id": "1", "method": "GET", "url": "/users"], ["id": "2", "method": "GET", "url": "/groups"],
                ]
            ]
            try await Self.set(tenant, ["kind": "dropped", "operation": "GET /groups", "count": 1])
            await #expect(throws: (any Error).self) { try await tenant.client.send("POST", "/$batch", batch) }
            #expect(try await tenant.client.send("POST", "/$batch", batch).status == 200)
            #expect(try await tenant.client.counters()["operations"]?["GET /groups dropped"] == 1)
        }
    }

    @Test("a slow answer is right, and delays no other")
    func slow() async throws {
        try await TenantInProcess.with { tenant in
            let user = try await tenant.client.make("/users", GraphTests.user("ada"))
            try await Self.set(tenant, ["kind": "slow", "operation": "GET /users/{id}", "seconds": 0.01])
            #expect(try await tenant.client.send("GET", "/users/\(user)").body["id"]?.string == user)
            try await Self.set(tenant, ["kind": "slow", "operation": "GET /users/{id}", "seconds": 3600])
            let slow = Task { try await tenant.client.send("GET", "/users/\(user)") }
            while try await tenant.client.control("GET", "faults").body["met"]?["slow"] == nil { await Task.yield() }
            #expect(try await tenant.client.send("GET", "/groups").status == 200)
            slow.cancel()
            await #expect(throws: (any Error).self) { try await slow.value }
        }
    }

    @Test("a rule names one operation, or with a star all that begin so; restores of all objects are one operation")
    func operations() async throws {
        try await TenantInProcess.with { tenant in
            let id = try await tenant.client.make("/users", GraphTests.user("ada"))
            try await Self.set(tenant, ["kind": "unavailable", "operation": "GET /users"])
            #expect(try await tenant.client.send("GET", "/users").status == 503)
            #expect(try await tenant.client.send("GET", "/users/\(id)").status == 200)
            try await Self.set(tenant, ["kind": "unavailable", "operation": "GET /users*"])
            #expect(try await tenant.client.send("GET", "/users/\(id)").status == 503)
            #expect(try await tenant.client.send("DELETE", "/users/\(id)").status == 204)
            let restore = "POST /directory/deletedItems/{id}/restore"
            try await Self.set(tenant, ["kind": "unavailable", "operation": .string(restore)])
            #expect(try await tenant.client.send("POST", "/directory/deletedItems/\(id)/restore").status == 503)
            #expect(try await tenant.client.counters()["operations"]?["\(restore) 503"] == 1)
        }
    }

    @Test("a rule that is set again counts from the start")
    func again() async throws {
        try await TenantInProcess.with { tenant in
            for _ in 0..<2 {
                try await Self.set(tenant, ["kind": "unavailable", "operation": "GET /users", "count": 1])
                #expect(try await tenant.client.send("GET", "/users").status == 503)
                #expect(try await tenant.client.send("GET", "/users").status == 200)
                #expect(try await tenant.client.control("GET", "faults").body["met"] == ["unavailable": 1])
            }
        }
    }

    // MARK: The sign-in service

    private static func login(_ tenant: TenantInProcess) async throws -> HTTP.Answer {
        let url = "\(tenant.endpoints["login_endpoint"]?.string ?? "")/company.com/oauth2/v2.0/token"
        let id = tenant.endpoints["client_id"]?.string ?? ""
        let form =
            "grant_type=client_credentials&client_id=\(id)&client_secret=emulated-secret-value"
            + "&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
        return try await HTTP.send("POST", url, form: form)
    }

    @Test(
        "the sign-in service has faults too, with its own errors",
        arguments: [
            ("unavailable", 503, "temporarily_unavailable", 90033),
            ("internal_error", 500, "temporarily_unavailable", 90033),
            ("gateway_timeout", 504, "temporarily_unavailable", 90033),
            ("secret_expired", 401, "invalid_client", 7_000_222), ("clock_skew", 401, "invalid_client", 700_024),
        ]
    )
    func login(_ kind: String, _ status: Int, _ error: String, _ number: Int64) async throws {
        try await TenantInProcess.with { tenant in
            try await Self.set(
                tenant,
                ["kind": .string(kind), "operation": "POST /token", "count": 1, "retry_after": 3]
            )
            let answer = try await Self.login(tenant)
            #expect(answer.status == status)
            #expect(answer.body["error"]?.string == error)
            #expect(answer.body["error_codes"] == [.integer(number)])
            #expect(answer.body["error_description"]?.string?.hasPrefix("AADSTS\(number): ") == true)
            #expect(answer.headers["retry-after"] == "3")
            #expect(try await Self.login(tenant).status == 200)
        }
    }

    @Test("the sign-in service can drop connections and be slow too")
    func droppedLogin() async throws {
        try await TenantInProcess.with { tenant in
            try await Self.set(tenant, ["script": ["dropped", "slow"], "operation": "POST /token", "seconds": 0.01])
            await #expect(throws: (any Error).self) { try await Self.login(tenant) }
            #expect(try await Self.login(tenant).status == 200)
            #expect(try await tenant.client.control("GET", "faults").body["met"] == ["dropped": 1, "slow": 1])
        }
    }

    @Test("a secret that expires during a run is refused at the next sign-in; a new secret works")
    func expiry() async throws {
        try await TenantInProcess.with { tenant in
            let application = { (secrets: JSONValue) -> JSONValue in
                ["applications": [["client_id": tenant.endpoints["client_id"] ?? .null, "secrets": secrets]]]
            }
            let aging: JSONValue = [["value": "emulated-secret-value", "expires": "2030-01-01T00:00:00Z"]]
            _ = try await tenant.client.control("POST", "clock", ["now": "2029-12-31T23:59:00Z"])
            _ = try await tenant.client.control("PATCH", "settings", application(aging))
            let client = try await TenantClient(tenant.endpoints)
            tenant.clock.advance(by: 120)
            #expect(try await client.send("GET", "/users").status == 200)
            _ = try await client.control("POST", "revoke-tokens")
            #expect(try await client.send("GET", "/users").status == 401)
            #expect(try await Self.login(tenant).body["error_codes"] == [7_000_222])
            _ = try await tenant.client.control("PATCH", "settings", application([["value": "fresh"]]))
            #expect(try await TenantClient(tenant.endpoints, secret: "fresh").send("GET", "/users").status == 200)
        }
    }

    @Test(
        "the refusal of an impossible rule names the wrong field",
        arguments: [
            ["kind": "nonsense"], ["nonsense": 1], ["script": ["nonsense"]], ["rate": "x"], ["rate": 1.5],
            ["seconds": 1e300], ["kind": "secret_expired", "operation": "POST /users"],
            ["kind": "quota_exceeded", "operation": "POST /token"],
        ] as [JSONValue]
    )
    func wrongRules(_ rule: JSONValue) async throws {
        try await TenantInProcess.with { tenant in
            let answer = try await tenant.client.control("PUT", "faults", [rule])
            #expect(answer.status == 400)
            #expect(answer.body["error"]?["message"]?.string?.contains("'") == true)
        }
    }

    @Test("the same seed gives the same faults")
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
