import CausewayAPI
import HTTPTypes

/// The dashboard: the state of all providers, and what needs attention.
struct DashboardPage: Sendable {
    let texts: Texts

    private static let days = 14

    var routes: [PageRoute] { [PageRoute(.get, .home) { try await show($0) }] }

    /// Reads its parts concurrently. The activity takes longest.
    private func show(_ request: PageRequest) async throws -> PageResponse {
        let api = request.api
        async let chart = chart(api)
        async let next = nextSyncs(api)
        async let users = api.count("/core/users/?include_groups=false")
        async let groups = api.count("/core/groups/?include_users=false")
        let (healths, rows) = try await rows(try await next, api)
        let activity = try await chart
        let steps = try await FirstSteps(texts: texts).shown(users: try await users, healths, api)
        let page = DashboardModel(
            providers: rows,
            hasProviders: !rows.isEmpty,
            users: texts.number(try await users),
            groups: texts.number(try await groups),
            steps: steps,
            hasSteps: !steps.isEmpty,
            chart: rows.isEmpty ? nil : activity
        )
        return .page(PageContent(page, title: texts("dashboard.title"), place: "dashboard"))
    }

    private func rows(_ next: [String: String], _ api: APIClient) async throws
        -> ([ProviderHealth], [DashboardModel.Provider])
    {
        var (healths, rows) = ([ProviderHealth](), [DashboardModel.Provider]())
        for provider in try await api.providers() {
            let health = try await ProviderHealth(provider, api)
            let throttle = try await ThrottleUse.of(provider: provider.pk, api).words(texts)
            healths.append(health)
            rows.append(DashboardModel.Provider(health, next: next[provider.id], throttle: throttle, texts))
        }
        return (healths, rows)
    }

    /// The time of each provider's next full sync, without paused schedules.
    private func nextSyncs(_ api: APIClient) async throws -> [String: String] {
        let schedules = try await api.rows("/tasks/schedules/?page_size=100", as: ScheduleView.self)
        return Dictionary(schedules.filter { !$0.paused }.map { ($0.relObjId, $0.nextRun) }) { $1 }
    }

    /// The number of actions on a day, by kind, as the API returns it.
    private struct ActivityView: Decodable {
        let day: String
        let created: Int
        let updated: Int
        let memberships: Int
        let removed: Int
        let failed: Int
    }

    private static let parts = ["created", "updated", "memberships", "removed", "failed"]

    private func chart(_ api: APIClient) async throws -> BarDrawing {
        let days = try await api.get("/causeway/activity/?days=\(Self.days)", as: [ActivityView].self)
        let chart = BarChart(
            parts: Self.parts.map { ($0, texts("chart.parts.\($0)")) },
            bars: days.map { day in
                BarChart.Bar(
                    label: texts.day(day.day),
                    counts: [day.created, day.updated, day.memberships, day.removed, day.failed]
                )
            }
        )
        return chart.drawing(title: texts("dashboard.activity", count: Self.days), texts)
    }
}

/// The template `dashboard`.
struct DashboardModel: PageModel {
    static let template = "dashboard"

    let providers: [Provider]
    let hasProviders: Bool
    let users: String
    let groups: String
    let steps: [FirstSteps.Shown]
    let hasSteps: Bool
    /// The activity of the last days; nil without providers.
    let chart: BarDrawing?

    struct Provider: TemplateValue {
        let name: String
        let address: Address
        let state: String
        let stateWords: String
        let lastRun: ShownTime?
        let runAddress: Address?
        let outcome: String?
        let failed: String?
        let next: ShownTime?
        let waiting: WaitingRuns?
        let throttle: String

        /// - Parameter next: the time of the next full sync; nil if the schedule is paused.
        init(_ health: ProviderHealth, next: String?, throttle: String, _ texts: Texts) {
            name = health.provider.name
            address = .provider(health.provider.pk)
            state = health.outstanding.state
            stateWords = texts("states.\(state)")
            lastRun = ShownTime(health.lastRun?.started)
            runAddress = health.lastRun.map { .run($0.pk) }
            outcome = health.lastRun.map { texts("run_states.\($0.status)") }
            failed = health.failing > 0 ? texts("dashboard.failed", count: health.failing) : nil
            self.next = ShownTime(next)
            waiting = WaitingRuns(health.guardState.waiting, texts)
            self.throttle = throttle
        }
    }
}
