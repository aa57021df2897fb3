import CausewayModel
import CausewayProvisioning
import CausewayStore

extension RunWork {
    private static let pause: Duration = .milliseconds(300)

    /// One run, once no other run of the provider is in progress. If the other run has just made the plan that is asked for, or the one
    /// that a person reviews before the first sync, its summary is the result, and nothing else is run.
    ///
    /// - Throws: ``Interruption`` if it was stopped before it began.
    func runInTurn(
        _ provider: EntraProvider,
        trigger: RunTrigger,
        mode: RunMode = .apply,
        comparesEverything: Bool = false
    ) async throws -> RunSummary {
        try await run(
            provider,
            trigger: trigger,
            mode: mode,
            comparesEverything: comparesEverything,
            stoppedWaiting: "Stopped waiting. The other run goes on; this command did nothing."
        ) { busy in
            guard let id = try await store.read({ try $0.runUnderWay(of: provider.id) }) else { return nil }
            let other = try await wait(for: id, busy)
            return try await answers(other, mode) ? try await RunSummary.load(id, from: store) : nil
        }
    }

    /// Whether a run that has just ended is what a command waits for.
    private func answers(_ other: Run, _ mode: RunMode) async throws -> Bool {
        try await store.read { transaction in
            switch mode {
            case .planOnly: try transaction.isCurrentPlan(other)
            // It was made while the command waited, so no person has reviewed it.
            case .apply: try transaction.waitsForFirstSync(other)
            case .applyPlan: false
            }
        }
    }

    /// Waits until another run has ended, and shows how far it is.
    ///
    /// - Returns: the run as it ended.
    /// - Throws: the busy error if the run is gone.
    private func wait(for id: RunID, _ busy: ProviderBusyError) async throws -> Run {
        guard let other = try await store.read({ try $0.run(id) }) else { throw busy }
        printError(
            "Another run of '\(busy.provider)' is in progress: \(other.trigger.purpose), since \(other.startedAt.text). "
                + "This command waits for it."
        )
        let progress = Output.progress
        defer { progress.finish() }
        var seen = other
        while try await store.read({ try $0.runUnderWay(of: other.provider) }) == id {
            progress.show("Waiting: \(seen.status.step)", done: seen.examined, total: nil)
            try await Task.sleep(for: Self.pause)
            seen = try await store.read { try $0.run(id) } ?? seen
        }
        return try await store.read { try $0.run(id) } ?? other
    }
}

extension Run {
    fileprivate var examined: Int { examinedUsers + examinedGroups }
}

extension RunStatus {
    /// What a run in progress does.
    fileprivate var step: String {
        switch self {
        case .discovering: "reading"
        case .planning: "planning"
        case .applying: "applying"
        default: "ending"
        }
    }
}

extension RunTrigger {
    /// What a run is for, in a few words.
    var purpose: String {
        switch self {
        case .manual: "a sync that a person started"
        case .schedule: "a sync of the schedule"
        case .save: "a sync after a change of the provider"
        case .change: "changes of the directory are sent"
        case .preview: "a plan is made"
        case .approval: "approved changes are applied"
        }
    }
}
