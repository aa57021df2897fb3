/// Which objects are linked to which, readable from both ends.
struct LinkTable: Sendable {
    private var forward: [Relation: [EntryIndex: EntrySet]] = [:]
    private var backward: [Relation: [EntryIndex: EntrySet]] = [:]

    func contains(_ relation: Relation, from: EntryIndex, to: EntryIndex) -> Bool {
        forward[relation]?[from]?.contains(to) ?? false
    }

    /// What an object links to, ascending.
    func targets(_ relation: Relation, of from: EntryIndex) -> [EntryIndex] { forward[relation]?[from]?.items ?? [] }

    /// What links to an object, ascending.
    func sources(_ relation: Relation, of to: EntryIndex) -> [EntryIndex] { backward[relation]?[to]?.items ?? [] }

    func count(_ relation: Relation, of from: EntryIndex) -> Int { forward[relation]?[from]?.count ?? 0 }

    mutating func insert(_ relation: Relation, from: EntryIndex, to: EntryIndex) {
        forward[relation, default: [:]][from, default: EntrySet()].insert(to)
        backward[relation, default: [:]][to, default: EntrySet()].insert(from)
    }

    mutating func remove(_ relation: Relation, from: EntryIndex, to: EntryIndex) {
        forward[relation]?[from]?.remove(to)
        backward[relation]?[to]?.remove(from)
    }

    mutating func removeAll(of entry: EntryIndex) {
        for relation in Relation.allCases {
            for target in targets(relation, of: entry) { backward[relation]?[target]?.remove(entry) }
            for source in sources(relation, of: entry) { forward[relation]?[source]?.remove(entry) }
            forward[relation]?[entry] = nil
            backward[relation]?[entry] = nil
        }
    }
}
