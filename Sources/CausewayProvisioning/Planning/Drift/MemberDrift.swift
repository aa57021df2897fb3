import CausewayModel
import CausewayStore

/// The memberships of one group that somebody else changed: decides which are put back, and keeps what becomes of each.
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

    /// Whether a member that is missing is to be added: one that somebody else removed only where drift is put back.
    func isToBeAdded(_ missing: MissingMember) -> Bool {
        missing.entraID.flatMap(resolve) ?? true
    }

    /// Whether a member too many is to be removed: one that somebody else added only where drift is put back.
    func isToBeRemoved(_ extra: ExtraMember) -> Bool {
        resolve(extra.entraID) ?? (policy == .restore || extra.isOurs)
    }

    /// Whatever differs no longer is settled.
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
