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
    ///   - comparesEverything: whether everything is evaluated, whatever has changed.
    ///   - stoppedWaiting: what a signal says that stops the waiting.
    ///   - whenBusy: waits a while; a summary is the result, and nothing is run.
    /// - Throws: ``Interruption`` if it was stopped before it began.
    func run(
        _ provider: EntraProvider,
        trigger: RunTrigger,
        mode: RunMode = .apply,
        comparesEverything: Bool = false,
        stoppedWaiting: String,
        whenBusy: @escaping @Sendable (ProviderBusyError) async throws -> RunSummary?
    ) async throws -> RunSummary {
        let (begun, isWaiting) = (Shared<RunID?>(nil), Shared(false))
        do {
            return try await Interruption.stopping {
                while true {
                    isWaiting.value = false
                    do {
                        let instruction = RunInstruction(
                            provider.id,
                            trigger: trigger,
                            mode: mode,
                            comparesEverything: comparesEverything
                        )
                        let run = try await runOnce(provider, instruction, begun)
                        return try await RunSummary.load(run.id, from: store)
                    } catch let busy as ProviderBusyError {
                        isWaiting.value = true
                        if let summary = try await whenBusy(busy) { return summary }
                    }
                }
            }
        } catch let interruption as Interruption {
            guard !isWaiting.value else { throw interruption.saying(stoppedWaiting) }
            return try await stopped(interruption, provider, trigger, begun.value)
        }
    }

    private func runOnce(
        _ provider: EntraProvider,
        _ instruction: RunInstruction,
        _ begun: Shared<RunID?>
    ) async throws -> Run {
        let progress = Output.progress
        let pace = Task { await follow(provider.id, progress) }
        defer {
            pace.cancel()
            progress.finish()
        }
        let coordinator = RunCoordinator(store: store, runtime: runtime)
        return try await coordinator.run(instruction, progress: progress.observer) { run, transaction in
            begun.value = run.id
            // An approval has its own event.
            guard instruction.trigger != .approval else { return }
            try transaction.recordRun(run.id, instruction.mode.word, of: provider)
        }
    }

    /// Shows every second how far Graph's limits are used.
    private func follow(_ provider: ProviderID, _ progress: ProgressLine) async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            progress.note(RunPace(await runtime.throttles.states(of: provider), limits: runtime.limits))
        }
    }

    /// The run that a signal stopped.
    ///
    /// - Parameter begun: the run, if it had begun.
    private func stopped(
        _ interruption: Interruption,
        _ provider: EntraProvider,
        _ trigger: RunTrigger,
        _ begun: RunID?
    ) async throws -> RunSummary {
        guard let begun, let run = try await store.read({ try $0.run(begun) }) else {
            // The approval is stored before its run begins.
            guard trigger != .approval else {
                throw interruption.saying(
                    "Stopped. The approval stays, and the next run of '\(provider.name)' applies it."
                )
            }
            throw interruption.saying("Stopped before the run began; nothing was changed.")
        }
        var summary = try await RunSummary.load(run.id, from: store)
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

/// A value that tasks share.
private final class Shared<Value: Sendable>: Sendable {
    private let stored: Mutex<Value>

    init(_ value: Value) { stored = Mutex(value) }

    var value: Value {
        get { stored.withLock(\.self) }
        set { stored.withLock { $0 = newValue } }
    }
}
