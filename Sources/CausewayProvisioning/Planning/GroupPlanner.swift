import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// A group that is to be created, once its members are known.
struct GroupCreation: Sendable {
    let desired: DesiredObject
    let reason: ActionReason
}

extension Judgement {
    /// The group that is to be created, where it is one and nothing is in the way.
    var groupCreation: (GroupID, GroupCreation)? {
        guard let group = candidate.object.group, case .create(let desired, let reason) = decision, proposal.brings
        else {
            return nil
        }
        return (group, GroupCreation(desired: desired, reason: reason))
    }
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
            for judgement in try await draft.take(judge(page)) {
                // A creation is written with its members.
                if let (group, creation) = judgement.groupCreation {
                    creations[group] = creation
                } else {
                    try await draft.write(judgement.proposal)
                }
            }
            last = end.id
            done += page.groups.count
            draft.session.progress(SyncProgress(.planningGroups, done: done, total: total))
        }
    }

    /// Judges one group; nil where it is not in scope.
    func judge(_ group: GroupID) async throws -> Judgement? {
        try await judge(page(of: [group], after: nil)).first
    }

    /// Judges one group, in scope or not, as if it had this link.
    ///
    /// - Throws: ``StoreError`` where there is no such group.
    func judge(_ id: GroupID, linked connection: Connection?) async throws -> Judgement {
        let page = try await draft.session.store.read { transaction in
            guard let group = try transaction.group(id) else { throw StoreError.notFound("group", id.text) }
            var page = Page(groups: [group])
            page.parents[id] = try transaction.groups(transaction.parents(of: id))
            page.connections[id] = connection
            return page
        }
        return try await judge(page)[0]
    }

    /// Has the mappings say which of some linked groups they leave alone; what else they say of them is for a run that is about
    /// the groups themselves.
    func lookForSkipped(among groups: Set<GroupID>) async throws {
        guard draft.session.groupsMaySkip, !groups.isEmpty else { return }
        var last: GroupID?
        while true {
            var page = try await page(of: groups, after: last)
            guard let end = page.groups.last else { return }
            page.groups.removeAll { page.connections[$0.id]?.presence != .present }
            for judgement in try await judge(page) {
                if case .refuse = judgement.decision { try await draft.write(judgement.proposal) }
            }
            last = end.id
        }
    }

    private func page(after last: GroupID?) async throws -> Page {
        try await page(of: draft.selection.groups, after: last)
    }

    private func page(of some: Set<GroupID>?, after last: GroupID?) async throws -> Page {
        let provider = draft.session.provider
        return try await draft.session.store.read { transaction in
            let groups = try transaction.groupsInScope(
                of: provider,
                among: some,
                after: last,
                limit: PlanDraft.pageSize
            )
            var parents: [GroupID: [Group]] = [:]
            for group in groups {
                parents[group.id] = try transaction.groups(transaction.parents(of: group.id))
            }
            return Page(
                groups: groups,
                connections: try transaction.connections(of: groups.map(\.id), provider: provider.id),
                parents: parents
            )
        }
    }

    private func judge(_ page: Page) async throws -> [Judgement] {
        let candidates = page.groups.map { group in
            Candidate(ObjectReference(group.id), name: group.name, connection: page.connections[group.id])
        }
        let rules = MatchRules(settings: draft.session.provider.settings)
        let decisions = try await draft.decide(candidates, pool: draft.session.groups) { place, link in
            let group = page.groups[place]
            return MappingInput(.group(group, parents: page.parents[group.id] ?? []), connection: link)
        } keys: { place, desired in
            rules.searchKeys(for: page.groups[place], desired: desired)
        }
        let drifts = try await draft.standingDrift(of: decisions.compactMap(\.keptID))
        let refusals = try await draft.refusals(of: decisions.compactMap(\.keptID))
        let writability = Writability(kind: .group, types: draft.session.types)
        return decisions.enumerated().map { place, decision in
            let drift = decision.keptID.flatMap { drifts[$0] } ?? []
            let sieve = WriteSieve(
                writability: writability,
                refusals: decision.keptID.flatMap { refusals[$0] } ?? []
            )
            return Judgement(
                candidate: candidates[place],
                decision: decision,
                proposal: proposal(decision, page.groups[place], candidates[place], drift, sieve),
                drifts: drift
            )
        }
    }

    /// What is to be done about a group, its members aside, given what was decided.
    private func proposal(
        _ decision: Decision,
        _ group: Group,
        _ candidate: Candidate,
        _ drifts: [Drift],
        _ sieve: WriteSieve
    ) -> Proposal {
        let plan = GroupPlan(types: draft.session.types)
        switch decision {
        case .refuse(let reason, let outcome, _): return Proposal(refusing: candidate, reason, outcome)
        case .create(let desired, let reason):
            return Proposal([plan.creation(of: group, desired: desired, members: [], level: 0, reason: reason)])
        case .restore(let entra, let desired, let reason):
            let (actions, sifted) = plan.restoration(of: group, desired: desired, from: entra, reason, sieve)
            var proposal = Proposal(actions)
            proposal.add(sifted, of: candidate, at: entra.entraID)
            return proposal
        case .keep(let link, let key, let desired):
            let judge = draft.session.driftJudge(.group)
            let own = drifts.filter { $0.member == nil }
            let changes = plan.changes(of: group, desired: desired, link: link, judge, own, sieve)
            var proposal = Proposal(linking: candidate, to: link.entraID, by: key)
            proposal.add(FirstLinkRule.separate(changes.actions, at: link), changes.verdicts)
            proposal.add(changes.sifted, of: candidate, at: link.entraID)
            return proposal
        }
    }
}
