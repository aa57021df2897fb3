/// Changes brought together by object, in the order in which the objects first changed.
struct ChangeDigest {
    struct Link: Hashable {
        let relation: Relation
        let target: EntryIndex
    }

    struct Item {
        let entry: EntryIndex
        /// New or back, so that its properties are told whatever they are.
        var isWhole = false
        /// One of the properties that are asked for changed.
        var isTouched = false
        /// Links that came and went, in the order in which they first did.
        fileprivate(set) var links: [(link: Link, isThere: Bool)] = []
        fileprivate var places: [Link: Int] = [:]

        init(entry: EntryIndex) { self.entry = entry }

        /// - Returns: whether it is one more.
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
    /// How many links are told.
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

    /// The item of an object, new where it has none.
    private mutating func place(of entry: EntryIndex) -> Int {
        if let place = places[entry] { return place }
        places[entry] = items.count
        items.append(Item(entry: entry))
        return items.count - 1
    }
}
