import CausewayModel
import CausewayStore

/// Plans one object alone and writes nothing: for explanations and previews.
struct SingleObjectPlanner {
    private let context: PlanningContext

    /// - Parameter findsMatches: whether an object without a link is looked for in the tenant.
    init(session: SyncSession, findsMatches: Bool = true) {
        context = PlanningContext(session: session, findsMatches: findsMatches)
    }

    /// Plans an object as the next run does; nil if it is not in scope.
    func plan(_ object: ObjectReference) async throws -> ObjectPlan? {
        var plan: ObjectPlan?
        if let user = object.user { plan = try await inScope(LocalUser.self, user) }
        if let group = object.group { plan = try await inScope(LocalGroup.self, group) }
        guard let plan else { return nil }
        return try await PlanBuilder(context).resolved(plan)
    }

    /// Plans an object, in scope or not, as if it had this link; whether others want its values is not checked.
    ///
    /// - Throws: `StoreError` if there is no such object.
    func plan(_ object: ObjectReference, linked link: ObjectLink?) async throws -> ObjectPlan {
        var plan: ObjectPlan?
        if let user = object.user { plan = try await self.plan(LocalUser.one(user, link: link, in: context)) }
        if let group = object.group { plan = try await self.plan(LocalGroup.one(group, link: link, in: context)) }
        guard let plan else { throw StoreError.notFound(object.kind.rawValue, object.id) }
        return plan
    }

    private func inScope<Local: LocalObject>(_ kind: Local.Type, _ key: Local.Key) async throws -> ObjectPlan? {
        guard let local = try await Local.page(among: [key], after: nil, in: context).first else { return nil }
        return try await plan(local)
    }

    private func plan<Local: LocalObject>(_ local: Local) async throws -> ObjectPlan? {
        var planner = ObjectPlanner<Local>(context)
        return try await planner.plan([local]).first
    }
}
