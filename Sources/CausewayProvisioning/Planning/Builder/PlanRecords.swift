import CausewayModel
import CausewayStore

/// What is recorded when a plan begins to be applied, in addition to its actions.
struct PlanRecords: Sendable {
    /// The new status of drift that was found.
    private(set) var driftUpdates: [DriftUpdate] = []
    /// Stored refusals that are obsolete.
    private(set) var obsolete: [ObsoleteRefusal] = []
    /// Which properties the mappings return, by kind.
    private var managed: [ObjectKind: Set<String>] = [:]

    mutating func add(_ updates: [DriftUpdate]) { driftUpdates += updates }

    mutating func add(_ refusals: [ObsoleteRefusal]) { obsolete += refusals }

    /// Records which properties the mappings return for an object.
    mutating func manage(_ desired: DesiredObject, _ kind: ObjectKind) {
        if desired.manager != nil { managed[kind, default: []].insert("manager") }
        for name in desired.properties.keys { managed[kind, default: []].insert(name) }
    }

    /// - Parameter isWhole: whether the plan covers everything in scope, so that what it does not name is not managed.
    func save(of provider: ProviderID, isWhole: Bool, in transaction: Transaction) throws {
        for refusal in obsolete {
            try transaction.forgetRefusal(refusal.part, of: refusal.entraID, provider: provider)
        }
        for update in driftUpdates { try transaction.resolveDrift(update.drift, as: update.status) }
        for (kind, names) in managed {
            let former = isWhole ? [] : try transaction.managedAttributes(kind, provider: provider)
            try transaction.setManagedAttributes(names.union(former), kind, provider: provider)
        }
    }
}
