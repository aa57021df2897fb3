import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// Plans all users in scope, page by page.
struct UserPlanner {
    let draft: PlanDraft

    private struct Page: Sendable {
        var users: [User] = []
        var connections: [UserID: Connection] = [:]
        var groups: [UserID: [Group]] = [:]
    }

    /// - Returns: how many users were looked at.
    func run() async throws -> Int {
        let provider = draft.session.provider
        let some = draft.selection.users
        if some?.isEmpty == true { return 0 }
        let total = try await draft.session.store.read { transaction in
            try some?.count ?? transaction.scopeCount(of: provider, kind: .user)
        }
        var last: UserID?
        var done = 0
        while true {
            let page = try await self.page(after: last)
            guard let end = page.users.last else { return done }
            for judgement in try await draft.take(judge(page)) { try await draft.write(judgement.proposal) }
            last = end.id
            done += page.users.count
            draft.session.progress(SyncProgress(.planningUsers, done: done, total: total))
        }
    }

    /// Judges one user; nil where it is not in scope.
    func judge(_ user: UserID) async throws -> Judgement? {
        try await judge(page(of: [user], after: nil)).first
    }

    /// Judges one user, in scope or not, as if it had this link.
    ///
    /// - Throws: ``StoreError`` where there is no such user.
    func judge(_ id: UserID, linked connection: Connection?) async throws -> Judgement {
        let page = try await draft.session.store.read { transaction in
            guard let user = try transaction.user(id) else { throw StoreError.notFound("user", "\(id)") }
            var page = Page(users: [user], groups: try transaction.groups(ofUsers: [id]))
            page.connections[id] = connection
            return page
        }
        return try await judge(page)[0]
    }

    private func page(after last: UserID?) async throws -> Page {
        try await page(of: draft.selection.users, after: last)
    }

    private func page(of some: Set<UserID>?, after last: UserID?) async throws -> Page {
        let (provider, asksForGroups) = (draft.session.provider, draft.session.asksForGroups)
        return try await draft.session.store.read { transaction in
            let users = try transaction.usersInScope(of: provider, among: some, after: last, limit: PlanDraft.pageSize)
            let keys = users.map(\.id)
            return Page(
                users: users,
                connections: try transaction.connections(of: keys, provider: provider.id),
                groups: asksForGroups ? try transaction.groups(ofUsers: keys) : [:]
            )
        }
    }

    private func judge(_ page: Page) async throws -> [Judgement] {
        let provider = draft.session.provider
        let candidates = page.users.map { user in
            Candidate(
                ObjectReference(user.id),
                name: user.username,
                connection: page.connections[user.id],
                signIn: SignIn(user, at: provider)
            )
        }
        let rules = MatchRules(settings: draft.session.provider.settings)
        let ancestry = draft.session.asksForGroups ? try await draft.groupAncestry() : GroupAncestry()
        let decisions = try await draft.decide(candidates, pool: draft.session.users) { place, link in
            let groups = page.groups[page.users[place].id] ?? []
            let all = ancestry.all(of: groups)
            return MappingInput(.user(page.users[place], groups: groups, allGroups: all), connection: link)
        } keys: { place, desired in
            rules.searchKeys(for: page.users[place], desired: desired)
        }
        let drifts = try await draft.standingDrift(of: decisions.compactMap(\.keptID))
        let refusals = try await draft.refusals(of: decisions.compactMap(\.keptID))
        let writability = Writability(kind: .user, types: draft.session.types)
        let managers = try await managers(decisions)
        return decisions.enumerated().map { place, decision in
            let drift = decision.keptID.flatMap { drifts[$0] } ?? []
            let sieve = WriteSieve(
                writability: writability,
                refusals: decision.keptID.flatMap { refusals[$0] } ?? []
            )
            var proposal = proposal(decision, page.users[place], candidates[place], drift, sieve)
            if let manager = managers[place] {
                add(manager, to: &proposal, decision, page.users[place], candidates[place], drift, sieve)
            }
            return Judgement(
                candidate: candidates[place],
                decision: decision,
                proposal: proposal,
                drifts: drift,
                isOwnManager: managers[place]?.user == page.users[place].id
            )
        }
    }

    /// Whom the mappings name as managers, by place.
    private func managers(_ decisions: [Decision]) async throws -> [Int: Manager] {
        let wanted = decisions.map { $0.desired?.manager }
        guard wanted.contains(where: { $0 != nil }) else { return [:] }
        let provider = draft.session.provider.id
        return try await draft.session.store.read { transaction in
            var managers: [Int: Manager] = [:]
            for (place, reference) in wanted.enumerated() {
                managers[place] = try reference.map { try Manager($0, provider: provider, in: transaction) }
            }
            return managers
        }
    }

    /// Adds the link to the manager, unless somebody else changed it and that is to be left alone.
    private func add(
        _ manager: Manager,
        to proposal: inout Proposal,
        _ decision: Decision,
        _ user: User,
        _ candidate: Candidate,
        _ drifts: [Drift],
        _ sieve: WriteSieve
    ) {
        let plan = ManagerPlan(
            user: user,
            manager: manager,
            known: decision.known?["manager"]?.string,
            entraID: decision.entraID
        )
        let action = plan.action()
        if let id = decision.keptID {
            let changes = action?.action.changes ?? []
            let sifted = sieve.sift(changes, of: decision.known ?? [:], attributes: ["manager"])
            proposal.add(sifted, of: candidate, at: id)
            if sifted.send.isEmpty, !changes.isEmpty { return }
        }
        guard let action else { return }
        let drift = drifts.filter { $0.attribute == "manager" }
        let judged = draft.session.driftJudge(.user)
            .judge(action.action.changes, desired: ["manager": .null], drifts: drift)
        for verdict in judged.verdicts { proposal.settle(verdict) }
        if !judged.send.isEmpty || action.outcome.status != .planned { proposal.add(action) }
    }

    /// What is to be done about a user, given what was decided.
    private func proposal(
        _ decision: Decision,
        _ user: User,
        _ candidate: Candidate,
        _ drifts: [Drift],
        _ sieve: WriteSieve
    ) -> Proposal {
        let plan = UserPlan(types: draft.session.types)
        switch decision {
        case .refuse(let reason, let outcome, _): return Proposal(refusing: candidate, reason, outcome)
        case .create(let desired, let reason):
            return Proposal([plan.creation(of: user, desired: desired, reason: reason)])
        case .restore(let entra, let desired, let reason):
            let (actions, sifted) = plan.restoration(of: user, desired: desired, from: entra, reason, sieve)
            var proposal = Proposal(actions)
            proposal.add(sifted, of: candidate, at: entra.entraID)
            return proposal
        case .keep(let link, let key, let desired):
            let judge = draft.session.driftJudge(.user)
            let own = drifts.filter { $0.attribute != "manager" || desired.manager == nil }
            let changes = plan.changes(of: user, desired: desired, link: link, judge, own, sieve)
            var proposal = Proposal(linking: candidate, to: link.entraID, by: key)
            proposal.add(FirstLinkRule.separate(changes.actions, at: link), changes.verdicts)
            proposal.add(changes.sifted, of: candidate, at: link.entraID)
            return proposal
        }
    }
}
