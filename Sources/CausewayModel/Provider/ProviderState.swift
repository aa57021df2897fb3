/// What is outstanding at a provider: everything that keeps its tenant, or may keep it, from being as the directory says.
package struct Outstanding: Hashable, Sendable {
    /// Whether it is assigned to an application.
    package var isAssigned = true
    /// The filter group that was deleted.
    package var vanishedFilterGroup: String?
    /// How it fares where its last runs failed as a whole.
    package var health: ProviderHealth?
    package var isPaused = false
    package var isDryRun = false
    package var isRunning = false
    /// Runs that wait until a person decides.
    package var waitingRuns = 0
    /// Whether one of them is the first sync, of which nothing has been sent yet.
    package var isFirstSyncWaiting = false
    /// Objects whose latest attempt failed, and those of them that are tried again by themselves; without ``refused``.
    package var failing = 0
    package var retried = 0
    /// Objects of which nothing fails but a part that Entra has refused, which is not sent again until something changes.
    package var refused = 0
    /// Whether something else is tried again by itself.
    package var hasRetries = false
    /// When a full sync last came to its end.
    package var lastFullSync: Timestamp?
    /// What a run that has not been yet was asked for; nil where none is.
    package var request: RunTrigger?
    /// Whether a run since the last full sync was cut off, or what it held back was declined.
    package var isLeftUndone = false
    /// Changes of the directory that were not looked at yet, counted up to ``mostChanges``.
    package var changes = 0

    package static let mostChanges = 10_000

    package init() {}
}

/// How a provider is: the most urgent thing that can be said of it. Every surface shows this one value, and none of them looks at the
/// last run to say whether all is well. Pure.
package enum ProviderState: String, Sendable, CaseIterable {
    case unassigned
    case filterGroupDeleted = "filter_group_deleted"
    /// Its last runs failed as a whole.
    case quarantined
    /// A run waits for a person.
    case waiting
    case paused
    /// Objects fail, or are tried again.
    case failing
    case working
    case dryRun = "dry_run"
    case neverSynced = "never_synced"
    /// Something has changed, or was left undone, since everything was compared last.
    case behind
    /// All is done but for parts that Entra refuses.
    case refused
    case inStep = "in_step"

    package init(_ outstanding: Outstanding) {
        self =
            if !outstanding.isAssigned {
                .unassigned
            } else if outstanding.vanishedFilterGroup != nil {
                .filterGroupDeleted
            } else if outstanding.health != nil {
                .quarantined
            } else if outstanding.waitingRuns > 0 {
                .waiting
            } else if outstanding.isPaused {
                .paused
            } else if outstanding.failing > 0 {
                .failing
            } else if outstanding.isRunning {
                .working
            } else if outstanding.isDryRun {
                .dryRun
            } else if outstanding.lastFullSync == nil {
                .neverSynced
            } else if outstanding.isBehind {
                .behind
            } else if outstanding.refused > 0 {
                .refused
            } else {
                .inStep
            }
    }

    /// In a word or two.
    package var words: String {
        switch self {
        case .unassigned: "not assigned to an application"
        case .filterGroupDeleted: "stopped: its filter group was deleted"
        case .quarantined: "quarantine"
        case .waiting: "waiting for approval"
        case .paused: "paused"
        case .failing: "failing"
        case .working: "working"
        case .dryRun: "dry run"
        case .neverSynced: "never synced"
        case .behind: "not up to date"
        case .refused: "partly refused"
        case .inStep: "in step"
        }
    }
}

extension Outstanding {
    /// Whether anything is to be done or compared before the tenant can be called as the directory says.
    fileprivate var isBehind: Bool {
        let isAskedFor = request != nil && request != .schedule
        return isAskedFor || hasRetries || isLeftUndone || changes > 0
    }

    package var state: ProviderState { ProviderState(self) }

    /// What is outstanding, each in a sentence; empty where nothing is.
    package var sentences: [String] {
        var sentences: [String] = []
        if !isAssigned { sentences.append("No application names the provider, so nothing is synced.") }
        if let vanishedFilterGroup {
            sentences.append("Its filter group '\(vanishedFilterGroup)' was deleted; choose another, or none.")
        }
        if let health { sentences.append("Runs fail as a whole: \(health.reason)") }
        if isFirstSyncWaiting {
            sentences.append("The first sync waits: look at its plan, then start the sync, or approve the plan.")
        } else if waitingRuns > 0 {
            sentences.append("\(Self.count(waitingRuns, "run")) \(waitingRuns == 1 ? "waits" : "wait") for approval.")
        }
        if isPaused { sentences.append("It is paused.") }
        if failing > 0 { sentences.append(failingSentence) }
        if refused > 0 { sentences.append("Entra refuses parts of \(Self.count(refused, "object")).") }
        if isDryRun { sentences.append("It is set to dry run, so nothing is sent.") }
        if lastFullSync == nil { sentences.append("No full sync has come to its end.") }
        if changes > 0 {
            let many = changes >= Self.mostChanges ? "More than " : ""
            sentences.append(
                "\(many)\(Self.count(changes, "change")) of the directory \(changes == 1 ? "is" : "are") not synced yet."
            )
        }
        if let request, request != .schedule { sentences.append(Self.sentence(of: request)) }
        if isLeftUndone { sentences.append("A run since the last full sync was cut off or declined.") }
        if hasRetries, failing == 0 { sentences.append("Some objects are tried again soon.") }
        return sentences
    }

    private var failingSentence: String {
        let retries = retried == 0 ? "" : "; \(retried == failing ? "all" : "\(retried)") of them are tried again soon"
        return
            "\(Self.count(failing, "object")) \(failing == 1 ? "fails" : "fail")\(failing == 1 && retried == 1 ? "; it is tried again soon" : retries)."
    }

    private static func sentence(of request: RunTrigger) -> String {
        switch request {
        case .save: "The provider or its mappings have changed since everything was compared."
        case .change: "Much of the directory has changed since everything was compared."
        default: "A sync was asked for and has not been yet."
        }
    }

    private static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
