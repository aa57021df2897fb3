import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Whether everything is well, and what needs attention.
struct DashboardPage: Sendable {
    let texts: Texts

    private static let days = 14
    private static let parts = ["created", "updated", "memberships", "removed", "failed"]

    var routes: [PageRoute] { [PageRoute(.get, "/if/admin/") { try await show($0) }] }

    /// What it shows is asked for side by side; the activity takes longest.
    private func show(_ request: PageRequest) async throws -> PageResponse {
        let api = request.api
        async let chart = chart(api)
        async let next = nextSyncs(api)
        async let users = count("/core/users/?page_size=1&include_groups=false", api)
        async let groups = count("/core/groups/?page_size=1&include_users=false", api)
        let (healths, rows) = try await rows(try await next, api)
        let activity = try await chart
        let steps = try await FirstSteps(texts: texts).json(users: try await users, healths, api)
        let values: [String: JSONValue] = [
            "providers": .array(rows), "has_providers": .bool(!rows.isEmpty),
            "users": .string(Formatting.number(try await users)),
            "groups": .string(Formatting.number(try await groups)),
            "steps": .array(steps), "has_steps": .bool(!steps.isEmpty), "chart": rows.isEmpty ? .null : activity,
        ]
        return .page(PageContent("dashboard", title: texts("dashboard.title"), place: "dashboard", values))
    }

    private func rows(_ next: [String: JSONValue], _ api: APIClient) async throws -> ([ProviderHealth], [JSONValue]) {
        var (healths, rows) = ([ProviderHealth](), [JSONValue]())
        for provider in try await api.providers() {
            let health = try await ProviderHealth(provider, api)
            healths.append(health)
            rows.append(try await row(health, next, api))
        }
        return (healths, rows)
    }

    private func row(_ health: ProviderHealth, _ next: [String: JSONValue], _ api: APIClient) async throws -> JSONValue
    {
        let id = health.provider["pk"].map(ListView.plain) ?? ""
        return [
            "name": health.provider["name"] ?? .null, "address": .string("\(ProviderPages.address)\(id)/"),
            "state": .string(health.state), "state_words": .string(texts("states.\(health.state)")),
            "last_run": Formatting.time(health.lastRun?["started"]?.string) ?? .null,
            "run_address": JSONValue(health.lastRun?["pk"]?.string.map { "\(RunPages.address)\($0)/" }),
            "outcome": JSONValue(health.lastRun?["status"]?.string.map { texts("run_states.\($0)") }),
            "failed": JSONValue(health.failing > 0 ? texts("dashboard.failed", count: health.failing) : nil),
            "next": next[id] ?? .null, "waiting": health.waitingShown(texts),
            "throttle": .string(try await ThrottleUse(providerID: id, api).words(texts)),
        ]
    }

    /// When each provider is synced as a whole again; none of those that pause.
    private func nextSyncs(_ api: APIClient) async throws -> [String: JSONValue] {
        let schedules = try await api.send(.get, "/tasks/schedules/?page_size=100").expected()["results"]?.array ?? []
        var next: [String: JSONValue] = [:]
        for schedule in schedules where schedule["paused"]?.bool != true {
            next[schedule["rel_obj_id"].map(ListView.plain) ?? ""] = Formatting.time(schedule["next_run"]?.string)
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

    private func count(_ path: String, _ api: APIClient) async throws -> Int {
        Int(try await api.send(.get, path).expected()["pagination"]?["count"]?.integer ?? 0)
    }
}
