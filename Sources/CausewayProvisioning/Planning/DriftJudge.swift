import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// What is decided about a drift: what becomes of its record, nil where it is about nothing that we manage.
struct DriftVerdict: Hashable, Sendable {
    let drift: Int64
    let status: DriftStatus?
}

/// Tells the differences that somebody else made from those that the directory made, and decides by the provider's policy which are
/// put back. The directory's own changes always win. Pure.
struct DriftJudge {
    let policy: DriftPolicy
    let equality: ValueEquality

    /// Judges the attributes of one object.
    ///
    /// - Parameters:
    ///   - changes: what differs.
    ///   - desired: what the mappings give, by attribute.
    ///   - drifts: what stands of the object.
    /// - Returns: what to send, whether all of it undoes what others did, and what becomes of each drift.
    func judge(
        _ changes: [AttributeChange],
        desired: [String: JSONValue],
        drifts: [Drift]
    ) -> (send: [AttributeChange], isDrift: Bool, verdicts: [DriftVerdict]) {
        if changes.isEmpty, drifts.isEmpty { return ([], false, []) }
        let byAttribute = Dictionary(drifts.map { ($0.attribute, $0) }, uniquingKeysWith: { $1 })
        var send: [AttributeChange] = []
        var verdicts: [DriftVerdict] = []
        var undone = 0
        for change in changes {
            guard let drift = byAttribute[change.attribute] else {
                send.append(change)
                continue
            }
            let isTheirs = equality.isSame(change.new, drift.old, of: change.attribute)
            if !isTheirs || policy == .restore { send.append(change) }
            if isTheirs, policy == .restore { undone += 1 }
            let status = isTheirs ? policy.standing : .overtaken
            if status != drift.status { verdicts.append(DriftVerdict(drift: drift.id, status: status)) }
        }
        let differing = Set(changes.map(\.attribute))
        for drift in drifts where !differing.contains(drift.attribute) && drift.member == nil {
            let isManaged = desired[drift.attribute] != nil
            verdicts.append(DriftVerdict(drift: drift.id, status: isManaged ? policy.settled : nil))
        }
        return (send, undone > 0 && undone == send.count, verdicts)
    }
}

extension DriftPolicy {
    /// What a difference is called that somebody else made and that is still there.
    fileprivate var standing: DriftStatus {
        switch self {
        case .restore: .open
        case .report: .reported
        case .accept: .accepted
        }
    }

    /// What it is called once it is gone.
    var settled: DriftStatus { self == .restore ? .restored : .overtaken }

    /// Judges a membership that somebody else changed and that still differs.
    ///
    /// - Returns: whether it is put back, and what becomes of the drift.
    func judge(_ drift: Drift) -> (isPutBack: Bool, verdict: DriftVerdict?) {
        (self == .restore, standing == drift.status ? nil : DriftVerdict(drift: drift.id, status: standing))
    }
}

extension SyncSession {
    /// Judges what others changed, by the provider's policy.
    func driftJudge(_ kind: ObjectKind) -> DriftJudge {
        DriftJudge(policy: provider.driftPolicy, equality: ValueEquality(kind: kind, types: types))
    }
}
