import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Whether everything is well, and what wants somebody.
struct DashboardPage: Sendable {
    let texts: Texts

    private static let days = 14
    private static let parts = ["created", "updated", "memberships", "removed", "failed"]

    var routes: [PageRoute] { [PageRoute(.get, "/if/admin/") { try await show($0) }] }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let providers = try await request.api.providers()
        let next = try await nextSyncs(request.api)
        var (healths, rows) = ([ProviderHealth](), [JSONValue]())
        for provider in providers {
            let health = try await ProviderHealth(provider, request.api)
            healths.append(health)
            rows.append(try await row(health, next, request.api))
        }
        let users = try await count("/core/users/?page_size=1&include_groups=false", request)
        let steps = try await FirstSteps(texts: texts).json(users: users, healths, request.api)
        let values: [String: JSONValue] = [
            "providers": .array(rows), "has_providers": .bool(!rows.isEmpty),
            "users": .string(Phrases.number(users)),
            "groups": .string(
                Phrases.number(try await count("/core/groups/?page_size=1&include_users=false", request))
            ),
            "steps": .array(steps), "has_steps": .bool(!steps.isEmpty),
            "chart": rows.isEmpty ? .null : try await chart(request.api),
        ]
        return .page(PageContent("dashboard", title: texts("dashboard.title"), place: "dashboard", values))
    }

    private func row(_ health: ProviderHealth, _ next: [String: JSONValue], _ api: APIClient) async throws -> JSONValue
    {
        let id = health.provider["pk"].map(ListView.plain) ?? ""
        let last = health.lastRun.map { RunSummary($0, texts) }
        return [
            "name": health.provider["name"] ?? .null, "address": .string("\(ProviderPages.address)\(id)/"),
            "state": .string(health.state), "state_words": .string(texts("states.\(health.state)")),
            "last_run": Phrases.time(health.lastRun?["started"]?.string) ?? .null,
            "run_address": JSONValue(health.lastRun?["pk"]?.string.map { "\(RunPages.address)\($0)/" }),
            "outcome": JSONValue(health.lastRun?["status"]?.string.map { texts("run_states.\($0)") }),
            "failed": JSONValue(last.flatMap { $0.failed > 0 ? texts("dashboard.failed", count: $0.failed) : nil }),
            "next": next[id] ?? .null, "waiting": .array(health.waitingShown),
            "throttle": .string(try await ThrottleUse(providerID: id, api).words(texts)),
        ]
    }

    /// When each provider is synced as a whole again; none of those that pause.
    private func nextSyncs(_ api: APIClient) async throws -> [String: JSONValue] {
        let schedules = try await api.send(.get, "/tasks/schedules/?page_size=100").expected()["results"]?.array ?? []
        var next: [String: JSONValue] = [:]
        for schedule in schedules where schedule["paused"]?.bool != true {
            next[schedule["rel_obj_id"].map(ListView.plain) ?? ""] = Phrases.time(schedule["next_run"]?.string)
        }
        return next
    }

    private func chart(_ api: APIClient) async throws -> JSONValue {
        let days = try await api.send(.get, "/causeway/activity/?days=\(Self.days)").expected().array ?? []
        let chart = BarChart(
            parts: Self.parts.map { ($0, texts("chart.parts.\($0)")) },
            bars: days.map { day in
                BarChart.Bar(
                    label: day["day"]?.string ?? "",
                    counts: Self.parts.map { Int(day[$0]?.integer ?? 0) }
                )
            }
        )
        return chart.json(title: texts("dashboard.activity", count: Self.days))
    }

    private func count(_ path: String, _ request: PageRequest) async throws -> Int {
        Int(try await request.api.send(.get, path).expected()["pagination"]?["count"]?.integer ?? 0)
    }
}
