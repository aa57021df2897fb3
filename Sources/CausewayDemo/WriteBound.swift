package import CausewayModel
package import CausewayStore

/// The minimum number of writes that apply a plan.
package enum WriteBound {
    /// How many members Graph takes in one request.
    private static let membersPerRequest = 20
    private static let page = 1000

    /// One for each object created or changed, and one for every twenty members of a group beyond the twenty that its creation
    /// carries. The members are counted in the directory, not in the plan.
    package static func count(_ plan: RunID, in store: Store) async throws -> Int {
        let new = try await groupsCreated(by: plan, store)
        return try await store.read { transaction in
            let objects = try transaction.actionCounts(of: plan)
                .filter { [.create, .update, .suspend, .reactivate].contains($0.verb) }.reduce(0) { $0 + $1.count }
            var (sum, last) = (objects, GroupID?.none)
            while case let groups = try transaction.groups(after: last, limit: page), let end = groups.last {
                for group in groups {
                    let members = try transaction.members(of: group.id).count + transaction.children(of: group.id).count
                    let carried = new.contains(group.id) ? membersPerRequest : 0
                    sum += (max(0, members - carried) + membersPerRequest - 1) / membersPerRequest
                }
                last = end.id
            }
            return sum
        }
    }

    private static func groupsCreated(by run: RunID, _ store: Store) async throws -> Set<GroupID> {
        var new: Set<GroupID> = []
        let pages = store.pages(by: \.action.sequence) { try $0.actions(of: run, after: $1 ?? 0, limit: page) }
        for try await actions in pages {
            for action in actions.map(\.action) where action.verb == .create {
                if let group = action.object?.group { new.insert(group) }
            }
        }
        return new
    }
}
