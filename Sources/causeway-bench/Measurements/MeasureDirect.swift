import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import ServiceLifecycle

extension MeasureCommand {
    /// `causeway-bench measure direct`
    struct Direct: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "direct",
            abstract: "Changes one user at a time under a running server, and tells when the tenant has the write."
        )

        @Option(help: "How many people.")
        var users = 1000
        @Option(help: "How many changes.")
        var changes = 200

        func run() async throws {
            let result = try await MeasuredEngine.with(users: users, circles: 0) { try await measure($0) }
            print(result.prettyText)
        }

        private func measure(_ engine: MeasuredEngine) async throws -> JSONValue {
            _ = try await engine.sync()
            let directSync = DirectSync(store: engine.store, runs: engine.runs, logger: .bench)
            let service = DirectSyncService(store: engine.store, directSync: directSync, logger: .bench)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await service.run() }
                let seconds = try await changeUsers(engine)
                group.cancelAll()
                return Self.summary(seconds)
            }
        }

        /// Each change waits for the one before; the first opens the tenant's session and does not count.
        private func changeUsers(_ engine: MeasuredEngine) async throws -> [Double] {
            let provider = engine.provider.id
            let people = try await engine.store.read { transaction in
                try transaction.users(after: nil, limit: users).filter { user in
                    try transaction.link(of: ObjectReference(user.id), provider: provider) != nil
                }
            }
            var seconds: [Double] = []
            for (number, user) in people.prefix(changes + 1).enumerated() {
                let before = try await writes(engine)
                var profile = user.profile
                profile.name += " Ångström-\(number)"
                let began = ContinuousClock.now
                try await engine.store.write { [profile] in _ = try $0.updateUser(user.id, to: profile) }
                while try await writes(engine) == before {
                    guard ContinuousClock.now - began < .seconds(30) else {
                        throw BenchError("A change did not reach the tenant.")
                    }
                    try await Task.sleep(for: .milliseconds(1))
                }
                if number > 0 { seconds.append((ContinuousClock.now - began).seconds) }
                try await Task.sleep(for: .milliseconds(50))
            }
            return seconds.sorted()
        }

        private func writes(_ engine: MeasuredEngine) async throws -> Int64 {
            try await engine.control("GET", "requests")["writes"]?.integer ?? 0
        }

        private static func summary(_ seconds: [Double]) -> JSONValue {
            func percentile(_ share: Double) -> JSONValue {
                guard !seconds.isEmpty else { return .null }
                return .number(seconds[min(seconds.count - 1, Int(Double(seconds.count) * share))] * 1000)
            }
            return [
                "changes": .integer(Int64(seconds.count)), "median_milliseconds": percentile(0.5),
                "p99_milliseconds": percentile(0.99), "longest_milliseconds": percentile(1),
            ]
        }
    }
}
