import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// A group that is to be created, once its members are known.
struct GroupCreation: Sendable {
    let desired: DesiredObject
    let reason: ActionReason
}

/// Plans all groups in scope, page by page, their members aside.
struct GroupPlanner {
    let draft: PlanDraft

    private struct Page: Sendable {
        var groups: [Group] = []
        var connections: [GroupID: Connection] = [:]
        var parents: [GroupID: [Group]] = [:]
    }

    /// - Returns: how many groups were looked at, and those to create.
    func run() async throws -> (count: Int, creations: [GroupID: GroupCreation]) {
        let provider = draft.session.provider
        let some = draft.selection.groups
        if some?.isEmpty == true { return (0, [:]) }
        let total = try await draft.session.store.read { transaction in
            try some?.count ?? transaction.scopeCount(of: provider, kind: .group)
        }
        var last: GroupID?
        var done = 0
        var creations: [GroupID: GroupCreation] = [:]
        while true {
            let page = try await self.page(after: last)
            guard let end = page.groups.last else { return (done, creations) }
            creations.merge(try await plan(page)) { $1 }
            last = end.id
            done += page.groups.count
            draft.session.progress(SyncProgress(.planningGroups, done: done, total: total))
        }
    }

    private func page(after last: GroupID?) async throws -> Page {
        let provider = draft.session.provider
        let some = draft.selection.groups
        return try await draft.session.store.read { transaction in
            let groups = try transaction.groupsInScope(
                of: provider,
                among: some,
                after: last,
                limit: PlanDraft.pageSize
            )
            guard let first = groups.first?.id, let end = groups.last?.id else { return Page() }
            var parents: [GroupID: [Group]] = [:]
            for group in groups {
                parents[group.id] = try transaction.parents(of: group.id).compactMap { try transaction.group($0) }
            }
            return Page(
                groups: groups,
                connections: try transaction.connections(ofGroups: first, through: end, provider: provider.id),
                parents: parents
            )
        }
    }

    private func plan(_ page: Page) async throws -> [GroupID: GroupCreation] {
        let candidates = page.groups.map { group in
            Candidate(ObjectReference(group.id), name: group.name, connection: page.connections[group.id])
        }
        let rules = MatchRules(settings: draft.session.provider.settings)
        let decisions = try await draft.decide(candidates, pool: draft.session.groups) { place, link in
            let group = page.groups[place]
            return MappingInput(.group(group, parents: page.parents[group.id] ?? []), connection: link)
        } keys: { place, desired in
            SearchKeys(
                match: rules.keys(for: page.groups[place], desired: desired),
                own: desired["uniqueName"]?.string ?? GroupPlan.uniqueName(of: page.groups[place])
            )
        }
        var creations: [GroupID: GroupCreation] = [:]
        let drifts = try await draft.standingDrift(of: decisions.compactMap(\.keptID))
        for (place, decision) in decisions.enumerated() {
            let drift = decision.keptID.flatMap { drifts[$0] } ?? []
            creations[page.groups[place].id] = try await write(decision, page.groups[place], candidates[place], drift)
        }
        return creations
    }

    private func write(
        _ decision: Decision,
        _ group: Group,
        _ candidate: Candidate,
        _ drifts: [Drift]
    ) async throws -> GroupCreation? {
        let plan = GroupPlan(types: draft.session.types)
        switch decision {
        case .refuse(let reason, let outcome):
            try await draft.refuse(candidate, reason, outcome)
            return nil
        case .create(let desired, let reason): return GroupCreation(desired: desired, reason: reason)
        case .restore(let entra, let desired):
            try await draft.write(plan.restoration(of: group, desired: desired, from: entra))
            return nil
        case .keep(let link, let key, let desired):
            if let key { try await draft.link(candidate, to: link.entraID, by: key) }
            let judge = DriftJudge(policy: draft.session.provider.driftPolicy)
            let changes = plan.changes(
                of: group,
                desired: desired,
                link: link,
                judge,
                drifts.filter { $0.member == nil }
            )
            draft.settle(changes.verdicts)
            try await draft.write(changes.actions)
            return nil
        }
    }
}
