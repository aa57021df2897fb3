import CausewayModel

/// The depth of each group's nesting: 0 for a group without groups in it, otherwise one more than the deepest of them. A
/// group is created after every group in it, so that its members exist by then.
struct GroupCreationOrder {
    private let levels: [GroupID: Int]

    /// - Parameter nesting: every child and parent pair; without cycles, which the store guarantees.
    init(nesting: [(child: GroupID, parent: GroupID)]) {
        var waiting = Dictionary(nesting.map { ($0.parent, 1) }, uniquingKeysWith: +)
        let parents = Dictionary(grouping: nesting, by: \.child).mapValues { $0.map(\.parent) }
        var levels: [GroupID: Int] = [:]
        var ready = Set(nesting.map(\.child)).filter { waiting[$0] == nil }.map { $0 }
        while let child = ready.popLast() {
            for parent in parents[child] ?? [] {
                levels[parent] = max(levels[parent] ?? 0, (levels[child] ?? 0) + 1)
                waiting[parent, default: 0] -= 1
                if waiting[parent] == 0 { ready.append(parent) }
            }
        }
        self.levels = levels
    }

    subscript(group: GroupID) -> Int { levels[group] ?? 0 }
}
