/// Changes merged by object, in the order in which the objects first changed.
struct ChangeDigest {
    struct Link: Hashable {
        let relation: Relation
        let target: EntryIndex
    }

    struct Item {
        let entry: EntryIndex
        /// New or restored, so that all its properties are reported.
        var isWhole = false
        /// One of the requested properties changed.
        var isTouched = false
        /// Links that were added or removed, in the order in which they first were.
        fileprivate(set) var links: [(link: Link, isThere: Bool)] = []
        fileprivate var indices: [Link: Int] = [:]

        init(entry: EntryIndex) { self.entry = entry }

        /// - Returns: whether it is a further link.
        fileprivate mutating func add(_ link: Link, isThere: Bool) -> Bool {
            if let index = indices[link] {
                links[index].isThere = isThere
                return false
            }
            indices[link] = links.count
            links.append((link, isThere))
            return true
        }
    }

    private(set) var items: [Item] = []
    /// How many links are reported.
    private(set) var linkCount = 0
    private var indices: [EntryIndex: Int] = [:]
    private let token: DeltaToken

    init(_ token: DeltaToken) { self.token = token }

    mutating func add(_ change: ChangeLog.Change, _ directory: TenantDirectory) {
        guard token.admits(directory[change.entry]) else { return }
        switch change.event {
        case .created, .restored: items[index(of: change.entry)].isWhole = true
        case .deleted, .purged: items[index(of: change.entry)].isTouched = true
        case .updated:
            guard token.asks(for: directory.log.properties(of: change)) else { return }
            items[index(of: change.entry)].isTouched = true
        case .linked, .unlinked:
            guard token.relations.contains(change.relation) else { return }
            let link = Link(relation: change.relation, target: change.other)
            let index = index(of: change.entry)
            if items[index].add(link, isThere: change.event == .linked) { linkCount += 1 }
        }
    }

    /// The item of an object, a new one if it has none.
    private mutating func index(of entry: EntryIndex) -> Int {
        if let index = indices[entry] { return index }
        indices[entry] = items.count
        items.append(Item(entry: entry))
        return items.count - 1
    }
}
