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
            try await plan(page)
            last = end.id
            done += page.users.count
            draft.session.progress(SyncProgress(.planningUsers, done: done, total: total))
        }
    }

    private func page(after last: UserID?) async throws -> Page {
        let (provider, asksForGroups) = (draft.session.provider, draft.session.asksForGroups)
        let some = draft.selection.users
        return try await draft.session.store.read { transaction in
            let users = try transaction.usersInScope(of: provider, among: some, after: last, limit: PlanDraft.pageSize)
            guard let first = users.first?.id, let end = users.last?.id else { return Page() }
            return Page(
                users: users,
                connections: try transaction.connections(ofUsers: first, through: end, provider: provider.id),
                groups: asksForGroups ? try transaction.groups(ofUsers: first, through: end) : [:]
            )
        }
    }

    private func plan(_ page: Page) async throws {
        let candidates = page.users.map { user in
            Candidate(ObjectReference(user.id), name: user.username, connection: page.connections[user.id])
        }
        let rules = MatchRules(settings: draft.session.provider.settings)
        let decisions = try await draft.decide(candidates, pool: draft.session.users) { place, link in
            let groups = page.groups[page.users[place].id] ?? []
            return MappingInput(.user(page.users[place], groups: groups, inherited: groups), connection: link)
        } keys: { place, desired in
            SearchKeys(
                match: rules.keys(for: page.users[place], desired: desired),
                own: desired["onPremisesImmutableId"]?.string ?? page.users[place].uid
            )
        }
        let drifts = try await draft.standingDrift(of: decisions.compactMap(\.keptID))
        for (place, decision) in decisions.enumerated() {
            let drift = decision.keptID.flatMap { drifts[$0] } ?? []
            try await write(decision, page.users[place], candidates[place], drift)
        }
    }

    private func write(_ decision: Decision, _ user: User, _ candidate: Candidate, _ drifts: [Drift]) async throws {
        let plan = UserPlan(types: draft.session.types)
        let judge = DriftJudge(policy: draft.session.provider.driftPolicy)
        switch decision {
        case .refuse(let reason, let outcome): try await draft.refuse(candidate, reason, outcome)
        case .create(let desired, let reason):
            try await draft.write([plan.creation(of: user, desired: desired, reason: reason)])
        case .restore(let entra, let desired):
            try await draft.write(plan.restoration(of: user, desired: desired, from: entra))
        case .keep(let link, let key, let desired):
            if let key { try await draft.link(candidate, to: link.entraID, by: key) }
            let changes = plan.changes(of: user, desired: desired, link: link, judge, drifts)
            draft.settle(changes.verdicts)
            try await draft.write(changes.actions)
        }
    }
}
