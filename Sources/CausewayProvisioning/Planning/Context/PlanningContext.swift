import CausewayGraph
import CausewayGraphTypes
import CausewayMapping
import CausewayModel
import CausewayStore
import Logging

/// What a plan is made from. It stays the same while the plan is made.
struct PlanningContext: Sendable {
    let store: Store
    let run: RunID
    let provider: EntraProvider
    /// Which objects the plan is about.
    let selection: PlanSelection
    /// Whether objects without a link are looked for in the tenant.
    let findsMatches: Bool
    let types: GraphTypes
    let organization: Organization
    /// Whether the mappings of users see groups.
    let asksForGroups: Bool
    /// Whether a mapping may skip groups.
    let groupsMaySkip: Bool
    let ancestry: GroupAncestryReader
    let members: MemberReader
    /// The consistency window.
    let consistencyWindow: Duration
    let progress: ProgressObserver
    let logger: Logger
    private let users: MappingPool
    private let groups: MappingPool

    /// Objects read and evaluated at a time.
    static let pageSize = 500

    init(session: SyncSession, selection: PlanSelection = .everything, findsMatches: Bool = true) {
        store = session.store
        run = session.run
        provider = session.provider
        self.selection = selection
        self.findsMatches = findsMatches
        types = session.types
        organization = session.organization
        asksForGroups = session.asksForGroups
        groupsMaySkip = session.groupsMaySkip
        ancestry = GroupAncestryReader(store: session.store)
        members = MemberReader(session: session)
        consistencyWindow = session.consistencyWindow
        progress = session.progress
        logger = session.logger
        users = session.users
        groups = session.groups
    }

    /// The workers that evaluate the mappings of a kind of objects.
    func pool(_ kind: ObjectKind) -> MappingPool { kind == .user ? users : groups }
}
