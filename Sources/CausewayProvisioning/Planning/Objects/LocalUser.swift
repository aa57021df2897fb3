import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// A user of the directory, with the groups that its mappings see.
struct LocalUser: LocalObject {
    let record: User
    let link: ObjectLink?
    /// The groups that it is directly in.
    let groups: [Group]
    /// Those, and all groups that they are in.
    let allGroups: [Group]

    static let kind = ObjectKind.user
    static let step = SyncProgress.Step.planningUsers

    static func keys(in selection: PlanSelection) -> Set<UserID>? { selection.users }

    static func page(
        among keys: Set<UserID>?,
        after last: UserID?,
        in context: PlanningContext
    ) async throws -> [LocalUser] {
        let (users, links, groups) = try await context.store.read { transaction in
            let users = try transaction.usersInScope(
                of: context.provider,
                among: keys,
                after: last,
                limit: PlanningContext.pageSize
            )
            let ids = users.map(\.id)
            let links = try transaction.links(of: ids, provider: context.provider.id)
            return (users, links, context.asksForGroups ? try transaction.groups(ofUsers: ids) : [:])
        }
        let ancestry = try await ancestry(context)
        return users.map { LocalUser($0, link: links[$0.id], groups: groups[$0.id] ?? [], ancestry) }
    }

    static func one(_ key: UserID, link: ObjectLink?, in context: PlanningContext) async throws -> LocalUser {
        let (user, groups) = try await context.store.read { transaction in
            guard let user = try transaction.user(key) else { throw StoreError.notFound("user", "\(key)") }
            return (user, try transaction.groups(ofUsers: [key])[key] ?? [])
        }
        return LocalUser(user, link: link, groups: groups, try await ancestry(context))
    }

    private static func ancestry(_ context: PlanningContext) async throws -> GroupAncestry {
        context.asksForGroups ? try await context.ancestry.read() : GroupAncestry()
    }

    private init(_ user: User, link: ObjectLink?, groups: [Group], _ ancestry: GroupAncestry) {
        record = user
        self.link = link
        self.groups = groups
        allGroups = ancestry.all(of: groups)
    }

    var key: UserID { record.id }
    var reference: ObjectReference { ObjectReference(record.id) }
    var name: String { record.username }
    var subject: MappingInput.Subject { .user(record, groups: groups, allGroups: allGroups) }

    func accountEnablement(at provider: EntraProvider) -> AccountEnablement? { AccountEnablement(record, at: provider) }

    func searchKeys(_ rules: MatchRules, desired: [String: JSONValue]) -> SearchKeys {
        rules.searchKeys(for: record, desired: desired)
    }

    typealias Plan = UserPlan
}
