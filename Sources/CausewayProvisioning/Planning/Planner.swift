import CausewayModel
import CausewayStore

/// Computes everything that makes the tenant match the directory, and stores it as a plan.
/// Nothing is sent to the tenant that would change it.
struct Planner {
    private let context: PlanningContext
    private let builder: PlanBuilder

    init(session: SyncSession, selection: PlanSelection = .everything) {
        context = PlanningContext(session: session, selection: selection)
        builder = PlanBuilder(context)
    }

    /// Records, before the actions are applied, what was decided in addition to them.
    func commit() async throws { try await builder.commit() }

    /// Records what counts once they are applied.
    func conclude() async throws { try await builder.conclude() }

    /// Why nothing of the plan may be applied; always nil for a plan about a few objects.
    var blockingReason: String? { context.selection.isEverything ? builder.failures.blockingReason : nil }

    /// Makes the plan.
    ///
    /// - Returns: how destructive it is, and how many objects were planned.
    func run() async throws -> (destructive: DestructiveChanges, users: Int, groups: Int) {
        let users = try await plan(LocalUser.self)
        let groups = try await plan(LocalGroup.self)
        let values = try await builder.resolveValues()
        // Members come last: a group may contain groups that were planned after it.
        try await MembershipPlanner(context: context, builder: builder, firstLevel: values.groupSteps).run()
        try await DeprovisioningPlanner(context: context, owners: builder.links.owners, freeing: values.freeing)
            .run { try await builder.write($0) }
        try await builder.finish()
        return (builder.destructive, users, groups)
    }

    /// - Returns: how many objects were planned.
    private func plan<Local: LocalObject>(_ kind: Local.Type) async throws -> Int {
        var pages = ScopePages<Local>(context, among: Local.keys(in: context.selection))
        var planner = ObjectPlanner<Local>(context)
        let total = try await pages.count()
        var done = 0
        while let page = try await pages.next() {
            try await builder.add(planner.plan(page))
            done += page.count
            context.progress(SyncProgress(Local.step, done: done, total: total))
        }
        return done
    }
}
