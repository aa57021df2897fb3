import CausewayModel
import CausewayStore

/// The external changes of one group's members: decides which are reverted, and records the decision about each.
final class MemberDrift {
    private let policy: DriftPolicy
    private var drifts: [EntraObjectID: Drift]
    private(set) var updates: [DriftUpdate] = []

    init(policy: DriftPolicy, drifts: [Drift]) {
        self.policy = policy
        self.drifts = Dictionary(
            drifts.compactMap { drift in drift.member.map { ($0, drift) } },
            uniquingKeysWith: { $1 }
        )
    }

    /// Whether a missing member is added: a member that someone else removed only if drift is reverted.
    func isToBeAdded(_ missing: MissingMember) -> Bool {
        missing.entraID.flatMap(resolve) ?? true
    }

    /// Whether an extra member is removed: a member that someone else added only if drift is reverted.
    func isToBeRemoved(_ extra: ExtraMember) -> Bool {
        resolve(extra.entraID) ?? (policy == .restore || extra.isOurs)
    }

    /// Resolves drift that no longer differs.
    func finish() {
        updates += drifts.values.map { DriftUpdate(drift: $0.id, status: policy.resolved) }
        drifts = [:]
    }

    private func resolve(_ member: EntraObjectID) -> Bool? {
        guard let drift = drifts.removeValue(forKey: member) else { return nil }
        let (isPutBack, update) = policy.resolve(drift)
        if let update { updates.append(update) }
        return isPutBack
    }
}
