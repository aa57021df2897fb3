/// The outstanding work of a provider: everything that keeps its tenant, or may keep it, from matching the directory.
package struct Outstanding: Hashable, Sendable {
    /// Whether it is assigned to an application.
    package var isAssigned = true
    /// The filter group that was deleted.
    package var vanishedFilterGroup: String?
    /// The failures of its last runs as a whole.
    package var quarantine: Quarantine?
    package var isPaused = false
    package var isDryRun = false
    package var isRunning = false
    /// The run in progress.
    package var run: RunID?
    /// The run that began last. With it, a page that looks from time to time sees that a run was there in between.
    package var latestRun: RunID?
    /// Runs that wait for a decision.
    package var waitingRuns = 0
    /// Whether one of them is the first sync, of which nothing has been sent yet.
    package var isFirstSyncWaiting = false
    /// Objects whose latest attempt failed, and those of them that are retried automatically; without ``refused``.
    package var failing = 0
    package var retried = 0
    /// Objects whose only failure is a part that Entra refused, which is not sent again until something changes.
    package var refused = 0
    /// Whether something else is retried automatically.
    package var hasRetries = false
    /// When a full sync last finished.
    package var lastFullSync: Timestamp?
    /// What a pending run request was made for; nil if there is none.
    package var request: RunTrigger?
    /// Whether a run since the last full sync was interrupted or canceled, or its held changes were rejected.
    package var isLeftUndone = false
    /// Changes of the directory that were not processed yet, counted up to ``mostChanges``.
    package var changes = 0
    /// Whether the database was restored from a backup, and no full sync has ended since with nothing that waits.
    package var isRestored = false

    package static let mostChanges = 10_000

    package init() {}
}

/// What a sentence about outstanding work is about, so that a page can lead there.
package enum OutstandingMatter: String, Sendable, CaseIterable {
    case application
    case filterGroup = "filter_group"
    case quarantine, approval, pause, failures, refusals
    case dryRun = "dry_run"
    case fullSync = "full_sync"
    case changes, request
    case leftUndone = "left_undone"
    case retries, restore
}

/// One piece of outstanding work.
package struct OutstandingItem: Hashable, Sendable {
    package let matter: OutstandingMatter
    package let sentence: String
}

/// The state of a provider: the most urgent thing that can be said about it. Every surface shows this one value, and none of them derives
/// it from the last run. Pure.
package enum ProviderState: String, Sendable, CaseIterable {
    case unassigned
    case filterGroupDeleted = "filter_group_deleted"
    /// Its last runs failed as a whole.
    case quarantined
    /// A run waits for a person.
    case waiting
    case paused
    /// Objects fail, or wait for a retry.
    case failing
    case working
    case dryRun = "dry_run"
    case neverSynced = "never_synced"
    /// Something has changed, or was left undone, since the last full comparison.
    case behind
    /// Everything is done except parts that Entra refuses.
    case refused
    case inSync = "in_sync"

    package init(_ outstanding: Outstanding) {
        self =
            if !outstanding.isAssigned {
                .unassigned
            } else if outstanding.vanishedFilterGroup != nil {
                .filterGroupDeleted
            } else if outstanding.quarantine != nil {
                .quarantined
            } else if outstanding.waitingRuns > 0 {
                .waiting
            } else if outstanding.isPaused {
                .paused
            } else if outstanding.failing > 0, !outstanding.isBeforeFirstSync {
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
                .inSync
            }
    }

    /// In a word or two, for the command line; pages have the same words (`states` in en.json).
    package var words: String {
        switch self {
        case .unassigned: "not assigned"
        case .filterGroupDeleted: "stopped: filter group deleted"
        case .quarantined: "quarantined"
        case .waiting: "waiting for approval"
        case .paused: "paused"
        case .failing: "failing"
        case .working: "working"
        case .dryRun: "dry run"
        case .neverSynced: "never synced"
        case .behind: "not up to date"
        case .refused: "partly refused"
        case .inSync: "in sync"
        }
    }
}

extension Outstanding {
    /// Whether what fails has failed in plans alone, which a first sync has not followed yet.
    fileprivate var isBeforeFirstSync: Bool { lastFullSync == nil && !isDryRun }

    /// Whether anything must be done or compared before the tenant can be called in sync.
    fileprivate var isBehind: Bool {
        let isAskedFor = request != nil && request != .schedule
        return isAskedFor || hasRetries || isLeftUndone || changes > 0 || isRestored
    }

    package var state: ProviderState { ProviderState(self) }

    /// What is outstanding, each in a sentence; empty if there is nothing.
    package var sentences: [String] { items.map(\.sentence) }

    /// What is outstanding, the most urgent first; empty if there is nothing.
    package var items: [OutstandingItem] {
        var items: [OutstandingItem] = []
        func add(_ matter: OutstandingMatter, _ sentence: String) {
            items.append(OutstandingItem(matter: matter, sentence: sentence))
        }
        if !isAssigned { add(.application, "No application uses the provider, so nothing is synced.") }
        if let vanishedFilterGroup {
            add(.filterGroup, "Its filter group '\(vanishedFilterGroup)' was deleted; choose another group, or none.")
        }
        if let quarantine { add(.quarantine, "Runs fail as a whole: \(quarantine.reason)") }
        if isFirstSyncWaiting {
            add(.approval, "The first sync waits: review its plan, then approve it.")
        } else if waitingRuns > 0 {
            add(.approval, waitingRuns == 1 ? "1 run waits for approval." : "\(waitingRuns) runs wait for approval.")
        }
        if isRestored {
            add(.restore, "The database was restored from a backup; what runs would take away waits for approval.")
        }
        if isPaused { add(.pause, "It is paused.") }
        if failing > 0 { add(.failures, failingSentence) }
        if refused > 0 {
            let sentence =
                refused == 1 ? "Entra refuses parts of 1 object." : "Entra refuses parts of \(refused) objects."
            add(.refusals, sentence)
        }
        if isDryRun { add(.dryRun, "It is set to dry run, so nothing is sent.") }
        if lastFullSync == nil { add(.fullSync, "No full sync has finished yet.") }
        if changes > 0 { add(.changes, changesSentence) }
        if let request, request != .schedule { add(.request, Self.sentence(of: request)) }
        if isLeftUndone { add(.leftUndone, "A run since the last full sync was interrupted, canceled or rejected.") }
        if hasRetries, failing == 0 { add(.retries, "Some objects are retried soon.") }
        return items
    }

    private var changesSentence: String {
        if changes >= Self.mostChanges { return "More than \(changes) changes of the directory are not synced yet." }
        return changes == 1
            ? "1 change of the directory is not synced yet." : "\(changes) changes of the directory are not synced yet."
    }

    private var failingSentence: String {
        switch (failing, retried) {
        case (1, 0): "1 object fails."
        case (1, _): "1 object fails; it is retried soon."
        case (_, 0): "\(failing) objects fail."
        case (failing, failing): "\(failing) objects fail; all of them are retried soon."
        default: "\(failing) objects fail; \(retried) of them are retried soon."
        }
    }

    private static func sentence(of request: RunTrigger) -> String {
        switch request {
        case .save: "The provider or its mappings have changed since the last full comparison."
        default: "A sync was requested and has not started yet."
        }
    }
}
