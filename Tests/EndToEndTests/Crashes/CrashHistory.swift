import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation

/// A directory that changes, a tenant with faults, and the program between them, killed again and again.
struct CrashHistory {
    let plan: CrashPlan
    let tenant: TenantProgram
    let client: TenantClient
    private let data: URL
    private let provider: ProviderID
    private var source: ChangeSource
    /// The number of kills by the point that the run had reached.
    private(set) var kills: [String: Int] = [:]
    /// Runs that ended by themselves, by exit status.
    private(set) var ends: [Int32: Int] = [:]

    private static let key = "a key text for tests"
    private static let (people, groups) = (40, 5)
    /// In seconds; many times the tenant's lags, as by default.
    private static let consistencyWindow = 5

    private var environment: [String: String] {
        [
            "CAUSEWAY_SECRET_KEY": Self.key, "CAUSEWAY_CONSISTENCY_WINDOW": "\(Self.consistencyWindow)",
            "CAUSEWAY_RETRY_PAUSE": "0.05",
        ]
    }

    /// A new directory of some size, not synced yet.
    static func begin(_ plan: CrashPlan, _ tenant: TenantProgram, in folder: URL) async throws -> CrashHistory {
        let client = try await TenantClient(tenant.endpoints)
        let store = try await open(folder)
        let source = ChangeSource(seed: plan.seed)
        let endpoints = tenant.endpoints
        let made = try await store.write { transaction in
            var changes = DirectoryChanges(transaction: transaction, source: source)
            let scope = try changes.begin(people: people, groups: groups)
            let provider = try makeProvider(plan, endpoints, scope, transaction)
            return (provider, changes.source)
        }
        try store.close()
        return CrashHistory(plan: plan, tenant: tenant, client: client, data: folder, provider: made.0, source: made.1)
    }

    static func makeProvider(
        _ plan: CrashPlan,
        _ endpoints: JSONValue,
        _ scope: GroupID,
        _ transaction: Transaction,
        isGuarded: Bool = true
    ) throws -> ProviderID {
        var settings = ProviderSettings("Entra", tenant: endpoints)
        if !isGuarded { (settings.guardMaxCount, settings.guardMaxPercent) = (1_000_000, 100) }
        (settings.filterGroup, settings.userDeleteAction) = (scope, plan.deleteAction)
        // Here a user who is created again with the same name is the same person, and gets the remaining account back.
        settings.samePersonKeys = SamePersonKey.allCases
        let mappings = [DefaultMappings.emailVerifiedUsers, DefaultMappings.group]
        for mapping in mappings { try transaction.saveMapping(mapping) }
        (settings.userMappings, settings.groupMappings) = ([mappings[0].id], [mappings[1].id])
        let provider = try transaction.createProvider(settings, clientSecret: Secret("emulated-secret-value"))
        try transaction.saveApplication(Application(name: "A", slug: "a", backchannelProviders: [provider.id]))
        return provider.id
    }

    private static func open(_ data: URL) async throws -> Store {
        try await Store.open(at: TestDatabase.place(in: data), secrets: SecretBox(keyText: Secret(key)))
    }

    private func withStore<Value>(_ work: (Store) async throws -> Value) async throws -> Value {
        let store = try await Self.open(data)
        let value = try await work(store)
        try store.close()
        return value
    }

    // MARK: Kills

    /// Changes the directory, starts a sync, and kills it at a random point. A sync that does not reach the point ends by itself.
    mutating func change(_ count: Int) async throws {
        source = try await withStore { [source] store in
            try await store.write { transaction in
                var changes = DirectoryChanges(transaction: transaction, source: source)
                try changes.make(count)
                return changes.source
            }
        }
    }

    /// - Returns: whether it was killed before it ended by itself.
    mutating func syncAndKill() async throws -> Bool {
        let point = KillPoint.any(&source)
        let database = try await CrashedDatabase(of: data)
        let before = try database.lastRun()
        let written = try await client.counters()["writes"]?.integer ?? 0
        if case .silence(let writes) = point { try await client.hold(afterWrites: written + Int64(writes)) }
        let arguments = ["sync", "Entra", "--approve", "--unpaced", "--data", data.path]
        let (_, status) = try await RunningProgram.with(arguments, environment: environment) { running in
            while !running.hasEnded, try await !isReached(point, database, before, written) {
                try await Task.sleep(for: .milliseconds(2))
            }
            try await Task.sleep(for: point.delay)
            running.kill()
        }
        let isKilled = status == 128 + SIGKILL
        try await client.hold(afterWrites: nil)
        let last = try database.lastRun()
        if isKilled {
            kills[last == before ? "start" : last?.place ?? "start", default: 0] += 1
        } else {
            ends[status, default: 0] += 1
        }
        return isKilled
    }

    private func isReached(
        _ point: KillPoint,
        _ database: CrashedDatabase,
        _ before: CrashedDatabase.LastRun?,
        _ written: Int64
    ) async throws -> Bool {
        if case .silence(let writes) = point {
            return try await client.counters()["writes"]?.integer ?? 0 >= written + Int64(writes)
        }
        guard let last = try database.lastRun(), last.id != before?.id else { return false }
        return point.isReached(by: last)
    }

    // MARK: The end

    /// Waits until the tenant's lags and the consistency window are over.
    func settle() async throws {
        _ = try await client.control("POST", "clock", ["advance_seconds": 120])
        try await Task.sleep(for: .seconds(Self.consistencyWindow))
    }

    /// A sync that is not killed.
    func sync() async throws -> Program {
        let arguments = ["sync", "Entra", "--approve", "--unpaced", "--json", "--data", data.path]
        return try await Program.run(arguments, environment: environment)
    }

    /// The differences between the tenant and the directory.
    func differences() async throws -> [String] {
        try await withStore { store in
            let expected = try await TenantContent(saidBy: store, for: provider)
            let present = try await TenantContent(of: client) { account in
                plan.deleteAction == .suspend && !account.isEnabled && !expected.addresses.contains(account.address)
            }
            return try await explained(present.differences(from: expected))
        }
    }

    /// Each difference of an account, with the actions on it.
    private func explained(_ differences: [String]) async throws -> [String] {
        let database = try await CrashedDatabase(of: data)
        return try differences.map { line in
            let name = line.dropFirst(2).prefix { $0.isLetter || $0.isNumber }
            return "\(line)\n  \(try database.history(of: String(name)).joined(separator: "\n  "))"
        }
    }

    /// Objects in the tenant without a link, with the actions on them: the tenant has only objects of Causeway.
    func orphans() async throws -> [String] {
        let accounts = try await client.accounts()
        let names = Dictionary(accounts.map { ($0.id, $0.address.prefix { $0.isLetter || $0.isNumber }) }) { $1 }
        let ids =
            accounts.map(\.id) + (try await client.all("/groups?$top=999&$select=id").compactMap { $0["id"]?.string })
        let orphans = try await withStore { store in
            try await store.read { [provider] transaction in
                try ids.filter { try !transaction.isLinked(EntraObjectID($0), provider: provider) }
            }
        }
        let database = try await CrashedDatabase(of: data)
        return try orphans.map {
            "\($0): \(try database.actions(on: $0, named: String(names[$0] ?? "")).joined(separator: "\n  "))"
        }
    }

    func flaws() async throws -> [String] {
        try await CrashedDatabase(of: data).flaws()
    }
}
