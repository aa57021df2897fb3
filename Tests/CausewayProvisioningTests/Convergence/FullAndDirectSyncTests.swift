import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

/// One directory and two tenants: one is kept by full syncs, the other by direct ones. Whatever happens to the directory, both are
/// equal, and neither kind of sync leaves anything for the other.
@Suite("Full and direct sync agree", .serialized)
struct FullAndDirectSyncTests {
    @Test(
        "both give the same tenant after random histories of scopes, skip rules, memberships and nested groups",
        arguments: Seeds.chosen(6)
    )
    func histories(seed: UInt64) async throws {
        try await EngineFixture.with(userMapping: CaseMappings.user, groupMapping: CaseMappings.group) { fixture in
            try await TenantInProcess.with(clock: fixture.tenant.clock) { tenant in
                let other = try await fixture.addProvider("Followed", tenant)
                var history = try await TwoWays(
                    full: fixture,
                    direct: EngineFixture(
                        store: fixture.store,
                        tenant: tenant,
                        runs: fixture.runs,
                        provider: other
                    ),
                    seed: seed
                )
                try await history.run(steps: 12)
                #expect(history.findings.isEmpty, "\n\((history.findings + history.log).joined(separator: "\n"))")
            }
        }
    }
}

/// A random history of one directory, synced in two ways.
private struct TwoWays {
    let full: EngineFixture
    let direct: EngineFixture
    private var settings: CaseSettings
    private let script: DirectoryScript
    private let seed: UInt64
    private(set) var log: [String] = []
    private(set) var findings: [String] = []

    init(full: EngineFixture, direct: EngineFixture, seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let settings = CaseSettings(&random)
        let generator = random
        let script = try await full.store.write { transaction in
            var random = generator
            return try DirectoryScript.fill(&random, in: transaction)
        }
        (self.full, self.direct, self.seed, self.settings, self.script) = (full, direct, seed, settings, script)
        try await applySettings(&random)
    }

    mutating func run(steps: Int) async throws {
        try await syncBoth()
        for step in 1...steps where findings.isEmpty {
            var random = SeededGenerator(seed: seed, step: step)
            if random.happens(0.15) {
                settings.changeScope(&random)
                try await applySettings(&random)
                try await syncBoth()
            }
            let (generator, script) = (random, script)
            log += try await full.store.write { transaction in
                var random = generator
                return try (0..<random.number(1...6)).map { _ in try script.change(&random, in: transaction) }
            }
            try await follow()
            if step.isMultiple(of: 3) { try await compareEverything() }
        }
    }

    /// Both select the same.
    private mutating func applySettings(_ random: inout SeededGenerator) async throws {
        let groups = try await full.store.read { try $0.groups(after: nil, limit: 1000).map(\.id) }
        let chosen = groups.filter { _ in random.happens(0.6) }
        for fixture in [full, direct] {
            try await fixture.set { [settings, script] in settings.apply(to: &$0, filter: script.filter, groups: chosen)
            }
        }
        log.append("settings: \(settings)")
    }

    private mutating func syncBoth() async throws {
        for fixture in [full, direct] { log.append("sync: \(try await fixture.sync(everything: false).summary)") }
        try await compare()
    }

    private mutating func follow() async throws {
        log.append("full: \(try await full.sync(everything: false).summary)")
        for run in try await direct.direct.catchUp(direct.provider) {
            log.append("direct: \(try await direct.result(of: run).summary)")
        }
        let plan = try await direct.sync(.planOnly)
        let rest = plan.actions.filter { $0.outcome.status == .planned }.map { PlannedStep($0.action) }
        if !rest.isEmpty { findings.append("direct sync left \(rest)") }
        for run in try await full.direct.catchUp(full.provider) {
            findings.append("a full sync left \(try await full.result(of: run).summary)")
        }
        try await compare()
    }

    /// Neither has missed anything.
    private mutating func compareEverything() async throws {
        let left = try await full.sync(.planOnly).actions.filter { $0.outcome.status == .planned }
        if !left.isEmpty { findings.append("full sync left \(left.map { PlannedStep($0.action) })") }
        for fixture in [full, direct] { findings += try await fixture.missedChanges() }
    }

    private mutating func compare() async throws {
        full.later(60)
        let (one, other) = (
            TenantPicture(try await TenantTruth(TenantClient(full.tenant.endpoints))),
            TenantPicture(try await TenantTruth(TenantClient(direct.tenant.endpoints)))
        )
        findings += one.differences(from: other)
    }
}

/// A tenant's content, by the keys of the directory instead of its own ids.
private struct TenantPicture {
    private var objects: [String: JSONValue] = [:]
    private var members: [String: Set<String>] = [:]

    private static let properties: Set<String> = [
        "displayName", "jobTitle", "accountEnabled", "mailNickname", "userPrincipalName", "description", "mailEnabled",
        "securityEnabled",
    ]

    init(_ truth: TenantTruth) {
        var names: [String: String] = [:]
        for (id, user) in truth.users { names[id] = user["onPremisesImmutableId"]?.string ?? "?" }
        for (id, group) in truth.groups { names[id] = group["description"]?.string ?? "?" }
        for (id, object) in truth.users.merging(truth.groups, uniquingKeysWith: { $1 }) {
            guard let name = names[id] else { continue }
            objects[name] = .object((object.object ?? [:]).filter { Self.properties.contains($0.key) })
            members[name] = Set((truth.members[id] ?? []).compactMap { names[$0] })
        }
    }

    func differences(from other: TenantPicture) -> [String] {
        Set(objects.keys).union(other.objects.keys).sorted().flatMap { name -> [String] in
            var wrong: [String] = []
            if objects[name] != other.objects[name] {
                wrong.append("\(objects[name] ?? .null) by full syncs, \(other.objects[name] ?? .null) by direct ones")
            }
            let (full, direct) = (members[name] ?? [], other.members[name] ?? [])
            if full != direct { wrong.append("\(name): members \(full) by full syncs, \(direct) by direct ones") }
            return wrong
        }
    }
}
