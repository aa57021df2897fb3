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
        let total = try await draft.session.store.read { try $0.scopeCount(of: provider, kind: .user) }
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
        return try await draft.session.store.read { transaction in
            let users = try transaction.usersInScope(of: provider, after: last, limit: PlanDraft.pageSize)
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
            Candidate(
                ObjectReference(user.id),
                name: user.username,
                connection: page.connections[user.id],
                vanished: draft.vanished
            )
        }
        let decisions = try await draft.decide(candidates, pool: draft.session.users) { place, link in
            let groups = page.groups[page.users[place].id] ?? []
            return MappingInput(.user(page.users[place], groups: groups, inherited: groups), connection: link)
        } keys: { place, desired in
            MatchRules.keys(for: page.users[place], desired: desired)
        }
        for (place, decision) in decisions.enumerated() {
            try await write(decision, page.users[place], candidates[place])
        }
    }

    private func write(_ decision: Decision, _ user: User, _ candidate: Candidate) async throws {
        let plan = UserPlan(types: draft.session.types)
        switch decision {
        case .refuse(let reason, let outcome): try await draft.refuse(candidate, reason, outcome)
        case .create(let desired, let reason):
            try await draft.write([plan.creation(of: user, desired: desired, reason: reason)])
        case .keep(let link, let key, let desired):
            if let key { try await draft.link(candidate, to: link.entraID, by: key) }
            try await draft.write(plan.changes(of: user, desired: desired, known: link.known, at: link.entraID))
        }
    }
}
