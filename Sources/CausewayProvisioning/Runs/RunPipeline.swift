import CausewayGraph
package import CausewayModel
package import CausewayStore

/// A run that has begun, and what it may do.
package struct RunTask: Sendable {
    package let run: Run
    package let provider: EntraProvider
    let mode: RunMode
    let selection: PlanSelection
    /// An open session of the provider to use; without one, one is opened for the run.
    let session: SyncSession?
    let progress: ProgressObserver
}

/// The last step of a run, in one transaction with its records: leaves the run with a final status, or waiting for approval.
///
/// - Returns: the end of the journal when the directory was read; nil if the run was about a few objects, or applied nothing.
package typealias RunConclusion = @Sendable (Transaction) throws -> Int64?

/// The work of a run: discover, plan, review, apply.
struct RunPipeline: Sendable {
    let store: Store
    let sessions: SessionOpener

    /// - Throws: ``ProvisioningError`` or another of the program's errors if the run could not continue.
    @Sendable func run(_ task: RunTask) async throws -> RunConclusion {
        if let session = task.session {
            return try await run(task, session.serving(task.run.id, progress: task.progress))
        }
        return try await sessions.open(task.provider, run: task.run.id, progress: task.progress) {
            try await run(task, $0)
        }
    }

    private func run(_ task: RunTask, _ session: SyncSession) async throws -> RunConclusion {
        do {
            async let _ = session.prepare(for: task.selection)
            let journalEnd = try await store.read { try $0.journalEnd() }
            let resolver = PendingActionResolver(session: session)
            try await resolver.refreshUncertainObjects()
            try await Discovery(session: session).run()
            if task.mode != .planOnly { try await resolver.resolvePendingCreates() }
            try await RefusalCircumstances(session: session).apply()
            try await store.write { try $0.setStatus(.planning, of: task.run.id) }
            let planner = Planner(session: session, selection: task.selection)
            let destructive = try await planner.run()
            if task.mode != .planOnly, let reason = planner.blockingReason { throw ProvisioningError(reason) }
            let review = PlanReview(provider: task.provider, run: task.run, destructive: destructive)
            switch try await store.write({ try begin(task, review, in: $0) }) {
            case .show, .wait: return { _ in nil }
            case .apply: return try await apply(task, session, planner, holding: nil, journalEnd: journalEnd)
            case .holdBack(_, let reason):
                let held = PendingApproval(provider: task.provider, run: task.run, reason: reason)
                return try await apply(task, session, planner, holding: held, journalEnd: journalEnd)
            }
        } catch let failure as GraphFailure {
            throw ProvisioningError(failure)
        }
    }

    /// Decides about the plan, and starts applying it or ends the run: in one transaction, so that an approval that it relies on
    /// is valid until then.
    private func begin(_ task: RunTask, _ review: PlanReview, in transaction: Transaction) throws -> PlanDisposition {
        let disposition = try review.disposition(in: task.mode, transaction)
        switch disposition {
        case .show(let message):
            try noteFailing(task, isPlan: true, transaction)
            try transaction.setStatus(.planned, of: task.run.id, message: message)
        case .apply: try transaction.setStatus(.applying, of: task.run.id)
        case .holdBack(let extent, _):
            try transaction.setStatus(.applying, of: task.run.id)
            try transaction.holdBack(extent, of: task.run.id)
        case .wait(let message):
            try noteFailing(task, isPlan: true, transaction)
            try PendingApproval(provider: task.provider, run: task.run, reason: message).waitWithEverything(
                in: transaction
            )
        }
        return disposition
    }

    /// Applies the plan, except for what is held back.
    private func apply(
        _ task: RunTask,
        _ session: SyncSession,
        _ planner: Planner,
        holding held: PendingApproval?,
        journalEnd: Int64
    ) async throws -> RunConclusion {
        try await planner.commit()
        try await Applier(session: session).run()
        try await planner.conclude()
        return { transaction in
            try noteWhatIsDone(task, transaction)
            try held?.wait(in: transaction) ?? finish(task.run, transaction)
            return task.run.isFull ? journalEnd : nil
        }
    }

    private func noteFailing(_ task: RunTask, isPlan: Bool, _ transaction: Transaction) throws {
        let (run, looked) = (task.run.id, task.selection.links)
        try transaction.noteFailing(after: run, of: task.provider.id, looked: looked, isPlan: isPlan)
    }

    /// Plans the retries that the run leaves behind.
    private func noteWhatIsDone(_ task: RunTask, _ transaction: Transaction) throws {
        let (run, provider, looked) = (task.run.id, task.provider.id, task.selection.links)
        try transaction.planRetries(after: run, provider: provider, looked: looked, pause: RetryPause.after)
        try noteFailing(task, isPlan: false, transaction)
        try transaction.confirmFirstLinks(after: run, provider: provider, compared: task.selection.comparedWhole)
    }

    private func finish(_ run: Run, _ transaction: Transaction) throws {
        let hasFailures = try transaction.actionCounts(of: run.id).contains { $0.status.isUnfinished }
        try transaction.setStatus(hasFailures ? .warning : .succeeded, of: run.id)
        if run.isFull { try transaction.concludeFullSync(run.id, of: run.provider, isWaiting: false) }
    }
}
