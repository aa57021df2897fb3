import CausewayModel
import CausewayStore

/// What a full sync evaluates and compares.
enum EvaluationExtent: Sendable {
    case everything
    /// Only what can have changed since the last full sync: everything else is as it was when it needed nothing.
    case changes(ChangedObjects)
    /// Everything, to prove that nothing but what can have changed needs anything.
    case proof(EvaluationProof.Claim)

    /// What the plan is about.
    var selection: PlanSelection {
        switch self {
        case .everything, .proof: .everything
        case .changes(let changed): .changes(changed)
        }
    }
}

/// Decides what a full sync evaluates.
///
/// An object is left out if nothing that its last plan depended on has changed since, and if that plan left nothing to do. What changes in
/// the directory is in the journal. What changes in the tenant, and what runs leave to do, is recorded as unsettled objects.
struct EvaluationExtentReader {
    let session: SyncSession

    /// - Parameter comparesEverything: whether a person wants everything compared.
    /// - Returns: the extent, and the causes for which unsettled objects belong to it.
    func read(
        _ basis: EvaluationBasis,
        comparesEverything: Bool,
        in transaction: Transaction
    ) throws -> (EvaluationExtent, [UnsettledCause]) {
        let provider = session.provider
        let interval = DurationText(provider.comparisonInterval)?.duration ?? .zero
        guard interval > .zero, let evaluation = try transaction.evaluation(of: provider.id),
            evaluation.basis == basis.text, try !transaction.awaitsFullSyncAfterRestore(provider.id),
            let position = try transaction.journalPosition(of: provider.id),
            try transaction.hasJournal(after: position)
        else { return (.everything, []) }
        guard let (changed, causes) = try changes(after: position, since: evaluation, transaction) else {
            return (.everything, [])
        }
        let isDue = comparesEverything || evaluation.comparedAt + interval <= transaction.now
        let claim = EvaluationProof.Claim(expected: changed, position: position, evaluation: evaluation)
        return isDue ? (.proof(claim), []) : (.changes(changed), causes)
    }

    /// Above this many objects it is cheaper to evaluate everything.
    static func most(of provider: ProviderID, _ transaction: Transaction) throws -> Int {
        let links = try ObjectKind.allCases.reduce(0) { try $0 + transaction.linkCount(provider: provider, kind: $1) }
        return max(1000, links / 4)
    }

    /// What can have changed after a position of the journal.
    ///
    /// - Returns: the objects, and the causes for which unsettled objects belong to them; nil if they are too many.
    func changes(
        after position: Int64,
        since evaluation: Evaluation,
        _ transaction: Transaction
    ) throws -> (ChangedObjects, [UnsettledCause])? {
        let provider = session.provider
        let most = try Self.most(of: provider.id, transaction)
        let reader = ChangeReader(provider: provider, asksForGroups: session.asksForGroups, most: most)
        guard var changed = try reader.changes(after: position, transaction).objects else { return nil }
        let causes = Self.causes(changed, since: evaluation)
        guard let unsettled = try transaction.unsettledObjects(of: provider.id, for: causes, most: most) else {
            return nil
        }
        let staleBefore = transaction.now - session.consistencyWindow
        let further = try transaction.objectsToPlanAnyway(of: provider.id, staleBefore: staleBefore)
        for object in unsettled.union(further) { changed.add(object) }
        try addReports(to: &changed, transaction)
        changed.includesDeleted = true
        return changed.count <= most ? (changed, causes) : nil
    }

    /// The causes that count, given what has changed in the directory.
    private static func causes(_ changed: ChangedObjects, since evaluation: Evaluation) -> [UnsettledCause] {
        var causes: [UnsettledCause] = [.tenant, .outcome, .manager, .always]
        if evaluation.usersChanged || changed.count > 0 { causes.append(.asksForUsers) }
        if evaluation.groupsChanged || changed.hasGroupChanges { causes.append(.asksForGroups) }
        return causes
    }

    /// Whose manager has changed is evaluated too: the name may lead to someone else now, and the account may be another one.
    private func addReports(to changed: inout ChangedObjects, _ transaction: Transaction) throws {
        let provider = session.provider.id
        guard try transaction.managesManagers(provider) else { return }
        let present = try transaction.entraIDs(of: changed.users.map { ObjectReference($0) }, provider: provider).values
        let accounts = Set(present).union(try transaction.unsettledManagers(of: provider))
        changed.users.formUnion(try transaction.usersManaged(by: accounts, provider: provider))
    }
}

extension ChangedObjects {
    /// Whether groups themselves changed, or which groups are in which.
    var hasGroupChanges: Bool {
        !groups.isEmpty
            || members.values.contains { selection in
                switch selection {
                case .all: true
                case .only(let members): members.contains { $0.group != nil }
                }
            }
    }
}
