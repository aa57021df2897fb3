import CausewayGraph
import CausewayInstallation
package import CausewayModel
package import CausewayStore

/// A run that has begun, and what it may do.
package struct BegunRun: Sendable {
    package let run: Run
    package let provider: EntraProvider
    let mode: RunMode
    /// What it is about; for a full sync from the time on when the tenant was read, what it evaluates.
    fileprivate(set) var selection: PlanSelection
    /// Whether a full sync evaluates everything, whatever has changed: on request, for a plan that is shown to a person, and when that
    /// is applied.
    let comparesEverything: Bool
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
        defer { if begun.run.isFull { Allocator.giveBack() } }
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
            async let _ = prepare(begun, session)
            let resolver = PendingActionResolver(session: session)
            try await resolver.refreshUncertainObjects()
            try await Discovery(session: session).run()
            if begun.mode != .planOnly { try await resolver.resolvePendingCreates() }
            try await RefusalCircumstances(session: session).apply()
            try await begun.store.write { try $0.setStatus(.planning, of: begun.run.id) }
            let recorder = try await EvaluationRecorder(
                session,
                selection: begun.selection,
                mode: begun.mode,
                comparesEverything: begun.comparesEverything
            )
            var begun = begun
            begun.selection = recorder.extent.selection
            let planner = Planner(session: session, selection: begun.selection)
            let plan = try await planner.run()
            try await noteExamined(plan.users, plan.groups, begun)
            if case .proof(let claim) = recorder.extent { try await EvaluationProof(session: session).run(claim) }
            if begun.mode != .planOnly, let reason = planner.blockingReason { throw ProvisioningError(reason) }
            let review = PlanReview(provider: begun.provider, run: begun.run, destructive: plan.destructive)
            switch try await begun.store.write({ [begun] in try begin(begun, review, in: $0) }) {
            case .show, .wait: return { _ in nil }
            case .apply: return try await apply(begun, session, planner, recorder, holding: nil)
            case .holdBack(_, let reason):
                let held = PendingApproval(provider: begun.provider, run: begun.run, reason: reason)
                return try await apply(begun, session, planner, recorder, holding: held)
            }
        } catch let failure as GraphFailure {
            throw ProvisioningError(failure)
        }
    }

    /// Starts workers while the tenant is read, if everything will be evaluated.
    private func prepare(_ begun: BegunRun, _ session: SyncSession) async {
        guard begun.selection.isEverything else { return }
        let isExpected = try? await begun.store.read { try $0.evaluation(of: begun.provider.id) == nil }
        if begun.comparesEverything || isExpected == true { await session.prepare() }
    }

    /// Records how many objects the run has examined: a full sync answers for everything in scope, however little of it is planned.
    private func noteExamined(_ users: Int, _ groups: Int, _ begun: BegunRun) async throws {
        var (users, groups) = (users, groups)
        if begun.run.isFull, !begun.selection.isEverything {
            (users, groups) = try await begun.store.read { [provider = begun.provider] in
                (try $0.scopeCount(of: provider, kind: .user), try $0.scopeCount(of: provider, kind: .group))
            }
        }
        try await begun.store.write { [users, groups] in
            try $0.setExamined(users: users, groups: groups, of: begun.run.id)
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
        _ recorder: EvaluationRecorder,
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
            try recorder.end(begun.run, in: transaction)
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
