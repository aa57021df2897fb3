import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// A group of the directory, with the groups that it is in. Its members are planned separately.
struct LocalGroup: LocalObject {
    let record: Group
    let link: ObjectLink?
    /// The groups that it is directly in.
    let parents: [Group]

    static let kind = ObjectKind.group
    static let step = SyncProgress.Step.planningGroups

    static func keys(in selection: PlanSelection) -> Set<GroupID>? { selection.groups }

    static func page(
        among keys: Set<GroupID>?,
        after last: GroupID?,
        in context: PlanningContext
    ) async throws -> [LocalGroup] {
        try await context.store.read { transaction in
            let groups = try transaction.groupsInScope(
                of: context.provider,
                among: keys,
                after: last,
                limit: PlanningContext.pageSize
            )
            let links = try transaction.links(of: groups.map(\.id), provider: context.provider.id)
            return try groups.map { try LocalGroup($0, link: links[$0.id], in: transaction) }
        }
    }

    static func one(_ key: GroupID, link: ObjectLink?, in context: PlanningContext) async throws -> LocalGroup {
        try await context.store.read { transaction in
            guard let group = try transaction.group(key) else { throw StoreError.notFound("group", key.text) }
            return try LocalGroup(group, link: link, in: transaction)
        }
    }

    private init(_ group: Group, link: ObjectLink?, in transaction: Transaction) throws {
        record = group
        self.link = link
        parents = try transaction.groups(transaction.parents(of: group.id))
    }

    var key: GroupID { record.id }
    var reference: ObjectReference { ObjectReference(record.id) }
    var name: String { record.name }
    var subject: MappingInput.Subject { .group(record, parents: parents) }

    func accountEnablement(at provider: EntraProvider) -> AccountEnablement? { nil }

    func searchKeys(_ rules: MatchRules, desired: [String: JSONValue]) -> SearchKeys {
        rules.searchKeys(for: record, desired: desired)
    }

    typealias Plan = GroupPlan
}
