import CausewayModel
import CausewayStore

/// The memberships of one group that somebody else changed: decides which are put back, and keeps what becomes of each.
final class MemberDrift {
    private let policy: DriftPolicy
    private var drifts: [EntraObjectID: Drift]
    private(set) var verdicts: [DriftVerdict] = []

    init(policy: DriftPolicy, drifts: [Drift]) {
        self.policy = policy
        self.drifts = Dictionary(
            drifts.compactMap { drift in drift.member.map { ($0, drift) } },
            uniquingKeysWith: { $1 }
        )
    }

    /// Whether a member that is missing is to be added: one that somebody else removed only where drift is put back.
    func isToBeAdded(_ missing: MissingMember) -> Bool {
        missing.entraID.flatMap(judge) ?? true
    }

    /// Whether a member too many is to be removed: one that somebody else added only where drift is put back.
    func isToBeRemoved(_ extra: ExtraMember) -> Bool {
        judge(extra.entraID) ?? (policy == .restore || extra.isOurs)
    }

    /// Whatever differs no longer is settled.
    func finish() {
        verdicts += drifts.values.map { DriftVerdict(drift: $0.id, status: policy.settled) }
        drifts = [:]
    }

    private func judge(_ member: EntraObjectID) -> Bool? {
        guard let drift = drifts.removeValue(forKey: member) else { return nil }
        let (isPutBack, verdict) = policy.judge(drift)
        if let verdict { verdicts.append(verdict) }
        return isPutBack
    }
}
