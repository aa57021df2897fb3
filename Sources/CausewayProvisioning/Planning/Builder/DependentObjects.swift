import CausewayMapping
import CausewayModel
import CausewayStore

/// Objects whose mappings depend on more than what the journal and the mirror say about them, found out while a plan is made.
struct DependentObjects: Sendable {
    private var objects: [Key: Set<ObjectReference>] = [:]
    /// Where they are too many to be kept one by one.
    private var whole: Set<Key> = []

    private struct Key: Hashable {
        let kind: ObjectKind
        let cause: UnsettledCause
    }

    /// More of a kind are not kept one by one.
    private static let most = 20_000

    /// Adds what the evaluation of an object showed.
    mutating func take(_ object: PlannedObject) {
        let notes = object.result.notes
        guard !notes.dependences.isEmpty || !notes.events.isEmpty else { return }
        var causes = Set(notes.dependences.map(\.cause))
        // An event is recorded each time.
        if !notes.events.isEmpty { causes.insert(.always) }
        for cause in causes { add(object.reference, Key(kind: object.reference.kind, cause: cause)) }
    }

    private mutating func add(_ object: ObjectReference, _ key: Key) {
        guard !whole.contains(key) else { return }
        objects[key, default: []].insert(object)
        guard let count = objects[key]?.count, count > Self.most else { return }
        objects[key] = nil
        whole.insert(key)
    }

    /// Records them.
    func save(of provider: ProviderID, in transaction: Transaction) throws {
        for (key, objects) in objects { try transaction.unsettle(objects, key.cause, at: provider) }
        for key in whole { try transaction.unsettleAll(key.kind, key.cause, at: provider) }
    }
}

extension MappingNotes.Dependence {
    fileprivate var cause: UnsettledCause {
        switch self {
        case .groups: .asksForGroups
        case .users: .asksForUsers
        case .always: .always
        }
    }
}
