import CausewayModel
import CausewayStore

/// What the keys of a page of local objects find in the tenant. All keys are looked up together: on its own, each would wait for the
/// database.
struct MatchCandidates {
    private let present: [MatchKey: [FoundObject]]
    private let deleted: [OwnedKey: [MirrorObject]]

    /// - Parameter searches: the keys of objects of one kind.
    init(
        for searches: [(object: ObjectReference, keys: SearchKeys)],
        kind: ObjectKind,
        provider: ProviderID,
        in transaction: Transaction
    ) throws {
        var wanted = Set(searches.flatMap(\.keys.match))
        if try transaction.hasFormerObjects(provider) { wanted.formUnion(searches.map { .formerOwner($0.object) }) }
        present = try transaction.objects(matching: wanted, kind: kind, provider: provider)
        guard try transaction.hasDeletedObjects(provider) else {
            deleted = [:]
            return
        }
        let owned = searches.flatMap { object, keys in
            ([.formerOwner(object)] + keys.ofDeleted).map { OwnedKey($0, of: object) }
        }
        deleted = try transaction.deletedObjects(matching: Set(owned), kind: kind, provider: provider)
    }

    /// The objects that a key finds.
    func present(_ key: MatchKey) -> [FoundObject] { present[key] ?? [] }

    /// The objects in the recycle bin that a key finds, the last deleted first.
    func deleted(_ key: OwnedKey) -> [MirrorObject] { deleted[key] ?? [] }
}
