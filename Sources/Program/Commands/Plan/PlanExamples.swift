import CausewayModel
import CausewayStore

/// A few actions of each kind of a plan.
struct PlanExamples {
    /// The actions of one verb on one kind of object.
    struct Group {
        let verb: ActionVerb
        let kind: ObjectKind
        let count: Int
        /// The first of them.
        let actions: [StoredAction]
    }

    let groups: [Group]

    /// How many actions of each kind are shown.
    private static let most = 5

    init(groups: [Group]) { self.groups = groups }

    init(_ summary: RunSummary, in transaction: Transaction) throws {
        var kinds: [(verb: ActionVerb, kind: ObjectKind, count: Int)] = []
        for count in summary.counts {
            if let place = kinds.firstIndex(where: { $0.verb == count.verb && $0.kind == count.kind }) {
                kinds[place].count += count.count
            } else {
                kinds.append((count.verb, count.kind, count.count))
            }
        }
        groups = try kinds.map { verb, kind, count in
            var filter = ActionFilter()
            (filter.verbs, filter.kind) = ([verb], kind)
            let slice = ListSlice(offset: 0, limit: Self.most)
            let actions = try transaction.actionPage(of: summary.run.id, filter, slice).rows
            return Group(verb: verb, kind: kind, count: count, actions: actions)
        }
    }

    func lines(_ text: PlanText) -> [String] {
        let isCut = groups.contains { $0.count > $0.actions.count }
        let rest = isCut ? ["Only examples are shown; --all lists every action."] : []
        return Array(groups.map { $0.lines(text) }.joined(separator: [""])) + rest
    }
}

extension PlanExamples.Group {
    /// The heading, what is the same in all of the actions, and the rest of each.
    fileprivate func lines(_ text: PlanText) -> [String] {
        let reasons = Set(actions.map { text.reason(of: $0.action) })
        let isSameReason = actions.count > 1 && reasons.count == 1
        let reason = isSameReason ? reasons.first.map { "  (\($0))" } ?? "" : ""
        let extent = count > actions.count ? "\(count), for example" : "\(count)"
        let head = text.terminal.paint("\(verb.words) \(kind.rawValue): \(extent)\(reason)", .bold)
        let common = commonChanges
        let shared = common.isEmpty ? [] : ["    in each of these:"] + common.map { "    \(text.line(for: $0))" }
        return [head] + shared
            + actions.flatMap { text.lines(for: $0, without: Set(common), hasReason: !isSameReason) }
    }

    /// The changes that all of the shown actions have, in the order of the first.
    private var commonChanges: [AttributeChange] {
        guard actions.count > 1, let first = actions.first else { return [] }
        return first.action.changes.filter { change in actions.allSatisfy { $0.action.changes.contains(change) } }
    }
}
