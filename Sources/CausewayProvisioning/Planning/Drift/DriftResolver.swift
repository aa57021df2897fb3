import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// What a plan decides about a drift: its new status, or nil if the provider no longer manages the value.
struct DriftUpdate: Hashable, Sendable {
    let drift: Int64
    let status: DriftStatus?
}

/// Separates external changes from changes of the directory, and decides by the provider's policy which external changes are
/// reverted. The directory's own changes always win. Pure.
struct DriftResolver {
    let policy: DriftPolicy
    let equality: ValueEquality

    /// The decision about the differences of one object.
    struct Resolution {
        /// What to send.
        var send: [AttributeChange] = []
        /// Whether all of it reverts external changes.
        var isDrift = false
        /// The new status of each drift.
        var updates: [DriftUpdate] = []
    }

    /// Decides about the attributes of one object.
    ///
    /// - Parameters:
    ///   - changes: what differs.
    ///   - desired: what the mappings return, by attribute.
    ///   - drifts: the object's drift that is not resolved.
    func resolve(_ changes: [AttributeChange], desired: [String: JSONValue], drifts: [Drift]) -> Resolution {
        var resolution = Resolution()
        if changes.isEmpty, drifts.isEmpty { return resolution }
        let byAttribute = Dictionary(drifts.map { ($0.attribute, $0) }, uniquingKeysWith: { $1 })
        var undone = 0
        for change in changes {
            guard let drift = byAttribute[change.attribute] else {
                resolution.send.append(change)
                continue
            }
            let isTheirs = equality.isSame(change.new, drift.old, of: change.attribute)
            if !isTheirs || policy == .restore { resolution.send.append(change) }
            if isTheirs, policy == .restore { undone += 1 }
            let status = isTheirs ? policy.standing : .overtaken
            if status != drift.status { resolution.updates.append(DriftUpdate(drift: drift.id, status: status)) }
        }
        let differing = Set(changes.map(\.attribute))
        for drift in drifts where !differing.contains(drift.attribute) && drift.member == nil {
            let isManaged = desired[drift.attribute] != nil
            resolution.updates.append(DriftUpdate(drift: drift.id, status: isManaged ? policy.resolved : nil))
        }
        resolution.isDrift = undone > 0 && undone == resolution.send.count
        return resolution
    }
}

extension DriftPolicy {
    /// The status of an external change that is still there.
    fileprivate var standing: DriftStatus {
        switch self {
        case .restore: .open
        case .report: .reported
        case .accept: .accepted
        }
    }

    /// The status once it is gone.
    var resolved: DriftStatus { self == .restore ? .restored : .overtaken }

    /// Decides about a membership that someone else changed and that still differs.
    ///
    /// - Returns: whether it is reverted, and the new status of the drift.
    func resolve(_ drift: Drift) -> (isPutBack: Bool, update: DriftUpdate?) {
        (self == .restore, standing == drift.status ? nil : DriftUpdate(drift: drift.id, status: standing))
    }
}

extension PlanningContext {
    /// Decides about external changes of objects of a kind, by the provider's policy.
    func driftResolver(_ kind: ObjectKind) -> DriftResolver {
        DriftResolver(policy: provider.driftPolicy, equality: ValueEquality(kind: kind, types: types))
    }
}
