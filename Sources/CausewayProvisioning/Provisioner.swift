import CausewayGraph
import CausewayJSON
package import CausewayModel
package import CausewayStore
import Foundation
import Logging

/// Runs providers: discovers, plans, and carries out.
package struct Provisioner: Sendable {
    private let store: Store
    private let runtime: ProvisioningRuntime

    private static let leaseLength: Duration = .seconds(60)

    package init(store: Store, runtime: ProvisioningRuntime) {
        self.store = store
        self.runtime = runtime
    }

    /// What a run may do.
    package enum Mode: Sendable {
        /// Plan, and change nothing.
        case planOnly
        /// Plan and carry out; what the guard objects to waits.
        case apply
        /// Plan and carry out whatever the guard says: a person has approved it.
        case applyApproved
    }

    /// One run from beginning to end.
    ///
    /// - Parameters:
    ///   - selection: everything, or what changed.
    ///   - session: an open session of this provider to use; without one, one is opened for the run.
    /// - Returns: the run as it ended; failures of single objects are in its actions.
    /// - Throws: ``ProvisioningError`` or another error of ours where it could not start or go on; the run then says why.
    @discardableResult
    package func run(
        _ provider: EntraProvider,
        trigger: RunTrigger,
        mode: Mode,
        selection: PlanSelection = .everything,
        in session: SyncSession? = nil,
        progress: @escaping ProgressObserver = { _ in }
    ) async throws -> Run {
        try Self.checkReady(provider)
        let lease = RunLease(owner: ProcessIdentity.current.text, duration: Self.leaseLength)
        let begun = try await store.write { transaction -> Run? in
            let run = Run(provider: provider.id, trigger: trigger, startedAt: transaction.now)
            guard try transaction.beginRun(run, lease: lease, isGone: { ProcessIdentity($0)?.isGone ?? false })
            else { return nil }
            try transaction.settleUnanswered(provider: provider.id, before: run.id)
            return run
        }
        guard let run = begun else { throw RunUnderWay(provider: provider.name) }
        do {
            try await whileRenewing(lease, of: run.id) {
                let task = RunTask(
                    run: run.id,
                    provider: provider,
                    mode: provider.dryRun ? .planOnly : mode,
                    selection: selection,
                    progress: progress
                )
                try await carryOut(task, in: session)
            }
        } catch {
            await note(error, run, provider)
            throw error
        }
        return try await store.read { try $0.run(run.id) } ?? run
    }

    /// Opens a session for several runs of a provider.
    ///
    /// - Throws: ``ProvisioningError`` where the tenant does not let us in or the mappings cannot be compiled.
    func withSession<Value>(_ provider: EntraProvider, _ body: (SyncSession) async throws -> Value) async throws
        -> Value
    {
        try Self.checkReady(provider)
        return try await SyncSession.with(
            store: store,
            provider: provider,
            run: .random(),
            runtime: runtime,
            progress: { _ in },
            body
        )
    }

    /// Writes down why a run ended before its time; the error itself is what the caller hears.
    ///
    /// In a task of its own, since the store refuses a cancelled one, and a cancelled run must not seem to be under way.
    private func note(_ error: any Error, _ run: Run, _ provider: EntraProvider) async {
        await Task { [store] in
            _ = try? await store.write { transaction in
                if error is CancellationError {
                    return try transaction.setStatus(.interrupted, of: run.id, message: "Stopped before its end.")
                }
                try transaction.setStatus(.failed, of: run.id, message: "\(error)")
                try transaction.insertEvent(Self.failureEvent(error, run, provider, transaction.now))
            }
        }.value
    }

    private static func failureEvent(_ error: any Error, _ run: Run, _ provider: EntraProvider, _ now: Timestamp)
        -> Event
    {
        Event(
            action: "system_task_exception",
            app: "causeway.provisioning",
            actor: "causeway",
            context: [
                "provider": .string(provider.name), "run": .string(run.id.text), "message": .string("\(error)"),
            ],
            created: now
        )
    }

    private static func checkReady(_ provider: EntraProvider) throws {
        if let group = provider.vanishedFilterGroup {
            throw ProvisioningError(
                "The filter group '\(group)' of '\(provider.name)' was deleted; choose another, or none. Until then nothing is "
                    + "synced, since everyone would be in scope."
            )
        }
        guard provider.application != nil else {
            throw ProvisioningError(
                "'\(provider.name)' is not assigned to an application; name it as a backchannel provider of one."
            )
        }
    }

    /// A run and what it may do.
    private struct RunTask: Sendable {
        let run: RunID
        let provider: EntraProvider
        let mode: Mode
        let selection: PlanSelection
        let progress: ProgressObserver
    }

    private func carryOut(_ task: RunTask, in session: SyncSession?) async throws {
        if let session {
            return try await carryOut(task, session.serving(task.run, progress: task.progress))
        }
        try await SyncSession.with(
            store: store,
            provider: task.provider,
            run: task.run,
            runtime: runtime,
            progress: task.progress
        ) { try await carryOut(task, $0) }
    }

    private func carryOut(_ task: RunTask, _ session: SyncSession) async throws {
        let (run, mode) = (task.run, task.mode)
        do {
            let end = try await store.read { try $0.journalEnd() }
            let recovery = Recovery(session: session)
            try await recovery.reread()
            try await Discovery(session: session).run()
            if mode != .planOnly { try await recovery.findCreations() }
            try await store.write { try $0.setStatus(.planning, of: run) }
            let planner = Planner(session: session, selection: task.selection)
            let dangerous = try await planner.run()
            let objection = try await objection(to: dangerous, task.provider, mode)
            guard mode != .planOnly else {
                return try await store.write { try $0.setStatus(.planned, of: run, message: objection ?? "") }
            }
            try await store.write { try $0.setStatus(.applying, of: run) }
            try await planner.commit()
            let held: Set<ActionPhase> = objection == nil ? [] : [.removals, .suspensions, .deletions]
            try await Applier(session: session, held: held).run()
            try await finish(task, objection: objection, journalEnd: end)
        } catch let failure as GraphFailure {
            throw ProvisioningError(failure)
        }
    }

    private func objection(to dangerous: Int, _ provider: EntraProvider, _ mode: Mode) async throws -> String? {
        guard mode != .applyApproved, dangerous > 0 else { return nil }
        let managed = try await store.read { try $0.managedCount(provider: provider.id) }
        return Guard(settings: provider.settings).objection(to: Guard.Danger(actions: dangerous, managed: managed))
    }

    /// - Parameter journalEnd: how far the journal went when the directory was looked at.
    private func finish(_ task: RunTask, objection: String?, journalEnd: Int64) async throws {
        let (run, provider, looked) = (task.run, task.provider.id, task.selection.objects)
        try await store.write { transaction in
            try transaction.planRetries(after: run, provider: provider, looked: looked, pause: RetryPause.after)
            if looked == nil { try transaction.setJournalPosition(journalEnd, of: provider) }
            try transaction.trimJournal()
            let counts = try transaction.actionCounts(of: run)
            let hasFailures = counts.contains { [.failed, .retry].contains($0.status) }
            if let objection {
                let message = "\(objection) The rest is done; look at the plan and approve it."
                try transaction.holdForApproval(run, message: message)
            } else {
                try transaction.setStatus(hasFailures ? .warning : .succeeded, of: run)
            }
        }
    }

    /// Does the work while showing signs of life; losing the lease ends the work.
    private func whileRenewing(_ lease: RunLease, of run: RunID, _ work: @escaping @Sendable () async throws -> Void)
        async throws
    {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            group.addTask { [store] in
                while true {
                    try await Task.sleep(for: lease.duration / 4)
                    try await store.write { try $0.renew(lease, of: run) }
                }
            }
            defer { group.cancelAll() }
            _ = try await group.next()
        }
    }
}
