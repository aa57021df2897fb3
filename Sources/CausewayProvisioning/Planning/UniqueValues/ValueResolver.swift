import CausewayModel
import CausewayStore

/// Decides which objects of a plan get unique values.
struct ValueResolver {
    private let context: PlanningContext
    private var claims = ValueClaims()

    init(_ context: PlanningContext) { self.context = context }

    /// Whether anything waits for ``resolve(owners:)``.
    var hasContested: Bool { claims.hasContested }

    /// Adds the plans of a page of objects.
    ///
    /// - Returns: those that get what they want; contested values are decided after all objects were planned.
    mutating func admit(_ plans: [ObjectPlan]) async throws -> [ObjectPlan] {
        let all = plans.map(ValueClaim.init)
        let wanted = all.reduce(into: Set<UniqueValue>()) { $0.formUnion($1.wanted) }
        guard !wanted.isEmpty else { return plans }
        let holders = try await context.store.read { [id = context.provider.id] transaction in
            try transaction.holders(of: wanted, provider: id)
        }
        var admitted: [ObjectPlan] = []
        for claim in all where claims.take(claim, holders: holders) { admitted.append(claim.plan) }
        return admitted
    }

    /// The decisions about contested values.
    struct Resolution {
        /// The actions on all objects that want one.
        var plans: [ObjectPlan] = []
        /// Objects that are neither created nor restored, since they do not get a required value.
        var void: [ObjectReference] = []
        /// The Entra objects whose deletion frees a value that the plan gives to another object.
        var freeing: Set<EntraObjectID> = []
        /// How many levels come before the first group is created, since they free values that new groups get.
        var groupSteps = 0
    }

    /// Decides about the contested values. All other actions of the plan must be stored.
    ///
    /// - Parameter owners: the Entra objects that the plan links, and with which local objects.
    mutating func resolve(owners: [EntraObjectID: ObjectReference]) async throws -> Resolution {
        let contested = claims.takeContested()
        let sources = ValueSources(contested, owners: owners, provider: context.provider, run: context.run)
        let (contenders, freeing) = try await context.store.read { transaction in
            var sources = sources
            return (try sources.contenders(in: transaction), sources.freeing)
        }
        let contest = ValueContest(contenders)
        var resolution = Resolution(freeing: freeing)
        for (index, contested) in contested.enumerated() {
            let object = contested.plan.object.reference
            if contest.isVoid(index) { resolution.void.append(object) }
            if object.kind == .group { resolution.groupSteps = max(resolution.groupSteps, contest.level(index)) }
            resolution.plans.append(contested.plan.with(ObjectActions(contested, in: contest, at: index)))
        }
        return resolution
    }
}
