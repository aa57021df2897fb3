import Algorithms
import CausewayModel
import CausewayStore

/// Plans the members of groups in scope: the members of a new group are sent with its creation as far as they fit.
struct MembershipPlanner {
    let context: PlanningContext
    let builder: PlanBuilder
    /// How many levels of groups come before the first group is created.
    let firstLevel: Int

    func run() async throws {
        var scope = try await MemberScope(context, after: builder)
        if let selection = scope.selection {
            try await lookForSkipped(among: Set(selection.keys).subtracting(context.selection.groups ?? []))
        }
        let total = try await scope.count()
        let order = try await creationOrder()
        var done = 0
        while let page = try await scope.next() {
            try await plan(page, order)
            done += page.count
            context.progress(SyncProgress(.planningMembers, done: done, total: total))
        }
    }

    /// Asks the mappings which linked groups they skip; everything else they return belongs to a run that is about
    /// the groups themselves.
    private func lookForSkipped(among groups: Set<GroupID>) async throws {
        guard context.groupsMaySkip else { return }
        var pages = ScopePages<LocalGroup>(context, among: groups)
        var planner = ObjectPlanner<LocalGroup>(context)
        while let page = try await pages.next() {
            let plans = try await planner.plan(page.filter { $0.presentLink != nil })
            builder.record(plans)
            for plan in plans {
                if case .leaveAlone = plan.decision { try await builder.write(plan.actions) }
            }
        }
    }

    private func creationOrder() async throws -> GroupCreationOrder {
        guard context.provider.nestedGroups == .keep, !builder.creations.isEmpty else {
            return GroupCreationOrder(nesting: [])
        }
        return GroupCreationOrder(nesting: try await context.store.read { try $0.groupNesting() })
    }

    // MARK: Pages

    private func plan(_ page: [MemberTarget], _ order: GroupCreationOrder) async throws {
        let targets = page.filter { !builder.skipped.contains($0.reference) }
        let present = targets.filter { builder.creations[$0.group.id] == nil }
        let ids = present.compactMap(\.entraID)
        let absent = try await readMembers(of: ids)
        let alike = try await alike(present)
        let findings = try await context.findings(of: ids)
        for target in targets {
            if let entraID = target.entraID, absent.contains(entraID) {
                // The members of a group that Graph does not show are unknown.
                try await builder.write(target.line(.vanishedFromEntra), .notShown)
                continue
            }
            let drift = MemberDrift(policy: context.provider.driftPolicy, drifts: findings.drifts(of: target.entraID))
            let planner = GroupMembersPlanner(context: context, builder: builder, target: target, drift: drift)
            if let creation = builder.creations[target.group.id] {
                try await planner.create(creation, level: order[target.group.id] + firstLevel)
            } else if let entraID = target.entraID {
                try await planner.change(
                    at: entraID,
                    refusals: findings.refusals(of: entraID),
                    isAlike: alike.contains(target.group.id)
                )
            } else if builder.links.objects.contains(target.reference) {
                // It is restored from the recycle bin.
                try await planner.add()
            }
        }
    }

    /// Reads the members of groups from the tenant if the mirror is stale, or if the plan links the group.
    ///
    /// - Returns: the groups that Graph does not show.
    private func readMembers(of groups: [EntraObjectID]) async throws -> Set<EntraObjectID> {
        let owners = builder.links.owners
        let known = groups.filter { owners[$0] == nil }
        let stale = try await context.store.read { [context] transaction in
            try transaction.groupsToReread(
                among: known,
                staleBefore: transaction.now - context.consistencyWindow,
                provider: context.provider.id
            )
        }
        return try await context.members.read(stale + groups.filter { owners[$0] != nil })
    }

    // MARK: Groups that have their members

    /// How many readers of the database count members at once.
    private static let readers = 2

    /// The groups, of those that are compared whole, that are known to have their members: usually most of them.
    private func alike(_ page: [MemberTarget]) async throws -> Set<GroupID> {
        let whole = page.filter { $0.members == .all }
        let size = MemberScope.pageSize / Self.readers
        return try await withThrowingTaskGroup(of: Set<GroupID>.self) { tasks in
            for part in whole.chunks(ofCount: size) {
                tasks.addTask { [context] in try await Self.alike(part, context) }
            }
            return try await tasks.reduce(into: []) { $0.formUnion($1) }
        }
    }

    private static func alike(
        _ targets: ArraySlice<MemberTarget>,
        _ context: PlanningContext
    ) async throws -> Set<GroupID> {
        let linked = targets.compactMap { target in target.entraID.map { (target.group.id, $0) } }
        return try await context.store.read { transaction in
            try transaction.groupsKnownToHaveTheirMembers(
                Dictionary(linked, uniquingKeysWith: { $1 }),
                provider: context.provider
            )
        }
    }
}
