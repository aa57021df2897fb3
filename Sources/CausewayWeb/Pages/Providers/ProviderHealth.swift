import CausewayAPI

/// How a provider is, in a word of the catalogue's `states`, and why. The word is the API's: nothing is worked out from runs here.
struct ProviderHealth: Sendable {
    let provider: ProviderView
    let guardState: GuardView
    /// How it is, and what is outstanding.
    let outstanding: ProviderStateView
    /// The runs that were begun last, the latest first.
    let runs: [RunView]

    /// - Parameter runs: how many runs are asked for.
    init(_ provider: ProviderView, runs count: Int = 1, _ api: APIClient) async throws {
        let source = "/causeway/providers/\(provider.pk)/"
        self.provider = provider
        guardState = try await api.get("\(source)guard/")
        outstanding = try await api.get("\(source)state/")
        runs = try await api.rows("\(source)runs/?page_size=\(count)")
    }

    var lastRun: RunView? { runs.first }

    var isAssigned: Bool { provider.assignedBackchannelApplicationSlug != nil }

    var quarantine: QuarantineView? { guardState.quarantine.flatMap { $0.isActive ? $0 : nil } }

    var isRunning: Bool {
        guard outstanding.isRunning, let lastRun else { return false }
        return !lastRun.isFinal && lastRun.status != "awaiting_approval"
    }

    /// Whether its first sync waits until a person has reviewed the plan.
    var waitsForFirstSync: Bool { guardState.waiting.contains(where: \.isFirstSync) }

    /// How many objects fail, with those of which Entra refuses a part.
    var failing: Int { outstanding.failing + outstanding.refused }
}

/// What the template `waiting` shows: the first of the runs that wait, where it is decided on, and the others behind it.
struct WaitingRuns: TemplateValue {
    let address: Address
    let message: String
    let since: ShownTime?
    let others: [Run]
    let more: String?

    struct Run: TemplateValue {
        let address: Address
        let message: String
        let since: ShownTime?
    }

    /// - Returns: nil where none waits.
    init?(_ runs: [RunView], _ texts: Texts) {
        guard let first = runs.first else { return nil }
        address = .run(first.pk)
        message = first.message
        since = Formatting.time(first.started)
        others = runs.dropFirst().map {
            Run(address: .run($0.pk), message: $0.message, since: Formatting.time($0.started))
        }
        more = others.isEmpty ? nil : texts("provider.waiting_more", count: others.count)
    }
}
