import CausewayMapping
import CausewayModel
import CausewayStore

/// Plans objects of one kind, a page of the scope at a time. Each page goes through the same stages: the mappings are evaluated, objects
/// without a link are looked for in the tenant, a decision is made about each object, and the decision becomes actions.
struct ObjectPlanner<Local: LocalObject> {
    private let context: PlanningContext
    /// Knows to whom each Entra object belongs that was found so far.
    private var matcher: Matcher

    init(_ context: PlanningContext) {
        self.context = context
        matcher = Matcher(provider: context.provider)
    }

    mutating func plan(_ page: [Local]) async throws -> [ObjectPlan] {
        try await decide(correlate(evaluate(page)))
    }

    // MARK: Stages

    private func evaluate(_ page: [Local]) async throws -> [PlannedObject] {
        let results = try await context.pool(Local.kind)
            .evaluate(page.map { MappingInput($0.subject, link: $0.presentLink) })
        return zip(page, results).map { PlannedObject($0, result: $1) }
    }

    /// Looks in the tenant for objects without a link.
    private mutating func correlate(_ objects: [PlannedObject]) async throws -> [PlannedObject] {
        guard context.findsMatches else { return objects }
        let rules = MatchRules(settings: context.provider.settings)
        let searches = objects.indices.compactMap { index in objects[index].searchKeys(rules).map { (index, $0) } }
        guard !searches.isEmpty else { return objects }
        let before = matcher
        let (matched, after) = try await context.store.read { [id = context.provider.id] transaction in
            var (matched, matcher) = (objects, before)
            let candidates = try MatchCandidates(
                for: searches.map { (objects[$0].reference, $1) },
                kind: Local.kind,
                provider: id,
                in: transaction
            )
            for (index, keys) in searches {
                let object = objects[index]
                let match = try matcher.match(
                    keys,
                    of: object.reference,
                    named: object.name,
                    among: candidates,
                    in: transaction
                )
                matched[index] = object.matched(match, provider: id)
            }
            return (matched, matcher)
        }
        matcher = after
        return try await evaluateFound(matched)
    }

    /// With a link the mappings may return something else, so objects that were found are evaluated again.
    private func evaluateFound(_ objects: [PlannedObject]) async throws -> [PlannedObject] {
        let found = objects.filter { $0.foundLink != nil }
        guard !found.isEmpty else { return objects }
        var results = try await context.pool(Local.kind).evaluate(found.map(\.input))[...]
        return objects.map { object in
            guard object.foundLink != nil, let result = results.popFirst() else { return object }
            return object.evaluated(result)
        }
    }

    private func decide(_ objects: [PlannedObject]) async throws -> [ObjectPlan] {
        let rules = CreationRules(types: context.types, organization: context.organization)
        let decided = objects.map { ($0, Decision($0, provider: context.provider, rules: rules)) }
        let findings = try await context.findings(of: decided.compactMap { $1.keptID })
        let managers = try await managers(of: decided)
        let reconciler = ObjectReconciler(Local.kind, in: context)
        return decided.map { object, decision in
            reconciler.plan(object, decision, findings: findings, manager: managers[object.reference])
        }
    }

    /// The users that the mappings name as managers.
    private func managers(of objects: [(PlannedObject, Decision)]) async throws -> [ObjectReference: Manager] {
        let named = objects.compactMap { object, decision in
            decision.desired?.manager.map { (object.reference, $0) }
        }
        guard !named.isEmpty else { return [:] }
        return try await context.store.read { [id = context.provider.id] transaction in
            var managers: [ObjectReference: Manager] = [:]
            for (user, reference) in named {
                managers[user] = try Manager(reference, provider: id, in: transaction)
            }
            return managers
        }
    }
}
