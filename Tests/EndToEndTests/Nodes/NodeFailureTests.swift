import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("Nodes that share a database", .onlyPostgreSQL, .timeLimit(.minutes(60)))
struct NodeFailureTests {
    private static let key = "a key text for tests"
    /// In seconds: the shortest lease, and a trouble that lasts longer.
    private static let (lease, trouble) = (6, 9)
    /// How long the database is away, in seconds.
    private static let outage = 2
    private static let consistencyWindow = 5
    /// Together in about one of twenty requests.
    private static let faults = TroubledTenant.faults(rate: 0.01)
    private static let lastSyncs = 4

    @Test(
        "the tenant ends as the directory says, and nothing is made twice, whichever nodes die, freeze or lose the database, and if that dies",
        arguments: NodePlan.all
    )
    func troubles(_ plan: NodePlan) async throws {
        print("nodes in trouble: \(plan); \(HistorySeed.text)")
        // What it has committed must not get lost with it.
        try await OwnServer.with("synchronous_commit = on") { database in
            try await TemporaryFolder.with { folder in
                let settings = TroubledTenant.lags + ["seed=\(plan.seed)"]
                try await TenantProgram.with(settings: settings, further: ["--throttle", "on"]) { tenant in
                    let history = try await History(plan, tenant, database, folder)
                    _ = try await history.client.control("PUT", "faults", Self.faults)
                    let seen = try await history.cluster.run { try await history.makeTroubles() }
                    _ = try await history.client.control("PUT", "faults", [])
                    try await history.check(seen)
                    try history.store.close()
                }
            }
        }
    }

    private struct History: Sendable {
        let plan: NodePlan
        let client: TenantClient
        let store: Store
        let cluster: NodeCluster
        private let database: OwnServer
        private let provider: ProviderID
        private let source: ChangeSource
        private let environment: [String: String]
        private let folder: URL

        private static let (people, groups) = (40, 5)

        init(_ plan: NodePlan, _ tenant: TenantProgram, _ database: OwnServer, _ folder: URL) async throws {
            (self.plan, self.database, self.folder) = (plan, database, folder)
            client = try await TenantClient(tenant.endpoints)
            store = try await Store.open(
                at: .server(PostgreSQLAddress(url: database.url)),
                secrets: SecretBox(keyText: Secret(NodeFailureTests.key))
            )
            let settings = [
                "CAUSEWAY_SECRET_KEY": NodeFailureTests.key, "CAUSEWAY_RETRY_PAUSE": "0.05",
                "CAUSEWAY_CONSISTENCY_WINDOW": "\(NodeFailureTests.consistencyWindow)",
                "CAUSEWAY_LEASE": "\(NodeFailureTests.lease)",
            ]
            environment = settings.merging(["CAUSEWAY_DATABASE": database.url]) { $1 }
            cluster = NodeCluster(in: folder, database: database.url, environment: settings)
            let crashes = CrashPlan(seed: plan.seed, kills: 0, deleteAction: plan.deleteAction)
            (provider, source) = try await store.write { [endpoints = tenant.endpoints] transaction in
                var changes = DirectoryChanges(transaction: transaction, source: ChangeSource(seed: plan.seed))
                let scope = try changes.begin(people: Self.people, groups: Self.groups)
                let made = try CrashHistory.makeProvider(crashes, endpoints, scope, transaction, isGuarded: false)
                return (made, changes.source)
            }
        }

        /// The number of troubles by kind, of those that met a node at work.
        typealias Seen = [String: Int]

        func makeTroubles() async throws -> Seen {
            var source = self.source
            var seen = Seen()
            for _ in 0..<plan.troubles {
                source = try await change(12, source)
                let node = try await nodeAtWork()
                if node != nil { seen["at work", default: 0] += 1 }
                let trouble = source.any(of: NodeTrouble.allCases) ?? .killed
                seen[trouble.rawValue, default: 0] += 1
                try await Task.sleep(for: .milliseconds(source.number(in: 0...300)))
                try await make(trouble, at: node ?? source.any(of: NodeCluster.names) ?? "")
            }
            // The nodes may end what they have.
            try await Task.sleep(for: .seconds(NodeFailureTests.lease))
            return seen
        }

        private func change(_ count: Int, _ source: ChangeSource) async throws -> ChangeSource {
            try await store.write { [provider] transaction in
                var changes = DirectoryChanges(transaction: transaction, source: source)
                try changes.make(count)
                try transaction.requestRun(of: provider, .manual)
                return changes.source
            }
        }

        /// The node that holds the lease, if there is one within some seconds.
        private func nodeAtWork() async throws -> String? {
            for _ in 0..<200 {
                let reports = try await store.read { try $0.nodeReports() }
                if let node = reports.first(where: { !$0.work.isEmpty }) { return node.node.name }
                try await Task.sleep(for: .milliseconds(25))
            }
            return nil
        }

        private func make(_ trouble: NodeTrouble, at node: String) async throws {
            switch trouble {
            case .killed: kill(try await cluster.process(node), SIGKILL)
            case .frozen: try await stop(try await cluster.process(node))
            case .cutOff: try await stop(try await cluster.process("\(node) relay"))
            case .reset: kill(try await cluster.process("\(node) relay"), SIGKILL)
            case .databaseKilled:
                try await database.stop(.immediate)
                try await Task.sleep(for: .seconds(NodeFailureTests.outage))
                try await database.start()
            }
        }

        private func stop(_ process: Int32) async throws {
            kill(process, SIGSTOP)
            try await Task.sleep(for: .seconds(NodeFailureTests.trouble))
            kill(process, SIGCONT)
        }

        // MARK: The end

        func check(_ seen: Seen) async throws {
            let note: Comment = "\(plan); \(HistorySeed.text)"
            var (syncs, writes) = (0, Int64(-1))
            while writes != 0, syncs < NodeFailureTests.lastSyncs {
                _ = try await client.control("POST", "clock", ["advance_seconds": 120])
                try await Task.sleep(for: .seconds(NodeFailureTests.consistencyWindow))
                let before = try await client.counters()["writes"]?.integer ?? 0
                let arguments = ["sync", "Entra", "--approve", "--unpaced", "--json", "--data", folder.path]
                let last = try await Program.run(arguments, environment: environment)
                writes = (try await client.counters()["writes"]?.integer ?? 0) - before
                syncs += 1
                #expect(last.status == 0 || writes != 0, "\(last.output) \(last.errors) \(note)")
            }
            #expect(writes == 0, "something is left to do after \(syncs) syncs; \(note)")
            let expected = try await TenantContent(saidBy: store, for: provider)
            let present = try await TenantContent(of: client) { account in
                plan.deleteAction == .suspend && !account.isEnabled && !expected.addresses.contains(account.address)
            }
            let differences = present.differences(from: expected)
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))\n\(note)")
            let counters = try await client.counters()
            #expect(counters["duplicated_creates"] == 0, note)
            #expect(counters["throttled"] == 0, note)
            let ends = try await store.read { [provider] transaction in
                Dictionary(grouping: try transaction.runs(of: provider, limit: 1000), by: \.status).mapValues(\.count)
            }
            print("troubles \(seen), runs \(ends.map { "\($0.key.rawValue) \($0.value)" }.sorted()); \(plan)")
        }
    }
}
