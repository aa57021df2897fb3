/// Changes brought together by object, in the order in which the objects first changed.
struct ChangeDigest {
    struct Link {
        let relation: Relation
        let target: EntryIndex
        var isThere: Bool
    }

    struct Item {
        let entry: EntryIndex
        /// New or back, so all of it is told.
        var isWhole = false
        /// One of the properties that are asked for changed.
        var isTouched = false
        var links: [Link] = []
    }

    private(set) var items: [Item] = []
    private var places: [EntryIndex: Int] = [:]
    private let kind: EntryKind
    private let selection: Set<String>?

    init(kind: EntryKind, selection: [String]?) {
        self.kind = kind
        self.selection = selection.map { Set($0) }
    }

    var count: Int { items.count }

    mutating func add(_ change: ChangeLog.Change, _ directory: TenantDirectory) {
        // An object that goes or comes takes its memberships along.
        if [.deleted, .restored].contains(change.event) { addLinks(to: change.entry, change.event, directory) }
        guard directory[change.entry].kind == kind else { return }
        switch change.event {
        case .created, .restored: items[place(of: change.entry)].isWhole = true
        case .deleted, .purged: items[place(of: change.entry)].isTouched = true
        case .updated:
            guard selection?.isDisjoint(with: directory.log.properties(of: change)) != true else { return }
            items[place(of: change.entry)].isTouched = true
        case .linked, .unlinked:
            guard selection?.contains(change.relation.name) ?? (change.relation == .members && kind == .group) else {
                return
            }
            add(
                Link(relation: change.relation, target: change.other, isThere: change.event == .linked),
                to: change.entry
            )
        }
    }

    private mutating func addLinks(to entry: EntryIndex, _ event: ChangeLog.Event, _ directory: TenantDirectory) {
        for relation in Relation.allCases
        where selection?.contains(relation.name) ?? (relation == .members && kind == .group) {
            for source in directory.sources(relation, of: entry) where directory[source].kind == kind {
                add(Link(relation: relation, target: entry, isThere: event == .restored), to: source)
            }
        }
    }

    private mutating func add(_ link: Link, to entry: EntryIndex) {
        let place = place(of: entry)
        let links = items[place].links
        if let known = links.firstIndex(where: { $0.target == link.target && $0.relation == link.relation }) {
            items[place].links[known].isThere = link.isThere
        } else {
            items[place].links.append(link)
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
