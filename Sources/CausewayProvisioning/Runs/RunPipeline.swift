import CausewayGraph
package import CausewayModel
package import CausewayStore

/// A run that has begun, and what it may do.
package struct BegunRun: Sendable {
    package let run: Run
    package let provider: EntraProvider
    let mode: RunMode
    let selection: PlanSelection
    /// The last entry of the journal when the run began.
    let journalEnd: Int64
    /// The store for what the run writes, fenced by its lease.
    let store: Store
    /// Says until when the run may send.
    let fence: SendingFence
    /// An open session of the provider to use; without one, one is opened for the run.
    let session: SyncSession?
    let progress: ProgressObserver

    /// The journal's entry up to which a canceled run leaves the changes to the next full sync. Without it, the changes would begin
    /// a sync at once. A first sync leaves none: everything still waits for it.
    func canceledPosition(in transaction: Transaction) throws -> Int64? {
        guard run.isFull, mode != .planOnly, try transaction.journalPosition(of: provider.id) != nil else { return nil }
        return journalEnd
    }
}

/// The last step of a run, in one transaction with its records: leaves the run with a final status, or waiting for approval.
///
/// - Returns: the end of the journal when the directory was read; nil if the run was about a few objects, or applied nothing.
package typealias RunConclusion = @Sendable (Transaction) throws -> Int64?

/// The work of a run: discover, plan, review, apply.
struct RunPipeline: Sendable {
    let sessions: SessionOpener

    /// - Throws: ``ProvisioningError`` or another of the program's errors if the run could not continue.
    @Sendable func run(_ begun: BegunRun) async throws -> RunConclusion {
        if let session = begun.session {
            return try await run(
                begun,
                session.serving(begun.run.id, store: begun.store, progress: begun.progress)
            )
        }
        let sessions = sessions.fenced(begun.store, begun.fence)
        return try await sessions.open(begun.provider, run: begun.run.id, progress: begun.progress) {
            try await run(begun, $0)
        }
    }

    private func run(_ begun: BegunRun, _ session: SyncSession) async throws -> RunConclusion {
        do {
            async let _ = session.prepare(for: begun.selection)
            let resolver = PendingActionResolver(session: session)
            try await resolver.refreshUncertainObjects()
            try await Discovery(session: session).run()
            if begun.mode != .planOnly { try await resolver.resolvePendingCreates() }
            try await RefusalCircumstances(session: session).apply()
            try await begun.store.write { try $0.setStatus(.planning, of: begun.run.id) }
            let planner = Planner(session: session, selection: begun.selection)
            let destructive = try await planner.run()
            if begun.mode != .planOnly, let reason = planner.blockingReason { throw ProvisioningError(reason) }
            let review = PlanReview(provider: begun.provider, run: begun.run, destructive: destructive)
            switch try await begun.store.write({ try begin(begun, review, in: $0) }) {
            case .show, .wait: return { _ in nil }
            case .apply: return try await apply(begun, session, planner, holding: nil)
            case .holdBack(_, let reason):
                let held = PendingApproval(provider: begun.provider, run: begun.run, reason: reason)
                return try await apply(begun, session, planner, holding: held)
            }
        } catch let failure as GraphFailure {
            throw ProvisioningError(failure)
        }
    }

    /// Decides about the plan, and starts applying it or ends the run: in one transaction, so that an approval that it relies on
    /// is valid until then.
    private func begin(_ begun: BegunRun, _ review: PlanReview, in transaction: Transaction) throws -> PlanDisposition {
        try Cancellation.stop(begun.run, in: transaction)
        let disposition = try review.disposition(in: begun.mode, transaction)
        switch disposition {
        case .show(let message):
            try noteFailing(begun, isPlan: true, transaction)
            try transaction.setStatus(.planned, of: begun.run.id, message: message)
        case .apply: try transaction.setStatus(.applying, of: begun.run.id)
        case .holdBack(let extent, _):
            try transaction.setStatus(.applying, of: begun.run.id)
            try transaction.holdBack(extent, of: begun.run.id)
        case .wait(let message):
            try noteFailing(begun, isPlan: true, transaction)
            try PendingApproval(provider: begun.provider, run: begun.run, reason: message).waitWithEverything(
                in: transaction
            )
        }
        return disposition
    }

    /// Applies the plan, except for what is held back.
    private func apply(
        _ begun: BegunRun,
        _ session: SyncSession,
        _ planner: Planner,
        holding held: PendingApproval?
    ) async throws -> RunConclusion {
        try await planner.commit()
        try await Applier(session: session).run()
        let isCutShort = try await begun.store.read { try Cancellation.hasCutShort(begun.run, in: $0) }
        if !isCutShort { try await planner.conclude() }
        return { transaction in
            if try Cancellation.hasCutShort(begun.run, in: transaction) {
                try cancel(begun, transaction)
                return try begun.canceledPosition(in: transaction)
            }
            try recordConsequences(begun, transaction)
            try held?.wait(in: transaction) ?? finish(begun.run, transaction)
            return begun.run.isFull ? begun.journalEnd : nil
        }
    }

    private func noteFailing(_ begun: BegunRun, isPlan: Bool, _ transaction: Transaction) throws {
        let (run, covered) = (begun.run.id, begun.selection.links)
        try transaction.noteFailing(after: run, of: begun.provider.id, covered: covered, isPlan: isPlan)
    }

    /// Records what follows from the outcomes: retries, failures, and first links that need no approval any more.
    private func recordConsequences(_ begun: BegunRun, _ transaction: Transaction) throws {
        let (run, provider, covered) = (begun.run.id, begun.provider.id, begun.selection.links)
        try transaction.planRetries(after: run, provider: provider, covered: covered, pause: RetryPause.after)
        try noteFailing(begun, isPlan: false, transaction)
        try transaction.confirmFirstLinks(after: run, provider: provider, compared: begun.selection.comparedWhole)
    }

    /// Ends a run that was canceled while it applied its plan. Objects with nothing left to do are recorded; the others stay as the runs before
    /// left them.
    private func cancel(_ begun: BegunRun, _ transaction: Transaction) throws {
        let (run, provider) = (begun.run.id, begun.provider.id)
        let settled = LinkSelection(try transaction.settledObjects(of: run, provider: provider))
        try transaction.planRetries(after: run, provider: provider, covered: settled, pause: RetryPause.after)
        try transaction.noteFailing(after: run, of: provider, covered: settled)
        try transaction.concludeCancellation(of: run)
    }

    private func finish(_ run: Run, _ transaction: Transaction) throws {
        let hasFailures = try transaction.actionCounts(of: run.id).contains { $0.status.isUnfinished }
        try transaction.setStatus(hasFailures ? .warning : .succeeded, of: run.id)
        guard run.isFull else { return }
        try transaction.concludeFullSync(run.id, of: run.provider, isWaiting: false)
        try transaction.endRestore(of: run.provider, before: run.startedAt)
    }
}
