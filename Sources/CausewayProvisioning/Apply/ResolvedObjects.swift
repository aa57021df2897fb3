import CausewayModel
import CausewayStore

/// The Entra ids of the local objects that a batch of actions names. All are looked up together: on its own, each would wait for the
/// database.
struct ResolvedObjects {
    private let objects: [ObjectReference: EntraObjectID]
    private let members: [ObjectReference: EntraObjectID]
    /// Members that the run would re-create if that were not held back: their links name Entra objects that are gone.
    private let held: Set<ObjectReference>

    init(of actions: [Action], provider: ProviderID, run: RunID, in transaction: Transaction) throws {
        let unresolved = Set(actions.compactMap { $0.verb == .create || $0.entraID != nil ? nil : $0.object })
        objects = try transaction.links(of: Array(unresolved), provider: provider).mapValues(\.entraID)
        let named = actions.flatMap(\.members).compactMap { reference in
            if case .local(let object) = reference { object } else { nil }
        }
        let local = Array(Set(named))
        members = try transaction.entraIDs(of: local, provider: provider)
        held = try transaction.heldCreations(of: run, among: local)
    }

    /// The Entra object that an action changes; nil if there is none.
    func target(of action: Action) -> EntraObjectID? { action.entraID ?? action.object.flatMap { objects[$0] } }

    /// The Entra id of a member; nil if it has none, or will get another one.
    func member(_ reference: MemberReference) -> EntraObjectID? {
        switch reference {
        case .local(let object): held.contains(object) ? nil : members[object]
        case .remote(let id): id
        }
    }
}
