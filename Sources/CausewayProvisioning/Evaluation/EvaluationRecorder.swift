import CausewayModel
import CausewayStore

/// Decides what a run evaluates, and records what that means for the next full sync.
struct EvaluationRecorder: Sendable {
    private let session: SyncSession
    /// What an evaluation is made from; nil for a run about a few objects.
    private let basis: EvaluationBasis?
    let extent: EvaluationExtent

    /// Decides it, once the tenant was read.
    ///
    /// - Parameters:
    ///   - session: at work for the run.
    ///   - selection: what the run is about.
    ///   - comparesEverything: whether everything is compared, whatever has changed.
    init(
        _ session: SyncSession,
        selection: PlanSelection,
        mode: RunMode,
        comparesEverything: Bool
    ) async throws {
        self.session = session
        if case .changes(let changed) = selection {
            (basis, extent) = (nil, .changes(changed))
            try await Self.noteReports(of: changed, session)
        } else {
            let basis = EvaluationBasis(session)
            self.basis = basis
            extent = try await Self.decide(basis, session, mode, comparesEverything)
        }
    }

    private static func decide(
        _ basis: EvaluationBasis,
        _ session: SyncSession,
        _ mode: RunMode,
        _ comparesEverything: Bool
    ) async throws -> EvaluationExtent {
        let reader = EvaluationExtentReader(session: session)
        return try await session.store.write { transaction in
            let (extent, causes) = try reader.read(basis, comparesEverything: comparesEverything, in: transaction)
            // Only what is applied settles anything.
            guard mode != .planOnly else { return extent }
            let provider = session.provider.id
            switch extent {
            case .changes: try transaction.takeUnsettled(of: provider, for: causes, by: session.run)
            // Should it not come to its end, the next full sync evaluates everything too.
            case .everything, .proof: try transaction.forgetEvaluation(of: provider)
            }
            return extent
        }
    }

    /// Their reports are not part of the run, and it may give a user another account.
    private static func noteReports(of changed: ChangedObjects, _ session: SyncSession) async throws {
        let (users, provider) = (changed.users.map { ObjectReference($0) }, session.provider.id)
        guard !users.isEmpty, try await session.store.read({ try $0.managesManagers(provider) }) else { return }
        try await session.store.write { transaction in
            let accounts = try transaction.entraIDs(of: users, provider: provider).values
            try transaction.unsettleReports(of: accounts, at: provider)
        }
    }

    /// Records the end of a run that has applied its plan.
    func end(_ run: Run, in transaction: Transaction) throws {
        let provider = run.provider
        try transaction.endUnsettled(takenBy: run.id, of: provider)
        let isRecorded = try transaction.unsettle(
            after: run.id,
            of: provider,
            rewritten: session.asksForLink,
            most: EvaluationExtentReader.most(of: provider, transaction)
        )
        guard isRecorded, try !revealsMembers(run, in: transaction) else {
            return try transaction.forgetEvaluation(of: provider)
        }
        guard let basis else { return try noteDirectSync(provider, in: transaction) }
        let compared: Timestamp?
        switch extent {
        case .everything, .proof: compared = run.startedAt
        case .changes: compared = try transaction.evaluation(of: provider)?.comparedAt
        }
        guard let compared else { return }
        try transaction.save(Evaluation(basis: basis.text, comparedAt: compared), of: provider)
    }

    /// Whether the run has linked accounts that existed before. What others did with their memberships is left alone or taken away,
    /// depending on whether they are linked.
    private func revealsMembers(_ run: Run, in transaction: Transaction) throws -> Bool {
        guard session.provider.driftPolicy != .restore else { return false }
        return try transaction.actionCounts(of: run.id).contains { $0.verb == .link && $0.status == .applied }
    }

    /// The journal entries that direct sync has handled are not read again.
    private func noteDirectSync(_ provider: ProviderID, in transaction: Transaction) throws {
        guard case .changes(let changed) = extent, changed.count > 0,
            var evaluation = try transaction.evaluation(of: provider)
        else { return }
        evaluation.usersChanged = true
        evaluation.groupsChanged = evaluation.groupsChanged || changed.hasGroupChanges
        try transaction.save(evaluation, of: provider)
    }
}
