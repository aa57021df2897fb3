import ArgumentParser
import CausewayDemo
import CausewayInstallation
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

extension MeasureCommand {
    /// `causeway-bench measure nodes`
    struct Nodes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "nodes",
            abstract:
                "Lets nodes on one PostgreSQL database make the first syncs of several tenants at once."
        )

        @Option(help: "The address of an empty PostgreSQL database.")
        var database: String
        @Option(help: "How many nodes.")
        var nodes = 2
        @Option(help: "How many tenants, each with a provider of its own.")
        var tenants = 2
        @Option(help: "How many people.")
        var users = 10_000
        @Option(help: "The number of further groups of each user, in addition to a team and a department.")
        var circles = 8
        @Option(
            parsing: .upToNextOption,
            help:
                "A control group of Linux for each node, which limits its processor time: a folder below /sys/fs/cgroup."
        )
        var groups: [String] = []

        func run() async throws { try await ScratchFolder.with(for: "measure", measure) }

        private func measure(in folder: URL) async throws {
            let key = UUID().uuidString
            let store = try await Store.open(
                at: .measured(database, in: folder),
                secrets: SecretBox(keyText: Secret(key))
            )
            try await SampleDirectory(count: users, circles: circles, folder: folder).fill(store)
            let all = try (0..<tenants).map { _ in try TenantProcess(domains: SampleDirectory.domains) }
            defer { for tenant in all { tenant.stop() } }
            print(try await measure(store, all, key: key).prettyText)
            try store.close()
        }

        private func measure(_ store: Store, _ tenants: [TenantProcess], key: String) async throws -> JSONValue {
            let started = try (0..<nodes).map { number in
                let node = try ChildProcess(
                    Installation.program("causeway-bench"),
                    ["measure", "node", "--database", database, "--name", "node\(number)"],
                    environment: [Node.keyVariable: key]
                )
                guard node.firstLine == Node.ready else { throw BenchError("A node could not be started.") }
                if groups.indices.contains(number) {
                    let list = URL(filePath: groups[number]).appending(path: "cgroup.procs")
                    try Data("\(node.id)".utf8).write(to: list)
                }
                return node
            }
            defer { for node in started { node.stop() } }
            // The nodes hear of each other before there is work.
            try await Task.sleep(for: .seconds(CausewayModel.Node.beat.seconds * 2))
            let (nodesBefore, tenantsBefore) = try (
                seconds(of: started.map(\.id)), seconds(of: tenants.map(\.processID))
            )
            for (number, tenant) in tenants.enumerated() {
                _ = try await DemoProvider(tenant: tenant, name: "Tenant \(number)", showsFirstSync: false)
                    .create(in: store)
            }
            let runs = try await finished(store)
            let (nodesAfter, tenantsAfter) = try (seconds(of: started.map(\.id)), seconds(of: tenants.map(\.processID)))
            return [
                "nodes": .integer(Int64(nodes)), "tenants": .integer(Int64(tenants.count)),
                "users": .integer(Int64(users)), "seconds": .number(Self.wholeSeconds(of: runs)),
                "seconds_of_runs": .array(runs.map { .number(Self.wholeSeconds(of: [$0])) }),
                "processor_seconds_of_nodes": .array(zip(nodesBefore, nodesAfter).map { .number($1 - $0) }),
                "processor_seconds_of_tenants": .array(zip(tenantsBefore, tenantsAfter).map { .number($1 - $0) }),
            ]
        }

        private func seconds(of processes: [Int32]) throws -> [Double] {
            try processes.map { try ProcessorTime.of($0) }
        }

        /// The first run of each provider, once all have succeeded. A provider that is new asks for it by itself.
        private func finished(_ store: Store) async throws -> [Run] {
            while true {
                let runs = try await store.read { transaction in
                    try transaction.providers().compactMap { try transaction.runs(of: $0.id, limit: 100).last }
                }
                let failed = runs.first { $0.status.isFinal && $0.status != .succeeded }
                if let failed { throw BenchError("A run ended as \(failed.status.rawValue): \(failed.message)") }
                if runs.count == tenants, runs.allSatisfy({ $0.finishedAt != nil }) { return runs }
                try await Task.sleep(for: .milliseconds(200))
            }
        }

        /// From the first run's start to the last one's end.
        private static func wholeSeconds(of runs: [Run]) -> Double {
            let start = runs.map(\.startedAt.milliseconds).min() ?? 0
            let end = runs.compactMap { $0.finishedAt?.milliseconds }.max() ?? 0
            return Double(end - start) / 1000
        }
    }

    /// `causeway-bench measure node`: one of the nodes.
    struct Node: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "node",
            abstract: "Is a node, until its input ends.",
            shouldDisplay: false
        )

        static let keyVariable = "CAUSEWAY_BENCH_KEY"
        static let ready = Array("ready".utf8)

        @Option(help: "The address of the database.")
        var database: String
        @Option(help: "The name of the node.")
        var name: String

        func run() async throws {
            guard let key = ProcessInfo.processInfo.environment[Self.keyVariable] else {
                throw BenchError("\(Self.keyVariable) is missing.")
            }
            let store = try await Store.open(
                at: .server(try PostgreSQLAddress(url: database)),
                secrets: SecretBox(keyText: Secret(key))
            )
            let runtime = try ProvisioningRuntime.load(limits: nil, logger: .bench)
            let runs = RunCoordinator(store: store, runtime: runtime)
            let node = NodeService(store: store, gate: runs.gate, version: "benchmark", name: name, logger: .bench)
            let scheduler = Scheduler(store: store, runs: runs, logger: .bench)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await node.run() }
                group.addTask { try await runs.queue.run() }
                group.addTask { try await scheduler.run() }
                try FileHandle.standardOutput.write(contentsOf: Self.ready + [10])
                await Self.waitForEndOfInput()
                group.cancelAll()
                try await group.waitForAll()
            }
            try store.close()
        }

        private static func waitForEndOfInput() async {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    _ = try? FileHandle.standardInput.readToEnd()
                    continuation.resume()
                }
            }
        }
    }
}
