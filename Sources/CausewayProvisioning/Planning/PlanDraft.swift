import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// A plan in the making: what was decided so far, and what was written down of it. Belongs to the one task that plans.
final class PlanDraft {
    let session: SyncSession
    let selection: PlanSelection
    private let looksForMatches: Bool
    private let rules: CreationRules
    private var writer: PlanWriter
    private var matcher: Matcher
    /// Objects that this plan brings into the tenant, or links to what is there.
    private(set) var arriving: Set<ObjectReference> = []
    /// The Entra objects that this plan links.
    private(set) var found: [ObjectReference: EntraObjectID] = [:]
    /// Those among them that were in Entra before the provider had anything to do with them.
    private(set) var asking: Set<ObjectReference> = []
    /// The same the other way round.
    private(set) var owners: [EntraObjectID: ObjectReference] = [:]

    /// Who gets values that only one object may have.
    private var claims = ValueClaims()
    /// The Entra objects whose deletion frees a value that this plan gives to somebody else.
    private(set) var freeing: Set<EntraObjectID> = []
    /// How many steps of groups come before the first group is created, since they free values that new ones take.
    private(set) var groupSteps = 0

    /// What is to become of the drift that was found; written when the plan is carried out.
    private(set) var verdicts: [DriftVerdict] = []
    /// What is remembered of refusals and no longer of use; forgotten when the plan is carried out.
    private var obsolete: [ObsoleteRefusal] = []
    /// Which properties the mappings give, by kind.
    private(set) var managed: [ObjectKind: Set<String>] = [:]

    /// What the mappings leave alone.
    private(set) var skipped = SkippedObjects()
    /// What the mappings said.
    private(set) var notes: NotesOfPlan
    /// What the mappings failed with.
    private(set) var failures = MappingFailures()
    private var ancestry: GroupAncestry?

    /// Objects read and evaluated at a time.
    static let pageSize = 500

    /// - Parameter looksForMatches: whether objects without a link are looked for in the tenant.
    init(session: SyncSession, selection: PlanSelection = .everything, looksForMatches: Bool = true) {
        self.session = session
        self.looksForMatches = looksForMatches
        self.selection = selection
        rules = CreationRules(types: session.types, organization: session.organization)
        writer = PlanWriter(store: session.store, run: session.run)
        matcher = Matcher(provider: session.provider)
        notes = NotesOfPlan(provider: session.provider, logger: session.logger)
    }

    /// Which groups lie above which, read once for the plan.
    func groupAncestry() async throws -> GroupAncestry {
        if let ancestry { return ancestry }
        let read = try await session.store.read { try GroupAncestry($0) }
        ancestry = read
        return read
    }

    /// What the actions so far take away.
    var danger: PlanDanger { writer.danger }

    func write(_ actions: [Action]) async throws { try await writer.add(actions) }

    /// Writes a line whose outcome is settled already.
    func write(_ action: Action, _ outcome: Outcome) async throws { try await writer.add(action, outcome) }

    func finish() async throws { try await writer.flush() }

    func settle(_ verdicts: [DriftVerdict]) { self.verdicts += verdicts }

    func forget(_ refusals: [ObsoleteRefusal]) { obsolete += refusals }

    /// What Graph has refused of some Entra objects.
    func refusals(of ids: [EntraObjectID]) async throws -> [EntraObjectID: [Refusal]] {
        let provider = session.provider.id
        return try await session.store.read { transaction in
            guard try transaction.hasRefusals(of: provider) else { return [:] }
            var refusals: [EntraObjectID: [Refusal]] = [:]
            for id in ids {
                let found = try transaction.refusals(of: id, provider: provider)
                if !found.isEmpty { refusals[id] = found }
            }
            return refusals
        }
    }

    /// The drift that stands of some Entra objects.
    func standingDrift(of ids: [EntraObjectID]) async throws -> [EntraObjectID: [Drift]] {
        let provider = session.provider.id
        return try await session.store.read { transaction in
            guard try transaction.hasStandingDrift(provider) else { return [:] }
            var drifts: [EntraObjectID: [Drift]] = [:]
            for id in ids {
                let found = try transaction.standingDrift(of: id, provider: provider)
                if !found.isEmpty { drifts[id] = found }
            }
            return drifts
        }
    }

    /// Writes down what was decided beside the actions themselves.
    func commit() async throws {
        let (verdicts, managed, provider, isWhole) = (verdicts, managed, session.provider.id, selection.objects == nil)
        let obsolete = obsolete
        let events = notes.events + failures.events(provider: session.provider)
        let leaving = skipped.leaving
        try await session.store.write { transaction in
            for (action, context) in events {
                try transaction.insertEvent(
                    Event(
                        action: action,
                        app: "mappings",
                        actor: "causeway",
                        context: context,
                        created: transaction.now
                    )
                )
            }
            for refusal in obsolete {
                try transaction.forgetRefusal(refusal.part, of: refusal.entraID, provider: provider)
            }
            for verdict in verdicts { try transaction.settleDrift(verdict.drift, as: verdict.status) }
            for id in leaving { try transaction.setSkipped(true, at: id, provider: provider) }
            for (kind, names) in managed {
                let former = isWhole ? [] : try transaction.managedAttributes(kind, provider: provider)
                try transaction.setManagedAttributes(names.union(former), kind, provider: provider)
            }
        }
    }

    /// Notes what is no longer left alone; once the plan is carried out, so that a run which ends before looks again at the members
    /// of such groups.
    func conclude() async throws {
        let (ids, provider) = (Array(skipped.returning.values), session.provider.id)
        guard !ids.isEmpty else { return }
        try await session.store.write { transaction in
            for id in ids { try transaction.setSkipped(false, at: id, provider: provider) }
        }
    }

    /// Writes what is to be done about an object.
    func write(_ proposal: Proposal) async throws {
        verdicts += proposal.verdicts
        forget(proposal.obsolete)
        notes.log(proposal.notes)
        for stored in proposal.actions { try await writer.add(stored.action, stored.outcome) }
    }

    /// Takes what was decided about a page of objects.
    ///
    /// - Returns: those who get what they want; where a value is contested, that is decided when all were looked at.
    func take(_ judgements: [Judgement]) async throws -> [Judgement] {
        let wanted = judgements.map(\.wantedValues)
        let all = wanted.reduce(into: Set<UniqueValue>()) { $0.formUnion($1) }
        guard !all.isEmpty else { return judgements }
        let provider = session.provider.id
        let holders = try await session.store.read { try $0.holders(of: all, provider: provider) }
        return zip(judgements, wanted).compactMap { judgement, wanted in
            claims.take(judgement, wanted: wanted, holders: holders) ? judgement : nil
        }
    }

    /// What is to be done about one object alone, given who has what it wants.
    func settled(_ judgement: Judgement) async throws -> Judgement {
        if let uncontested = try await take([judgement]).first { return uncontested }
        return try await settleClaims().first ?? judgement
    }

    /// Decides who gets the contested values.
    ///
    /// - Returns: what is to be done about everybody who wants one.
    func settleClaims() async throws -> [Judgement] {
        let contested = claims.takeContested()
        guard !contested.isEmpty else { return [] }
        try await writer.flush()
        let sources = ValueSources(contested, owners: owners, provider: session.provider, run: session.run)
        let (contenders, freeing) = try await session.store.read { transaction in
            var sources = sources
            return (try sources.contenders(in: transaction), sources.freeing)
        }
        self.freeing.formUnion(freeing)
        let contest = ValueContest(contenders)
        return contested.enumerated().map { place, contested in
            let candidate = contested.judgement.candidate
            if contest.isVoid(place) { arriving.remove(candidate.object) }
            if candidate.object.kind == .group { groupSteps = max(groupSteps, contest.level(place)) }
            return contested.judgement.with(Proposal(contested, in: contest, at: place))
        }
    }

    /// Decides about a page of objects of one kind.
    ///
    /// - Parameters:
    ///   - input: what the mappings see of the object at a place, with a given link.
    ///   - keys: by what to look for the object at a place, given what it should be.
    func decide(
        _ candidates: [Candidate],
        pool: MappingPool,
        input: (Int, Connection?) -> MappingInput,
        keys: (Int, [String: JSONValue]) -> SearchKeys
    ) async throws -> [Decision] {
        var results = try await pool.evaluate(candidates.indices.map { input($0, candidates[$0].link) })
        var wanted: [(place: Int, keys: SearchKeys)] = []
        for (place, candidate) in candidates.enumerated() where looksForMatches && candidate.link == nil {
            guard case .desired(let desired) = results[place].outcome else { continue }
            wanted.append((place, keys(place, desired.properties)))
        }
        let matches = try await match(wanted, candidates)
        var links = candidates.map(\.link)
        for (place, match) in matches { links[place] = connection(to: match, of: candidates[place]) ?? links[place] }
        // With a link the mappings may give something else, so whoever has just been found is evaluated once more.
        let again = matches.keys.sorted().filter { links[$0] != nil }
        for (place, result) in zip(again, try await pool.evaluate(again.map { input($0, links[$0]) })) {
            results[place] = result
        }
        return candidates.indices.map { place in
            if case .deleted = matches[place] { links[place] = nil }
            let decision = Decision(
                candidates[place],
                results[place].outcome,
                link: links[place],
                match: matches[place],
                rules: rules
            )
            note(decision, candidates[place])
            skipped.take(decision, of: candidates[place])
            notes.take(results[place], of: candidates[place])
            failures.take(results[place].outcome, of: candidates[place])
            return decision
        }
    }

    private func note(_ decision: Decision, _ candidate: Candidate) {
        switch decision {
        case .create(let desired, _), .restore(_, let desired, _):
            manage(desired, candidate)
            arriving.insert(candidate.object)
        case .keep(let link, let key, let desired):
            manage(desired, candidate)
            guard key != nil else { return }
            arriving.insert(candidate.object)
            found[candidate.object] = link.entraID
            owners[link.entraID] = candidate.object
            if link.asksFirst { asking.insert(candidate.object) }
        case .refuse: break
        }
    }

    private func manage(_ desired: DesiredObject, _ candidate: Candidate) {
        if desired.manager != nil { managed[candidate.object.kind, default: []].insert("manager") }
        for name in desired.properties.keys { managed[candidate.object.kind, default: []].insert(name) }
    }

    private func match(_ wanted: [(place: Int, keys: SearchKeys)], _ candidates: [Candidate]) async throws -> [Int:
        Match]
    {
        guard !wanted.isEmpty else { return [:] }
        let before = matcher
        let (matches, after) = try await session.store.read { transaction in
            var matcher = before
            try matcher.begin(in: transaction)
            var matches: [Int: Match] = [:]
            for (place, keys) in wanted {
                matches[place] = try matcher.match(keys, of: candidates[place], in: transaction)
            }
            return (matches, matcher)
        }
        matcher = after
        return matches
    }

    /// The link that a match makes; that to a deleted object counts for the mappings alone until it is restored.
    private func connection(to match: Match, of candidate: Candidate) -> Connection? {
        let (entra, asksFirst): (MirrorObject, Bool)
        switch match {
        case .one(let found, _): (entra, asksFirst) = (found.object, found.asksFirst)
        case .deleted(let object): (entra, asksFirst) = (object, false)
        case .none, .conflict: return nil
        }
        return Connection(
            provider: session.provider.id,
            kind: candidate.object.kind,
            object: candidate.object,
            entraID: entra.entraID,
            known: entra.known,
            isSuspended: entra.isSuspended,
            asksFirst: asksFirst
        )
    }
}
