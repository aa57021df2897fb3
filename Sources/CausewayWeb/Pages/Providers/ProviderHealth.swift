import CausewayAPI
import CausewayJSON

/// The state of a provider, as a word of the catalog's `states`, and the reasons. The API decides the state; pages do not.
struct ProviderHealth: Sendable {
    let provider: ProviderView
    let guardState: GuardView
    /// Its state, and what is outstanding.
    let outstanding: ProviderStateView
    /// The same as the text that the API's events have.
    let stateText: String
    /// The latest runs, the latest first.
    let runs: [RunView]
    /// The application that has it under *Provider* and not under *Backchannel Providers*, if no other has it there.
    let mistakenApplication: MistakenApplication?

    /// - Parameter runs: the number of runs to read.
    init(_ provider: ProviderView, runs count: Int = 1, _ api: APIClient) async throws {
        let source = "/causeway/providers/\(provider.pk)/"
        self.provider = provider
        guardState = try await api.get("\(source)guard/")
        let state = try await api.get("\(source)state/", as: JSONValue.self)
        outstanding = try AnswerDecoder.decode(from: state)
        stateText = state.text
        runs = try await api.rows("\(source)runs/?page_size=\(count)")
        let isAssigned = provider.assignedBackchannelApplicationSlug != nil
        mistakenApplication = isAssigned ? nil : try await api.mistakenApplication(of: provider)
    }

    var lastRun: RunView? { runs.first }

    var isAssigned: Bool { provider.assignedBackchannelApplicationSlug != nil }

    var quarantine: QuarantineView? { guardState.quarantine.flatMap { $0.isActive ? $0 : nil } }

    var isRunning: Bool {
        guard outstanding.isRunning, let lastRun else { return false }
        return !lastRun.isFinal && lastRun.status != "awaiting_approval"
    }

    /// Whether its first sync waits for approval.
    var waitsForFirstSync: Bool { guardState.waiting.contains(where: \.isFirstSync) }

    /// The number of objects that fail, including those with refused values.
    var failing: Int { outstanding.failing + outstanding.refused }
}

/// The content of the template `waiting`: the first of the runs that wait for approval, with links to it and to the others.
struct WaitingRuns: TemplateValue {
    let address: Address
    let message: Message
    let since: ShownTime?
    let others: [Run]
    let more: String?

    struct Run: TemplateValue {
        let address: Address
        let message: Message
        let since: ShownTime?
    }

    /// - Returns: nil if no run waits.
    init?(_ runs: [RunView], _ texts: Texts) {
        guard let first = runs.first else { return nil }
        address = .run(first.pk)
        message = first.message
        since = ShownTime(first.started)
        others = runs.dropFirst().map {
            Run(address: .run($0.pk), message: $0.message, since: ShownTime($0.started))
        }
        more = others.isEmpty ? nil : texts("provider.waiting_more", count: others.count)
    }
}
