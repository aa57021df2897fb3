import CausewayModel
import CausewayStore

/// The whole directory at one moment, read object by object, independently of any provider.
struct DirectorySnapshot: Sendable {
    let users: [User]
    let groups: [Group]
    /// Direct members.
    private(set) var members: [GroupID: Set<UserID>] = [:]
    /// Groups directly in a group.
    private(set) var children: [GroupID: Set<GroupID>] = [:]

    init(_ transaction: Transaction) throws {
        users = try transaction.users(after: nil, limit: 10_000)
        groups = try transaction.groups(after: nil, limit: 10_000)
        for group in groups {
            members[group.id] = Set(try transaction.members(of: group.id))
            children[group.id] = Set(try transaction.children(of: group.id))
        }
    }

    /// A group and every group in it, however deep.
    func below(_ group: GroupID) -> Set<GroupID> {
        var found: Set<GroupID> = []
        var waiting = [group]
        while let next = waiting.popLast() {
            if found.insert(next).inserted { waiting += children[next] ?? [] }
        }
        return found
    }

    /// The members of a group and, if requested, of every group in it.
    func members(of group: GroupID, recursively: Bool) -> Set<UserID> {
        (recursively ? below(group) : [group]).reduce(into: []) { $0.formUnion(members[$1] ?? []) }
    }
}
