import CausewayModel
import CausewayStore

/// The groups whose members a plan compares, a page at a time. Made after all objects were planned.
struct MemberScope {
    private let context: PlanningContext
    private let links: PlannedLinks
    /// Which members of which groups; nil for all.
    let selection: [GroupID: MemberSelection]?
    private var pages: KeyedPages<GroupID>

    /// Groups read at a time.
    static let pageSize = 100

    init(_ context: PlanningContext, after builder: PlanBuilder) async throws {
        self.context = context
        links = builder.links
        selection = try await Self.selection(context, builder)
        pages = KeyedPages(among: selection?.keys, size: Self.pageSize)
    }

    /// How many groups there are.
    func count() async throws -> Int {
        if let selection { return selection.count }
        return try await context.store.read { [provider = context.provider] transaction in
            try transaction.scopeCount(of: provider, kind: .group)
        }
    }

    /// The next groups; nil after the last.
    mutating func next() async throws -> [MemberTarget]? {
        try await pages.next(by: \.group.id) { [self] in try await page(among: $0, after: $1) }
    }

    private func page(among some: Set<GroupID>?, after last: GroupID?) async throws -> [MemberTarget] {
        try await context.store.read { transaction in
            let provider = context.provider
            let groups = try transaction.groupsInScope(of: provider, among: some, after: last, limit: Self.pageSize)
            let links = try transaction.links(of: groups.map(\.id), provider: provider.id)
            return try groups.map { try target($0, link: links[$0.id], in: transaction) }
        }
    }

    private func target(_ group: Group, link: ObjectLink?, in transaction: Transaction) throws -> MemberTarget {
        let object = ObjectReference(group.id)
        let found = links.found[object]
        let present = link?.presence == .present ? link : nil
        let known = try found.map { try transaction.mirrorObject($0, provider: context.provider.id)?.known ?? [:] }
        return MemberTarget(
            group: group,
            entraID: found ?? present?.entraID,
            asksFirst: found == nil ? link?.asksFirst == true : links.asking.contains(object),
            members: selection?[group.id] ?? .all,
            known: known ?? present?.known ?? [:]
        )
    }

    /// The members that changed, the groups of objects that get a link or were out of scope when they joined, the groups to which
    /// restored objects return, and groups that are no longer skipped.
    private static func selection(
        _ context: PlanningContext,
        _ builder: PlanBuilder
    ) async throws -> [GroupID: MemberSelection]? {
        guard case .changes(var changed) = context.selection else { return nil }
        for group in builder.creations.keys { changed.addMember(nil, of: group) }
        for group in builder.skipped.noLongerSkipped.keys.compactMap(\.group) { changed.addMember(nil, of: group) }
        let (provider, links) = (context.provider, builder.links)
        return try await context.store.read { [changed] transaction in
            var changed = changed
            for user in changed.users {
                for group in try transaction.groupsWithout(user, provider: provider) {
                    changed.addMember(ObjectReference(user), of: group)
                }
            }
            for object in links.objects { try changed.addMemberships(of: object, provider, in: transaction) }
            for (entraID, object) in links.restored {
                for group in try transaction.groups(withMember: entraID, provider: provider.id) {
                    changed.addMember(object, of: group)
                }
            }
            return changed.members
        }
    }
}

extension ChangedObjects {
    /// Adds an object in all groups that it is a member of; if nested groups are flattened, also in those above.
    fileprivate mutating func addMemberships(
        of object: ObjectReference,
        _ provider: EntraProvider,
        in transaction: Transaction
    ) throws {
        if let group = object.group { addMember(nil, of: group) }
        let direct = try object.user.map(transaction.groups(of:)) ?? object.group.map(transaction.parents(of:)) ?? []
        for group in direct {
            addMember(object, of: group)
            guard provider.nestedGroups == .flatten else { continue }
            for outer in try transaction.ancestors(of: group) { addMember(object, of: outer) }
        }
    }
}
