import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// `causeway/groups/`: groups within groups, and how many people a group would make administrators.
enum GroupTreeOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_groups_tree_list": list, "causeway_groups_reach_retrieve": reach,
    ]

    /// The most rows of an answer, and how far down it goes.
    private static let (mostRows, deepest) = (1000, 12)

    /// The groups that contain groups and are in none, page by page, each followed by the groups in it; or one group of the caller's
    /// choice and the groups in it.
    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let list = try ListRequest(request)
        let root = request.query.uuid("root").map { GroupID($0) }
        let (count, rows) = try await request.store.read { transaction in
            guard let root else {
                let page = try transaction.treeRoots(list.slice)
                return (page.count, try trees(of: page.rows, in: transaction))
            }
            guard let group = try transaction.group(root) else { throw APIError.noChoice("root", root.text) }
            return (1, try trees(of: [group], in: transaction))
        }
        return try list.envelope(count: count, rows)
    }

    /// The groups and all groups below them, depth first. A group within several others comes after each of them. If that is too much,
    /// some groups are cut: what is below them is only counted. All roots are listed.
    private static func trees(of roots: [Group], in transaction: Transaction) throws -> [JSONValue] {
        var (known, children) = ([GroupID: Group](), [GroupID: [GroupID]]())
        var level = roots.map(\.id)
        for root in roots { known[root.id] = root }
        for _ in 0..<deepest where !level.isEmpty && known.count < mostRows {
            let below = try transaction.children(of: level)
            children.merge(below) { $1 }
            let new = Array(Set(below.values.joined()).filter { known[$0] == nil })
            known.merge(try transaction.groups(ids: new)) { $1 }
            level = new
        }
        // Those of the last level are cut, and have their numbers.
        if !level.isEmpty { children.merge(try transaction.children(of: level)) { $1 } }
        let counts = try transaction.memberCounts(of: Array(known.keys))
        var (rows, left) = ([JSONValue](), mostRows - roots.count)
        func add(_ id: GroupID, depth: Int) {
            guard let group = known[id] else { return }
            let below = children[id] ?? []
            let inner = below.compactMap { known[$0] }.sorted { $0.name < $1.name }
            let isCut = inner.count < below.count || inner.count > left || (!inner.isEmpty && depth >= deepest - 1)
            if !isCut { left -= inner.count }
            rows.append([
                "pk": .string(id.text), "name": .string(group.name), "depth": .integer(Int64(depth)),
                "is_superuser": .bool(group.isSuperuser), "members": .integer(Int64(counts[id] ?? 0)),
                "groups": .integer(Int64(below.count)), "is_cut": .bool(isCut),
            ])
            guard !isCut else { return }
            for one in inner { add(one.id, depth: depth + 1) }
        }
        for root in roots { add(root.id, depth: 0) }
        return rows
    }

    @Sendable private static func reach(_ request: APIRequest) async throws -> APIResponse {
        let (reach, makesAdministrators) = try await request.store.read { transaction in
            let group = try GroupOperations.requested(request, in: transaction).id
            return (try transaction.reach(of: group), try transaction.makesAdministrators(group))
        }
        return .ok([
            "members": .integer(Int64(reach.members)), "new_administrators": .integer(Int64(reach.newAdministrators)),
            "makes_administrators": .bool(makesAdministrators),
        ])
    }
}
