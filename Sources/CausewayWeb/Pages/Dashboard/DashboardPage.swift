import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Whether everything is well, and what wants somebody.
struct DashboardPage: Sendable {
    let texts: Texts

    var routes: [PageRoute] { [PageRoute(.get, "/if/admin/") { try await show($0) }] }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let providers =
            try await request.api.send(.get, "/providers/microsoft_entra/?page_size=100&ordering=name")
            .expected()["results"]?.array ?? []
        var rows: [JSONValue] = []
        for provider in providers {
            let health = try await ProviderHealth(provider, request.api)
            let id = provider["pk"].map(ListView.plain) ?? ""
            rows.append([
                "name": provider["name"] ?? .null, "address": .string("/if/admin/providers/\(id)/"),
                "state": .string(health.state), "state_words": .string(texts("states.\(health.state)")),
                "last_run": Phrases.time(health.lastRun?["started"]?.string) ?? .null,
                "run_address": JSONValue(health.lastRun?["pk"]?.string.map { "/if/admin/runs/\($0)/" }),
                "outcome": JSONValue(health.lastRun?["status"]?.string.map { texts("run_states.\($0)") }),
                "waiting": .array(health.waitingShown),
            ])
        }
        let users = try await count("/core/users/?page_size=1&include_groups=false", request)
        let values: [String: JSONValue] = [
            "providers": .array(rows), "has_providers": .bool(!rows.isEmpty),
            "users": .string(Phrases.number(users)),
            "groups": .string(
                Phrases.number(try await count("/core/groups/?page_size=1&include_users=false", request))
            ),
            "steps": .array(rows.isEmpty ? try await steps(users: users, request) : []),
        ]
        return .page(PageContent("dashboard", title: texts("dashboard.title"), place: "dashboard", values))
    }

    private func count(_ path: String, _ request: PageRequest) async throws -> Int {
        Int(try await request.api.send(.get, path).expected()["pagination"]?["count"]?.integer ?? 0)
    }

    /// What an empty installation is brought to life by, in order.
    private func steps(users: Int, _ request: PageRequest) async throws -> [JSONValue] {
        let mappings = try await count("/propertymappings/provider/microsoft_entra/?page_size=1", request)
        let isDone = ["people": users > 1, "mapping": mappings > 0]
        return [
            ("people", "/if/admin/users/"), ("mapping", "/if/admin/property-mappings/"),
            ("provider", "/if/admin/providers/create/"), ("application", "/if/admin/applications/create/"),
        ].map { key, address in
            [
                "title": .string(texts("first_steps.\(key).title")), "hint": .string(texts("first_steps.\(key).hint")),
                "address": .string(address), "is_done": .bool(isDone[key] ?? false),
                "state": .string(texts(isDone[key] == true ? "first_steps.done" : "first_steps.to_do")),
            ]
        }
    }
}
