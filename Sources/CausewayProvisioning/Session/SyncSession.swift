import CausewayGraph
import CausewayGraphTypes
import CausewayMapping
import CausewayModel
import CausewayStore
import Logging

/// A provider at work: its Graph client, its mapping workers, and the run they serve. Made for one run; direct sync
/// keeps one open for several (``serving(_:store:progress:)``).
package struct SyncSession: Sendable {
    /// For a run, fenced by its lease.
    private(set) var store: Store
    let provider: EntraProvider
    private(set) var run: RunID
    let graph: GraphClient
    /// Says until when it may send.
    let fence: SendingFence
    let organization: Organization
    let users: MappingPool
    let groups: MappingPool
    /// What the workers evaluate.
    let mappingSets: [MappingSet]
    let asksForGroups: Bool
    /// The kinds of objects whose mappings may look at the Entra object.
    let asksForLink: Set<ObjectKind>
    /// How values of other types than their properties take are treated.
    let typePolicy: TypePolicy
    /// Whether a mapping may skip groups.
    let groupsMaySkip: Bool
    let types: GraphTypes
    let consistencyWindow: Duration
    private(set) var progress: ProgressObserver
    let logger: Logger
    let separations = SeparationBudget()

    /// Starts as many workers as it takes to evaluate everything, by the number of links, while the tenant is read.
    func prepare() async {
        for (kind, pool) in [(ObjectKind.user, users), (.group, groups)] {
            let count = try? await store.read { [id = provider.id] in try $0.linkCount(provider: id, kind: kind) }
            await pool.start(for: count ?? 0)
        }
    }

    /// The same session at work for another run.
    ///
    /// - Parameter store: fenced by the run's lease.
    func serving(_ run: RunID, store: Store, progress: @escaping ProgressObserver) -> SyncSession {
        var session = self
        (session.run, session.store, session.progress) = (run, store, progress)
        return session
    }

    /// The properties that are read of each object: whatever a mapping may write and a listing can show.
    func selection(_ kind: ObjectKind) -> [String] {
        let rules = kind == .user ? types.user : types.group
        let hidden = rules.notUpdatableAppOnly.union(rules.mustBePatchedAlone)
            .union(["passwordProfile", "customSecurityAttributes", "assignedLabels"])
        let further =
            kind == .user
            ? ["onPremisesSyncEnabled", "proxyAddresses"]
            : ["groupTypes", "isAssignableToRole", "mailEnabled", "onPremisesSyncEnabled", "proxyAddresses"]
        return ["id"] + rules.updatable.subtracting(hidden).union(further).sorted()
    }

    /// The same without the id: what the mirror keeps of each object.
    func properties(_ kind: ObjectKind) -> Set<String> { Set(selection(kind)).subtracting(["id"]) }
}

extension ObjectKind {
    /// Graph's collection of such objects.
    var collection: String { rawValue + "s" }
}
