import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

/// A random history of both sides, and the result that must follow.
struct History {
    let fixture: EngineFixture
    let seed: UInt64
    /// Whether every sync compares everything. Most histories leave out what has not changed; plans show that nothing is missed.
    private let comparesEverything: Bool
    private(set) var settings: CaseSettings
    let script: DirectoryScript
    private var ledger = HandLedger()
    private var everybody: [String: UserID] = [:]
    /// The owner of each account, by immutable id: an account never passes to someone else.
    private var owners: [String: String] = [:]
    /// What happened, for the report of an error.
    private(set) var log: [String] = []
    private(set) var findings: [String] = []

    /// The number of syncs that may still write at the end. The first does what is due. The second does what the first could not know or
    /// do: late delta reports, members of objects that were just linked or unlinked, an object whose match belonged to another one in
    /// the same plan. The third does what follows from that, such as the membership of a group that the second created.
    private static let syncsUntilQuiet = 3

    /// Fills the directory and sets the provider up.
    ///
    /// - Parameter isGuarded: whether the guard may hold back destructive changes, so that people decide about them.
    init(_ fixture: EngineFixture, seed: UInt64, policy: DriftPolicy = .restore, isGuarded: Bool = false) async throws {
        var random = SeededGenerator(seed: seed)
        var settings = CaseSettings(&random, policy: policy)
        if isGuarded { settings.guardMaxCount = random.either(0, 0, 2, 1_000_000) }
        let generator = random
        let script = try await fixture.store.write { transaction in
            var random = generator
            return try DirectoryScript.fill(&random, in: transaction)
        }
        _ = try await fixture.client.control("PATCH", "settings", settings.tenant)
        (self.fixture, self.seed, self.settings, self.script) = (fixture, seed, settings, script)
        comparesEverything = seed.isMultiple(of: 4)
        log.append("seed \(seed)")
        try await applySettings(&random)
        try await consent(isGiven: true)
        try await meetEverybody()
    }

    // MARK: Events

    mutating func run(steps: Int) async throws {
        for step in 1...max(1, steps) {
            var random = SeededGenerator(seed: seed, step: step)
            switch random.number(0...15) {
            case 0...3: try await changeDirectory(&random)
            case 4, 5: try await changeTenant(&random, step)
            case 6...8: try await sync(&random)
            case 9, 10: try await followChanges(&random)
            case 11: try await planOnly()
            case 12: try await forgetDelta(&random)
            case 13: try await changeSettings(&random)
            case 14: try await consent(isGiven: random.happens(0.5))
            default: pass(&random)
            }
        }
    }

    mutating func changeDirectory(_ random: inout SeededGenerator) async throws {
        let (generator, script) = (random, script)
        let done = try await fixture.store.write { transaction in
            var random = generator
            return try (0..<random.number(1...8)).map { _ in try script.change(&random, in: transaction) }
        }
        log += done.map { "directory: \($0)" }
        try await meetEverybody()
    }

    mutating func changeTenant(_ random: inout SeededGenerator, _ step: Int) async throws {
        let directory = try await fixture.store.read { try DirectorySnapshot($0) }
        var script = TenantScript(client: try await client(), ledger: ledger, step: step)
        for _ in 0..<random.number(1...4) {
            log.append("tenant: \(try await script.change(&random, directory: directory))")
        }
        ledger = script.ledger
    }

    private mutating func sync(_ random: inout SeededGenerator) async throws {
        try await withFaults(&random) { [comparesEverything] fixture in
            "sync: \(try await fixture.sync(everything: comparesEverything).summary)"
        }
        try await decide(&random)
    }

    /// A person decides about waiting runs, or does not; an approval may be withdrawn, overtaken, or left without its run.
    private mutating func decide(_ random: inout SeededGenerator) async throws {
        guard let waiting = try await waiting(), random.happens(0.8) else { return }
        do { try await decide(on: waiting, &random) } catch let error as ProvisioningError {
            // It waited too long, or a run with faults ended it.
            log.append("no decision: \(error)")
        }
    }

    private mutating func decide(on waiting: Run, _ random: inout SeededGenerator) async throws {
        let approvals = Approvals(store: fixture.store)
        if random.happens(0.3) { return try await approvals.reject(waiting.id, by: .person("heidi")) }
        try await approvals.approve(waiting.id, by: .person("grace"))
        switch random.number(0...3) {
        case 0: try await approvals.reject(waiting.id, by: .person("heidi"))
        case 1: try await sync(&random)
        default:
            log.append(
                "approved: \(try await fixture.sync(trigger: .approval, everything: comparesEverything).summary)"
            )
        }
    }

    private func waiting() async throws -> Run? {
        try await fixture.store.read { [fixture] in
            try $0.runs(of: fixture.provider, limit: 50).first { $0.status == .awaitingApproval && $0.isFull }
        }
    }

    /// A complete sync: the changes that it holds back are approved.
    private func syncToTheEnd() async throws -> EngineFixture.Result {
        let result = try await fixture.sync(everything: comparesEverything)
        guard result.run.status == .awaitingApproval else { return result }
        try await Approvals(store: fixture.store).approve(result.run.id, by: .person("grace"))
        return try await fixture.sync(trigger: .approval, everything: comparesEverything)
    }

    private mutating func followChanges(_ random: inout SeededGenerator) async throws {
        try await withFaults(&random) { fixture in
            var texts: [String] = []
            for run in try await fixture.direct.catchUp(fixture.provider) {
                texts.append(try await fixture.result(of: run).summary)
            }
            return "direct: \(texts)"
        }
    }

    /// Syncs one object, as a person requests it, while other changes wait on both sides. Every other change in the tenant is an error;
    /// only a new object may be added to its groups.
    mutating func syncOneObject(_ random: inout SeededGenerator) async throws {
        // By then, changes in the tenant are visible everywhere.
        fixture.later(60)
        let isDryRun = random.happens(0.5)
        try await fixture.set { $0.dryRun = isDryRun }
        let objects = try await fixture.store.read { transaction in
            try transaction.users(after: nil, limit: 1000).map { ObjectReference($0.id) }
                + transaction.groups(after: nil, limit: 1000).map { ObjectReference($0.id) }
        }
        guard let object = random.pick(objects) else { return }
        let (before, link) = (try await TenantTruth(client()), try await entraID(of: object))
        let result = try await fixture.syncObjects([object], overridesDryRun: true)
        log.append("one object, \(object.kind) \(object.id): \(result.summary)")
        fixture.later(60)
        let own = Set([link, try await entraID(of: object)].compactMap(\.self))
        findings += try await TenantTruth(client()).differences(from: before, but: own).map {
            "\(object) \(own): \($0)"
        }
        try await fixture.set { $0.dryRun = false }
    }

    private func entraID(of object: ObjectReference) async throws -> String? {
        try await fixture.store.read { [fixture] in
            try $0.link(of: object, provider: fixture.provider)?.entraID.rawValue
        }
    }

    private mutating func planOnly() async throws {
        let before = try await changes()
        log.append("plan: \(try await fixture.sync(.planOnly).summary)")
        if try await changes() != before { findings.append("a plan changed the tenant") }
    }

    private mutating func changeSettings(_ random: inout SeededGenerator) async throws {
        settings.changeScope(&random)
        try await applySettings(&random)
    }

    private mutating func applySettings(_ random: inout SeededGenerator) async throws {
        let groups = try await fixture.store.read { try $0.groups(after: nil, limit: 1000).map(\.id) }
        let chosen = groups.filter { _ in random.happens(0.6) }
        try await fixture.set { [settings, script] in settings.apply(to: &$0, filter: script.filter, groups: chosen) }
        log.append("settings: \(settings)")
    }

    /// Grants or withdraws a permission that only one property needs: without it only that property is refused.
    private mutating func consent(isGiven: Bool) async throws {
        try await fixture.client.consent(to: isGiven ? ["User-LifeCycleInfo.ReadWrite.All"] : [])
        log.append("consent \(isGiven ? "given" : "withdrawn")")
    }

    private mutating func forgetDelta(_ random: inout SeededGenerator) async throws {
        guard random.happens(0.5) else { return pass(&random) }
        _ = try await fixture.client.control("POST", "reset-delta")
        log.append("the tenant resets its delta queries")
    }

    private mutating func pass(_ random: inout SeededGenerator) {
        let time = random.either(5.0, 60, 660, 8 * 24 * 3600)
        fixture.later(time)
        log.append("\(Int(time)) s pass")
    }

    /// Runs with or without faults; a run that they end is no error, a duplicate is.
    private mutating func withFaults(
        _ random: inout SeededGenerator,
        _ body: (EngineFixture) async throws -> String
    ) async throws {
        let before = try await skippedGroups()
        if random.happens(0.5) {
            let mix = FaultMix(&random)
            log.append("faults: \(mix.rules)")
            _ = try await fixture.client.control("PUT", "faults", .array(mix.rules))
        }
        try await fixture.client.resetCounters()
        do { log.append(try await body(fixture)) } catch let error as ProvisioningError {
            log.append("a run ended: \(error)")
        }
        _ = try await fixture.client.control("PUT", "faults", [])
        try await countDuplicates()
        try await checkOwners()
        findings += try await skippedGroups().touched(since: before)
    }

    private mutating func checkOwners() async throws {
        for account in try await client().all("/users?$top=999&$select=id,onPremisesImmutableId") {
            guard let id = account["id"]?.string, let uid = account["onPremisesImmutableId"]?.string else { continue }
            if let former = owners.updateValue(uid, forKey: id), former != uid {
                findings.append("account \(id) passed from \(former) to \(uid)")
            }
        }
    }

    /// The members of the groups that a mapping skips.
    private func skippedGroups() async throws -> SkippedGroups {
        let groups = try await fixture.store.read { try $0.groups(after: nil, limit: 10_000) }
        let skipped = Set(groups.filter { $0.attributes["hidden"] == true }.map(\.id))
        guard !skipped.isEmpty else { return SkippedGroups() }
        fixture.later(1)
        return SkippedGroups(skipped, in: try await TenantTruth(client()))
    }

    private mutating func countDuplicates() async throws {
        let counters = try await fixture.client.counters()
        for name in ["repeated_creates", "duplicated_creates"] where counters[name] != 0 {
            findings.append("\(name): \(counters[name] ?? .null)")
        }
    }

    // MARK: The end

    /// Syncs until nothing changes any more, and compares.
    mutating func settle() async throws {
        try await consent(isGiven: true)
        fixture.later(CaseSettings.guardMemory)
        for number in 1...Self.syncsUntilQuiet {
            fixture.later()
            let before = try await skippedGroups()
            try await fixture.client.resetCounters()
            let result = try await syncToTheEnd()
            try await countDuplicates()
            findings += try await skippedGroups().touched(since: before)
            log.append("settling \(number): \(result.summary)")
            if try await changes() == 0, number > 1 { break }
        }
        fixture.later()
        try await fixture.client.resetCounters()
        let result = try await fixture.sync(everything: comparesEverything)
        log.append("the last: \(result.summary)")
        let counters = try await fixture.client.counters()
        if counters["changes"] != 0 { findings.append("the last sync wrote: \(result.summary)") }
        try await checkOwners()
        try await judge(result)
    }

    private mutating func judge(_ last: EngineFixture.Result) async throws {
        let rest = try await fixture.sync(.planOnly).actions.filter { $0.outcome.status == .planned }
        if !rest.isEmpty { findings.append("a plan of everything has \(rest.map { PlannedStep($0.action) })") }
        findings += try await fixture.missedChanges()
        let (judgment, directory) = try await judgment()
        findings += judgment.findings() + unexcused(last, judgment, directory)
        findings += try await undecided()
    }

    /// Destructive changes of runs that neither the guard allowed nor a person approved, whatever happened to the approvals.
    private func undecided() async throws -> [String] {
        try await fixture.store.read { [fixture, settings] transaction in
            let approvals = try transaction.approvals(of: fixture.provider)
            return try transaction.runs(of: fixture.provider, limit: 10_000).flatMap { run -> [String] in
                func dangerous(_ run: RunID) throws -> [StoredAction] {
                    try transaction.actions(of: run, after: 0, limit: 100_000).filter(\.action.isDestructive)
                }
                let approved = try approvals.filter { $0.appliedBy == run.id }.flatMap { try dangerous($0.run) }
                let prints = Set(approved.map(\.action.fingerprint))
                let alone = try dangerous(run.id).filter {
                    $0.outcome.status == .applied && !prints.contains($0.action.fingerprint)
                }
                let first = alone.filter(\.action.asksFirst).map {
                    "not approved: \($0.action.verb) \($0.action.name)"
                }
                return alone.count > settings.guardMaxCount
                    ? first + ["run \(run.id.text) took away \(alone.count) unasked"] : first
            }
        }
    }

    /// The oracle's present view of both sides.
    func judgment() async throws -> (judgment: Judgment, directory: DirectorySnapshot) {
        let (directory, provider) = try await fixture.store.read { [fixture] transaction in
            (try DirectorySnapshot(transaction), try transaction.provider(fixture.provider))
        }
        guard let provider else { throw StoreError.notFound("provider", "\(fixture.provider)") }
        let judgment = Judgment(
            expectation: Expectation(directory, provider.settings, selectsGroups: provider.selectsGroups),
            truth: try await TenantTruth(client()),
            settings: provider.settings,
            ledger: ledger,
            everybody: everybody,
            presentUsers: Set(directory.users.map(\.id)),
            presentGroups: Set(directory.groups.map(\.id))
        )
        return (judgment, directory)
    }

    /// Failures that neither the directory nor the tenant explains.
    private func unexcused(_ result: EngineFixture.Result, _ judgment: Judgment, _ directory: DirectorySnapshot)
        -> [String]
    {
        result.actions.compactMap { stored in
            let (action, outcome) = (stored.action, stored.outcome)
            guard [.failed, .retry, .skipped].contains(outcome.status) else { return nil }
            let user = directory.users.first { action.object == ObjectReference($0.id) }
            let group = directory.groups.first { action.object == ObjectReference($0.id) }
            let isExcused =
                user.map { user in
                    switch outcome.status {
                    case .skipped: judgment.expectation.skipped.contains(user.id)
                    default:
                        judgment.isContested(user)
                            || (judgment.expectation.refused.contains(user.id) && action.reason == .invalidDesired)
                    }
                } ?? group.map { group in
                    switch outcome.status {
                    case .skipped: judgment.expectation.skippedGroups.contains(group.id)
                    default: judgment.isContested(group)
                    }
                } ?? false
            return isExcused ? nil : "\(action.verb) \(action.name) for \(action.reason): \(outcome)"
        }
    }

    /// Whether planning first and applying immediately give the same result.
    mutating func comparePlan() async throws {
        fixture.later()
        let plan = try await fixture.sync(.planOnly)
        let applied = try await fixture.sync(everything: comparesEverything)
        // A sync says nothing about objects that a mapping goes on skipping; a plan of everything does.
        let (planned, done) = (Self.steps(plan), Self.steps(applied))
        if planned != done { findings.append("planned \(plan.summary), applied \(applied.summary)") }
    }

    private static func steps(_ result: EngineFixture.Result) -> [PlannedStep] {
        result.actions.map { PlannedStep($0.action) }.filter { $0.reason != .skippedByMapping }
    }

    /// The same again, after one batch of changes.
    mutating func changeForPlan() async throws {
        var random = SeededGenerator(seed: seed, step: 1000)
        try await changeDirectory(&random)
        try await comparePlan()
    }

    /// After direct syncs nothing is left for a full sync.
    mutating func compareDirect() async throws {
        let runs = try await fixture.direct.catchUp(fixture.provider)
        for run in runs { log.append("direct: \(try await fixture.result(of: run).summary)") }
        let plan = try await fixture.sync(.planOnly)
        let rest = plan.actions.filter { $0.outcome.status == .planned }
        if !rest.isEmpty { findings.append("direct sync left \(rest.map { PlannedStep($0.action) })") }
    }

    // MARK: Helpers

    /// The errors, and the events before them.
    var report: String { (findings + ["after:"] + log).joined(separator: "\n") }

    private mutating func meetEverybody() async throws {
        let users = try await fixture.store.read { try $0.users(after: nil, limit: 10_000) }
        for user in users { everybody[user.uid] = user.id }
    }

    /// Tokens expire as time passes.
    func client() async throws -> TenantClient { try await TenantClient(fixture.tenant.endpoints) }

    private func changes() async throws -> Int64 { try await fixture.client.counters()["changes"]?.integer ?? 0 }
}

/// An action of a plan, without its position and its run.
struct PlannedStep: Hashable {
    let verb: ActionVerb
    let object: ObjectReference?
    let name: String
    let entraID: EntraObjectID?
    let reason: ActionReason
    let changes: [AttributeChange]
    let members: [MemberReference]

    init(_ action: Action) {
        (verb, object, name, entraID) = (action.verb, action.object, action.name, action.entraID)
        (reason, changes, members) = (action.reason, action.changes, action.members)
    }
}

extension EngineFixture.Result {
    /// The run in one line, failures with their messages.
    var summary: String {
        let counts = Dictionary(grouping: actions) { "\($0.action.verb) \($0.action.kind) \($0.outcome.status)" }
        let failures = actions.filter { [.failed, .retry].contains($0.outcome.status) }
            .map { "\($0.action.verb) \($0.action.name) (\($0.action.reason)): \($0.outcome.message)" }
        let texts = counts.map { "\($0.value.count) \($0.key)" }.sorted()
        return "\(run.status) \(run.message) \(texts.joined(separator: ", "))"
            + (failures.isEmpty ? "" : "\n        \(failures.joined(separator: "\n        "))")
    }
}
