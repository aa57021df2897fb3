import CausewayModel
import CausewayStore

/// The nesting of groups, so that the groups of many users are known without a query for each user.
struct GroupAncestry: Sendable {
    private var above: [GroupID: Set<GroupID>] = [:]
    private var outer: [GroupID: Group] = [:]

    /// No group is in another.
    init() {}

    init(_ transaction: Transaction) throws {
        let parents = Dictionary(grouping: try transaction.groupNesting(), by: \.child).mapValues { $0.map(\.parent) }
        for child in parents.keys { above[child] = Self.all(above: child, parents) }
        for id in Set(parents.values.joined()) { outer[id] = try transaction.group(id) }
    }

    /// Groups with all groups that they are in, in the order of their names.
    func all(of direct: [Group]) -> [Group] {
        let known = Set(direct.map(\.id))
        let further = direct.reduce(into: Set<GroupID>()) { $0.formUnion(above[$1.id] ?? []) }.subtracting(known)
        guard !further.isEmpty else { return direct }
        return (direct + further.compactMap { outer[$0] }).sorted { $0.name < $1.name }
    }

    private static func all(above child: GroupID, _ parents: [GroupID: [GroupID]]) -> Set<GroupID> {
        var (found, open) = (Set<GroupID>(), parents[child] ?? [])
        while let next = open.popLast() {
            if found.insert(next).inserted { open += parents[next] ?? [] }
        }
        return found
    }
}

/// Reads the nesting when it is first needed, and keeps it: one plan sees one nesting of groups.
actor GroupAncestryReader {
    private let store: Store
    private var ancestry: GroupAncestry?

    init(store: Store) { self.store = store }

    func read() async throws -> GroupAncestry {
        if let ancestry { return ancestry }
        let read = try await store.read { try GroupAncestry($0) }
        ancestry = read
        return read
    }
}
