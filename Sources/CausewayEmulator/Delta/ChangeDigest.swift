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
        fileprivate var places: [Link: Int] = [:]

        init(entry: EntryIndex) { self.entry = entry }

        /// - Returns: whether it is a further link.
        fileprivate mutating func add(_ link: Link, isThere: Bool) -> Bool {
            if let place = places[link] {
                links[place].isThere = isThere
                return false
            }
            places[link] = links.count
            links.append((link, isThere))
            return true
        }
    }

    private(set) var items: [Item] = []
    /// How many links are reported.
    private(set) var linkCount = 0
    private var places: [EntryIndex: Int] = [:]
    private let token: DeltaToken

    init(_ token: DeltaToken) { self.token = token }

    mutating func add(_ change: ChangeLog.Change, _ directory: TenantDirectory) {
        guard token.admits(directory[change.entry]) else { return }
        switch change.event {
        case .created, .restored: items[place(of: change.entry)].isWhole = true
        case .deleted, .purged: items[place(of: change.entry)].isTouched = true
        case .updated:
            guard token.asks(for: directory.log.properties(of: change)) else { return }
            items[place(of: change.entry)].isTouched = true
        case .linked, .unlinked:
            guard token.relations.contains(change.relation) else { return }
            let link = Link(relation: change.relation, target: change.other)
            let place = place(of: change.entry)
            if items[place].add(link, isThere: change.event == .linked) { linkCount += 1 }
        }
    }

    /// The item of an object, a new one if it has none.
    private mutating func place(of entry: EntryIndex) -> Int {
        if let place = places[entry] { return place }
        places[entry] = items.count
        items.append(Item(entry: entry))
        return items.count - 1
    }
}
