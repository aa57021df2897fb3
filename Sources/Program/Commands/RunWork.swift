import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation
import Synchronization

/// Runs a provider for a command, with progress on standard error.
struct RunWork {
    let store: Store
    let runtime: ProvisioningRuntime

    /// One run from beginning to end. Ctrl-C and SIGTERM cancel it; the summary then says what was done. While another run of the
    /// provider is in progress, it waits.
    ///
    /// - Parameters:
    ///   - stoppedWaiting: what a signal says that stops the waiting.
    ///   - whenBusy: waits a while; a summary is the result, and nothing is run.
    /// - Throws: ``Interruption`` if it was stopped before it began.
    func run(
        _ provider: EntraProvider,
        trigger: RunTrigger,
        mode: RunMode = .apply,
        stoppedWaiting: String,
        whenBusy: @escaping @Sendable (ProviderBusyError) async throws -> RunSummary?
    ) async throws -> RunSummary {
        let (began, isWaiting) = (try await store.read { $0.now }, Flag())
        do {
            return try await Interruption.stopping {
                while true {
                    isWaiting.set(false)
                    do {
                        let run = try await runOnce(provider, trigger, mode)
                        return try await RunSummary.load(run.id, from: store)
                    } catch let busy as ProviderBusyError {
                        isWaiting.set(true)
                        if let summary = try await whenBusy(busy) { return summary }
                    }
                }
            }
        } catch let interruption as Interruption {
            guard !isWaiting.isSet else { throw interruption.saying(stoppedWaiting) }
            return try await stopped(interruption, provider, trigger, since: began)
        }
    }

    private func runOnce(_ provider: EntraProvider, _ trigger: RunTrigger, _ mode: RunMode) async throws -> Run {
        let progress = Output.progress
        let pace = Task { await follow(provider.id, progress) }
        defer {
            pace.cancel()
            progress.finish()
        }
        let instruction = RunInstruction(provider.id, trigger: trigger, mode: mode)
        let coordinator = RunCoordinator(store: store, runtime: runtime)
        return try await coordinator.run(instruction, progress: progress.observer) { run, transaction in
            // An approval has its own event.
            guard trigger != .approval else { return }
            try transaction.recordRun(run.id, mode.word, of: provider)
        }
    }

    /// Shows every second how far Graph's limits are used.
    private func follow(_ provider: ProviderID, _ progress: ProgressLine) async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            progress.note(RunPace(await runtime.throttles.states(of: provider), limits: runtime.limits))
        }
    }

    /// The run that a signal stopped.
    private func stopped(
        _ interruption: Interruption,
        _ provider: EntraProvider,
        _ trigger: RunTrigger,
        since began: Timestamp
    ) async throws -> RunSummary {
        let last = try await store.read { transaction in
            try transaction.runs(of: provider.id, limit: 10).first { $0.trigger == trigger && $0.startedAt >= began }
        }
        guard let last else {
            // The approval is stored before its run begins.
            guard trigger != .approval else {
                throw interruption.saying(
                    "Stopped. The approval stays, and the next run of '\(provider.name)' applies it."
                )
            }
            throw interruption.saying("Stopped before the run began; nothing was changed.")
        }
        var summary = try await RunSummary.load(last.id, from: store)
        summary.stop = StoppedRun(interruption, of: provider.name, trigger: trigger, counts: summary.counts)
        return summary
    }

    /// Approves what a run held back, and applies it. A running server may do it first; then this waits for the server's run.
    ///
    /// - Throws: ``UserError`` if it could not be applied; the approval is then void.
    func approve(_ held: Run, of provider: EntraProvider, by origin: EventOrigin) async throws -> RunSummary {
        try await Approvals(store: store).approve(held.id, by: origin)
        let stoppedWaiting =
            "Stopped. The approval stays, and another run of the provider applies it; see: causeway plan show \(held.id.text)"
        do {
            return try await run(provider, trigger: .approval, stoppedWaiting: stoppedWaiting) { _ in
                if let answer = try await answer(to: held.id) { return answer }
                try await Task.sleep(for: .milliseconds(500))
                return nil
            }
        } catch let error as ProvisioningError {
            throw UserError("Approved, but could not be applied: \(error) Sync again and approve the new run.")
        }
    }

    /// The run that has applied an approval, once there is one.
    private func answer(to held: RunID) async throws -> RunSummary? {
        let approval = try await store.read { try $0.approval(of: held) }
        guard let approval, approval.endedAt != nil else { return nil }
        guard let run = approval.appliedBy else { throw UserError("Approved, but not applied. \(approval.ending)") }
        return try await RunSummary.load(run, from: store)
    }
}

extension RunMode {
    /// What a run is for, in events.
    fileprivate var word: String {
        switch self {
        case .planOnly: "plan"
        case .apply: "sync"
        case .applyPlan: "apply"
        }
    }
}

extension String {
    /// The user who runs this program.
    static var operatingSystemUser: String {
        let name = ProcessInfo.processInfo.userName
        return name.isEmpty ? "command line" : name
    }
}

/// A truth value that tasks share.
private final class Flag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool { value.withLock(\.self) }

    func set(_ new: Bool) { value.withLock { $0 = new } }
}
