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
    package enum Mode: Hashable, Sendable {
        /// Plan, and change nothing.
        case planOnly
        /// Plan and carry out; what the guard objects to waits.
        case apply
        /// Plan and carry out only what a stored plan shows; where the new plan is another, nothing is done. What the guard objects
        /// to waits.
        case applyPlan(RunID)
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
        try await checkPlan(mode, provider)
        let lease = RunLease(owner: ProcessIdentity.current.text, duration: Self.leaseLength)
        let begun = try await store.write { transaction -> Run? in
            let run = Run(
                provider: provider.id,
                trigger: trigger,
                isFull: selection.objects == nil,
                startedAt: transaction.now
            )
            guard try transaction.beginRun(run, lease: lease, isGone: { ProcessIdentity($0)?.isGone ?? false })
            else { return nil }
            try transaction.settleUnanswered(provider: provider.id, before: run.id)
            if trigger == .approval, run.isFull, mode == .apply, !provider.dryRun {
                try transaction.takeApprovals(of: provider.id, by: run.id)
            }
            // Whoever asks for some objects wants them tried again.
            if trigger == .manual, let objects = selection.objects {
                try transaction.forgetRefusals(of: objects, provider: provider.id)
            }
            return run
        }
        guard let run = begun else { throw RunUnderWay(provider: provider.name) }
        do {
            try await whileRenewing(lease, of: run.id) {
                let task = RunTask(
                    run: run,
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
        let ended = try await store.read { try $0.run(run.id) } ?? run
        if case .applyPlan = mode, ended.status == .planned { throw PlanRefused(ended.message) }
        return ended
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
                try transaction.endApprovals(takenBy: run.id, .failed(run.id))
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

    /// Refuses to apply what is no plan of this provider that was only shown.
    private func checkPlan(_ mode: Mode, _ provider: EntraProvider) async throws {
        guard case .applyPlan(let id) = mode else { return }
        guard let plan = try await store.read({ try $0.run(id) }), plan.provider == provider.id else {
            throw PlanRefused("There is no plan '\(id.text)' of '\(provider.name)'.")
        }
        let isFirst = try await store.read { try $0.waitsForFirstSync(plan) }
        guard plan.status == .planned || isFirst else {
            throw PlanRefused(
                "Run \(id.text) is no plan that was only shown; it stands at '\(plan.status.rawValue)'."
            )
        }
        guard !provider.dryRun else {
            throw PlanRefused("'\(provider.name)' is set to dry run, so no plan is carried out.")
        }
    }

    /// A run and what it may do.
    private struct RunTask: Sendable {
        let run: Run
        let provider: EntraProvider
        let mode: Mode
        let selection: PlanSelection
        let progress: ProgressObserver
    }

    private func carryOut(_ task: RunTask, in session: SyncSession?) async throws {
        if let session {
            return try await carryOut(task, session.serving(task.run.id, progress: task.progress))
        }
        try await SyncSession.with(
            store: store,
            provider: task.provider,
            run: task.run.id,
            runtime: runtime,
            progress: task.progress
        ) { try await carryOut(task, $0) }
    }

    private func carryOut(_ task: RunTask, _ session: SyncSession) async throws {
        do {
            async let _ = session.prepare(for: task.selection)
            let journalEnd = try await store.read { try $0.journalEnd() }
            let recovery = Recovery(session: session)
            try await recovery.reread()
            try await Discovery(session: session).run()
            if task.mode != .planOnly { try await recovery.findArrivals() }
            try await RefusalCircumstances(session: session).apply()
            try await store.write { try $0.setStatus(.planning, of: task.run.id) }
            let planner = Planner(session: session, selection: task.selection)
            let danger = try await planner.run()
            if task.mode != .planOnly, let objection = planner.objection { throw ProvisioningError(objection) }
            let review = PlanReview(provider: task.provider, run: task.run, danger: danger)
            switch try await store.write({ try begin(task, review, in: $0) }) {
            case .show, .wait: return
            case .carryOut: try await apply(task, session, planner, holding: nil, journalEnd: journalEnd)
            case .holdBack(_, let objection):
                let held = HeldRun(provider: task.provider, run: task.run, objection: objection)
                try await apply(task, session, planner, holding: held, journalEnd: journalEnd)
            }
        } catch let failure as GraphFailure {
            throw ProvisioningError(failure)
        }
    }

    /// Decides about the plan, and lets it be carried out or ends the run: in one transaction, so that an approval that it counts on
    /// stands until then.
    private func begin(_ task: RunTask, _ review: PlanReview, in transaction: Transaction) throws -> PlanVerdict {
        let verdict = try review.verdict(on: task.mode, in: transaction)
        switch verdict {
        case .show(let message):
            try noteFailing(task, isPlan: true, transaction)
            try transaction.setStatus(.planned, of: task.run.id, message: message)
        case .carryOut: try transaction.setStatus(.applying, of: task.run.id)
        case .holdBack(let extent, _):
            try transaction.setStatus(.applying, of: task.run.id)
            try transaction.holdBack(extent, of: task.run.id)
        case .wait(let message):
            try noteFailing(task, isPlan: true, transaction)
            try HeldRun(provider: task.provider, run: task.run, objection: message).waitWithEverything(in: transaction)
        }
        return verdict
    }

    /// Carries the plan out, but for what is held back.
    private func apply(
        _ task: RunTask,
        _ session: SyncSession,
        _ planner: Planner,
        holding held: HeldRun?,
        journalEnd: Int64
    ) async throws {
        try await planner.commit()
        try await Applier(session: session).run()
        try await planner.conclude()
        try await noteWhatIsDone(task, journalEnd: journalEnd)
        if let held { try await store.write(held.wait(in:)) } else { try await finish(task.run) }
    }

    private func noteFailing(_ task: RunTask, isPlan: Bool, _ transaction: Transaction) throws {
        let (run, looked) = (task.run.id, task.selection.links)
        try transaction.noteFailing(after: run, of: task.provider.id, looked: looked, isPlan: isPlan)
    }

    /// Plans the retries that the run leaves behind, and moves the provider's place in the journal.
    ///
    /// - Parameter journalEnd: how far the journal went when the directory was looked at.
    private func noteWhatIsDone(_ task: RunTask, journalEnd: Int64) async throws {
        let (run, provider, looked) = (task.run.id, task.provider.id, task.selection.links)
        try await store.write { transaction in
            try transaction.planRetries(after: run, provider: provider, looked: looked, pause: RetryPause.after)
            try noteFailing(task, isPlan: false, transaction)
            try transaction.settleFirstLinks(after: run, provider: provider, compared: task.selection.comparedWhole)
            if looked == nil { try transaction.setJournalPosition(journalEnd, of: provider) }
            try transaction.trimJournal()
        }
    }

    private func finish(_ run: Run) async throws {
        try await store.write { transaction in
            let hasFailures = try transaction.actionCounts(of: run.id).contains { $0.status.isUnfinished }
            try transaction.setStatus(hasFailures ? .warning : .succeeded, of: run.id)
            if run.isFull { try transaction.concludeFullSync(run.id, of: run.provider, isWaiting: false) }
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
                repeat {
                    try await Task.sleep(for: lease.duration / 4)
                } while try await store.write {
                    try $0.renew(lease, of: run)
                }
                return false
            }
            defer { group.cancelAll() }
            while try await group.next() == false {}
        }
    }
}
