import CausewayJSON
import CausewayTestSupport
import Testing

@Suite("A provider's syncs, in the form of authentik after 2026.8")
struct SyncListTests {
    @Test("the provider shows its last sync; the list has all syncs, the newest first, and no plans")
    func syncs() async throws {
        try await TenantProgram.with { tenant in
            try await ServedProgram.with { server in
                let key = try await provider(server, tenant)
                let path = "/providers/microsoft_entra/\(key.text)/"
                let last = try await finished(path, server)
                let task = try #require(last["tasks"]?.array?.first?.string)
                #expect(try await server.send("GET", "/tasks/tasks/\(task)/").status == 200)
                let same = try await server.send("GET", "/causeway/runs/\(task)/").body
                #expect(
                    ["succeeded": "done", "warning": "warning"][same["status"]?.string ?? ""] == last["status"]?.string
                )
                #expect(last["provider"] == key && last["started_at"] == same["started"])
                #expect(last["finished_at"] == same["finished"] && same["finished"] != .null)
                #expect(
                    last["users_count"] == same["examined_users"] && last["groups_count"] == same["examined_groups"]
                )
                let run = try await plan(key, server)
                let list = try await server.send("GET", path + "syncs/?page_size=100")
                #expect(list.status == 200, "\(list.body.text)")
                let rows = try #require(list.body["results"]?.array)
                #expect(
                    rows.contains { $0["partial"] == false && ["done", "warning"].contains($0["status"]) },
                    "\(list.body.text)"
                )
                #expect(!rows.contains { $0["tasks"] == [run] })
                let began = rows.compactMap { $0["started_at"]?.string }
                #expect(began.count == rows.count && began == began.sorted(by: >))
                let oldest = try await server.send("GET", path + "syncs/?page_size=1&ordering=started_at")
                #expect(oldest.body["results"]?.array?.first?["started_at"]?.string == began.last)
                #expect(try await server.send("GET", "/providers/microsoft_entra/999/syncs/").status == 404)
            }
        }
    }

    @Test("a sync does not change the entity tag of its provider")
    func entityTag() async throws {
        try await TenantProgram.with { tenant in
            try await ServedProgram.with { server in
                let path = "/providers/microsoft_entra/\(try await provider(server, tenant).text)/"
                let first = try await server.send("GET", path)
                _ = try await finished(path, server)
                let second = try await server.send("GET", path)
                #expect(second.body["last_sync"] != .null && second.headers["etag"] == first.headers["etag"])
            }
        }
    }

    /// A provider that is synced, for an application, with one user in scope.
    private func provider(_ server: ServedProgram, _ tenant: TenantProgram) async throws -> JSONValue {
        var settings: [String: JSONValue] = [
            "name": "Entra", "cloud": "custom", "client_secret": "emulated-secret-value", "review_first_sync": false,
        ]
        let group = try await server.send("POST", "/core/groups/", ["name": "Staff"])
        settings["filter_group"] = group.body["pk"] ?? .null
        let ada: JSONValue = [
            "username": "ada", "name": "Ada", "email": "ada@company.com", "groups": .array([group.body["pk"] ?? .null]),
        ]
        #expect(try await server.send("POST", "/core/users/", ada).status == 201)
        for key in ["client_id", "tenant_id", "login_endpoint", "graph_endpoint"] {
            settings[key] = tenant.endpoints[key]
        }
        let made = try await server.send("POST", "/providers/microsoft_entra/", .object(settings))
        #expect(made.body["last_sync"] == .null, "\(made.body.text)")
        let key = try #require(made.body["pk"])
        let application: JSONValue = ["name": "Entra ID", "slug": "entra", "backchannel_providers": [key]]
        #expect(try await server.send("POST", "/core/applications/", application).status == 201)
        return key
    }

    /// Begins a plan, as soon as no other run is in progress.
    private func plan(_ key: JSONValue, _ server: ServedProgram) async throws -> JSONValue {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let answer = try await server.send("POST", "/causeway/providers/\(key.text)/plans/", [:])
            guard answer.status == 409, ContinuousClock.now < end else { return try #require(answer.body["pk"]) }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// The provider's last sync, when it has ended.
    private func finished(_ path: String, _ server: ServedProgram) async throws -> JSONValue {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let last = try await server.send("GET", path).body["last_sync"] ?? .null
            if let finished = last["finished_at"], finished != .null { return last }
            try await Task.sleep(for: .milliseconds(200))
        }
        Issue.record("no sync ended")
        return .null
    }
}
