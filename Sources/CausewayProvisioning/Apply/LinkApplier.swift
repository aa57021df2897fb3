import CausewayModel
import CausewayStore

/// Makes and ends links: nothing is sent.
struct LinkApplier {
    let session: SyncSession

    private static let pageSize = 500

    func run() async throws {
        let (run, provider) = (session.run, session.provider.id)
        var last: Int64 = 0
        while true {
            let end = try await session.store.write { [last] transaction in
                let page = try transaction.actionsToBegin(
                    of: run,
                    phase: .links,
                    level: 0,
                    after: last,
                    limit: Self.pageSize
                )
                var state = try LinkState(page, provider: provider, in: transaction)
                for action in page { try apply(action, provider, &state, transaction) }
                let linked = page.filter { $0.entraID != nil }.map { ($0.sequence, Outcome(.applied)) }
                try transaction.setOutcomes(Dictionary(linked) { $1 }, run: run)
                return page.last?.sequence
            }
            guard let end else { return }
            last = end
        }
    }

    private func apply(
        _ action: Action,
        _ provider: ProviderID,
        _ state: inout LinkState,
        _ transaction: Transaction
    ) throws {
        guard let entraID = action.entraID else { return }
        if action.verb == .unlink {
            // A deleted user has been remembered as its owner already.
            if let object = action.object { try transaction.setFormer(object, of: entraID, provider: provider) }
            try transaction.deleteLink(to: entraID, provider: provider)
            state.noteChange(of: action.object, entraID)
        } else if let object = action.object, state.existing.contains(object) {
            try link(object, to: entraID, action, provider, &state, transaction)
        }
    }

    /// Replaces the object's link to an Entra object that is gone, and takes over the link of a deleted object.
    private func link(
        _ object: ObjectReference,
        to entraID: EntraObjectID,
        _ action: Action,
        _ provider: ProviderID,
        _ state: inout LinkState,
        _ transaction: Transaction
    ) throws {
        if let former = try state.link(of: object, in: transaction) {
            try transaction.deleteLink(to: former.entraID, provider: provider)
            state.noteChange(of: object, former.entraID)
        }
        let orphan = try state.link(to: entraID, in: transaction)
        let former = try state.objects.take(entraID, in: transaction)?.former
        let link = ObjectLink(
            id: orphan?.id ?? .random(),
            provider: provider,
            kind: action.kind,
            object: object,
            entraID: entraID,
            known: [:],
            asksFirst: orphan?.asksFirst ?? (former == nil)
        )
        try transaction.setFormer(nil, of: entraID, provider: provider)
        // Its members were read when this was planned.
        try transaction.saveLink(
            link,
            name: action.name,
            matchedBy: action.reason.rawValue,
            knowsMembers: action.kind == .group
        )
        state.noteChange(of: object, entraID)
    }
}

/// What is stored about the objects of a page of links before they change. It is read together: on its own, each question would wait for
/// the database.
private struct LinkState {
    private let provider: ProviderID
    /// The local objects that still exist.
    let existing: Set<ObjectReference>
    private let links: [ObjectReference: ObjectLink]
    var objects: MirrorPage
    private let linksTo: [EntraObjectID: ObjectLink]
    /// What has been linked or unlinked since.
    private var (changedObjects, changedIDs) = (Set<ObjectReference>(), Set<EntraObjectID>())

    init(_ actions: [Action], provider: ProviderID, in transaction: Transaction) throws {
        self.provider = provider
        let local = Array(Set(actions.compactMap(\.object)))
        existing = try transaction.existing(local)
        links = try transaction.links(of: local, provider: provider)
        let ids = Array(Set(actions.compactMap(\.entraID)))
        linksTo = try transaction.links(to: ids, provider: provider)
        objects = try MirrorPage(of: ids, provider: provider, in: transaction)
    }

    /// The link of a local object.
    func link(of object: ObjectReference, in transaction: Transaction) throws -> ObjectLink? {
        let link = links[object]
        let isCurrent = !changedObjects.contains(object) && link.map { !changedIDs.contains($0.entraID) } ?? true
        return isCurrent ? link : try transaction.link(of: object, provider: provider)
    }

    /// The link to an Entra object.
    func link(to entraID: EntraObjectID, in transaction: Transaction) throws -> ObjectLink? {
        changedIDs.contains(entraID) ? try transaction.link(to: entraID, provider: provider) : linksTo[entraID]
    }

    /// Records that an object was linked or unlinked.
    mutating func noteChange(of object: ObjectReference?, _ entraID: EntraObjectID) {
        if let object { changedObjects.insert(object) }
        changedIDs.insert(entraID)
        objects.drop(entraID)
    }
}
