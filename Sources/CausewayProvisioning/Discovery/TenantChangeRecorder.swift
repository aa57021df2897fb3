import CausewayModel
import CausewayStore

/// Records what others have changed about some Entra objects: as drift, if the provider manages it, and as something to evaluate.
struct TenantChangeRecorder {
    private let kind: ObjectKind
    private let provider: ProviderID
    private let equality: ValueEquality
    private let managed: Set<String>
    private let linked: Set<EntraObjectID>
    private let asksForLink: Bool
    /// Whether the next full sync leaves anything out.
    private let recordsUnsettled: Bool

    init(
        of ids: [EntraObjectID],
        kind: ObjectKind,
        in session: SyncSession,
        recordsUnsettled: Bool = true,
        _ transaction: Transaction
    ) throws {
        self.kind = kind
        provider = session.provider.id
        equality = ValueEquality(kind: kind, types: session.types)
        managed = try transaction.managedAttributes(kind, provider: provider)
        linked = try transaction.linked(ids, provider: provider)
        asksForLink = session.asksForLink.contains(kind)
        self.recordsUnsettled = recordsUnsettled
    }

    /// Whether anything is linked to an Entra object.
    func isLinked(_ id: EntraObjectID) -> Bool { linked.contains(id) }

    /// Records what a report changed about an object.
    ///
    /// - Parameter notesDrift: whether external changes are drift.
    func record(
        _ report: MergedReport,
        of id: EntraObjectID,
        notesDrift: Bool = true,
        in transaction: Transaction
    ) throws {
        guard isLinked(id) else { return }
        if recordsUnsettled, !report.external.isEmpty || concernsPlan(report.attributes) {
            try transaction.unsettle(linkedTo: id, provider: provider)
        }
        guard notesDrift else { return }
        let drift = report.external.filter {
            managed.contains($0.attribute) && !equality.meansSame($0.old, $0.new, of: $0.attribute)
        }
        try transaction.recordDrift(drift, of: id, kind: kind, provider: provider)
    }

    /// Whether a plan of the object may be another one: not because of what the service adds to a new object by itself, unless the
    /// mappings look at it.
    private func concernsPlan(_ attributes: Set<String>) -> Bool {
        guard !asksForLink else { return !attributes.isEmpty }
        return !attributes.isDisjoint(with: managed) || !attributes.isDisjoint(with: Self.decisive)
    }

    /// What decides, whatever the mappings return.
    private static let decisive: Set<String> = [
        MirrorObject.existence, "accountEnabled", "groupTypes", "isAssignableToRole", "mailEnabled", "manager",
        "onPremisesSyncEnabled", "securityEnabled",
    ]
}
