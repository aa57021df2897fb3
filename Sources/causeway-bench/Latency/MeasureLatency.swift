import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore

extension MeasureCommand {
    /// `causeway-bench measure latency`
    struct Latency: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "latency",
            abstract:
                "Changes one user at a time, and tells when the write leaves and when the tenant's answer is there.",
            discussion: """
                Both times begin when the transaction with the change is about to commit. The request counts as sent when the Graph \
                client hands it to the network, and the answer as received when it has been read.
                """
        )

        @Option(help: "How many people.")
        var users = 20_000
        @Option(help: "How many single changes in each situation.")
        var changes = 200
        @Option(help: "How many changes a second arrive from a source.")
        var rate = 1000
        @Option(parsing: .upToNextOption, help: "Only these situations: idle, other_sync, arrivals.")
        var only: [LatencySituation] = []
        @Flag(help: "Print histograms for a person.")
        var text = false

        func run() async throws {
            let watch = WriteWatch()
            let results = try await MeasuredEngine.with(
                users: users,
                circles: 0,
                prepare: { $0.observed = { ObservedTransport(network: $0, watch: watch) } },
                { try await measure($0, watch) }
            )
            if text {
                for line in results.flatMap({ $0.lines + [""] }) { print(line) }
            } else {
                print(json(results).prettyText)
            }
        }

        private func json(_ results: [LatencyResult]) -> JSONValue {
            let situations = results.map { ($0.situation.rawValue, $0.json) }
            return .object([
                "users": .integer(Int64(users)), "changes": .integer(Int64(changes)),
                "situations": .object(Dictionary(situations) { $1 }),
            ])
        }

        private func measure(_ engine: MeasuredEngine, _ watch: WriteWatch) async throws -> [LatencyResult] {
            _ = try await engine.sync()
            let people = try await linked(engine)
            let situations = LatencySituation.allCases.filter { only.isEmpty || only.contains($0) }
            let length = changes + 1
            guard people.count > length * situations.count else {
                throw BenchError("There are too few people for the changes.")
            }
            let directSync = DirectSync(store: engine.store, runs: engine.runs, logger: .bench)
            let series = ChangeSeries(store: engine.store, watch: watch)
            let others = Array(people.dropFirst(length * situations.count))
            let loads = Loads(store: engine.store, runs: engine.runs, people: others, rate: rate)
            return try await withThrowingTaskGroup(of: Void.self) { [provider = engine.provider.id] group in
                group.addTask { await directSync.follow(provider) }
                defer { group.cancelAll() }
                var results: [LatencyResult] = []
                for (number, situation) in situations.enumerated() {
                    let part = people[number * length..<(number + 1) * length]
                    _ = try await engine.control("POST", "reset-counters")
                    var (times, load) = try await Self.during(
                        { try await loads.run(situation) },
                        { try await series.run(part) }
                    )
                    load["tenant_writes"] = try await engine.control("GET", "requests")["writes"]
                    results.append(LatencyResult(situation: situation, times: times, load: load))
                }
                return results
            }
        }

        /// Everyone with an account in Entra.
        private func linked(_ engine: MeasuredEngine) async throws -> [ChangeSeries.Person] {
            try await engine.store.read { [users, provider = engine.provider.id] transaction in
                try transaction.users(after: nil, limit: users).compactMap { user -> ChangeSeries.Person? in
                    let link = try transaction.link(of: ObjectReference(user.id), provider: provider)
                    guard let account = link?.entraID else { return nil }
                    return ChangeSeries.Person(id: user.id, account: account.rawValue, profile: user.profile)
                }
            }
        }

        /// Lets the load run for a second before the work, and cancels it afterwards.
        private static func during<Value: Sendable>(
            _ load: @escaping @Sendable () async throws -> [String: JSONValue],
            _ work: @escaping @Sendable () async throws -> Value
        ) async throws -> (Value, [String: JSONValue]) {
            try await withThrowingTaskGroup(of: [String: JSONValue].self) { group in
                group.addTask { try await load() }
                try await Task.sleep(for: .seconds(1))
                let value = try await work()
                group.cancelAll()
                return (value, try await group.next() ?? [:])
            }
        }
    }
}

/// What is done in the situations, apart from single changes.
private struct Loads: Sendable {
    let store: Store
    let runs: RunCoordinator
    /// Who is changed by a source.
    let people: [ChangeSeries.Person]
    let rate: Int

    /// Works until its task is canceled.
    ///
    /// - Returns: what was done.
    func run(_ situation: LatencySituation) async throws -> [String: JSONValue] {
        switch situation {
        case .idle: [:]
        case .otherSync: try await OtherSyncs(store: store, runs: runs).run()
        case .arrivals: try await SteadyChanges(store: store, people: people, rate: rate).run()
        }
    }
}
