import ArgumentParser
import CausewayDemo
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

extension MeasureCommand {
    /// `causeway-bench measure sync`
    struct Sync: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sync",
            abstract:
                """
                Syncs an invented directory: first, again, which reads back what was written, with nothing to do, after 100 changes, \
                and comparing everything.
                """
        )

        @Option(help: "How many people.")
        var users = 100_000
        @Option(help: "The number of further groups of each user, in addition to a team and a department.")
        var circles = 8
        @Option(help: "How many such further groups there are; one for every 35 people unless given.")
        var circleCount: Int?
        @Option(help: "The address of an empty PostgreSQL database to use instead of SQLite.")
        var database: String?

        func run() async throws {
            let result = try await MeasuredEngine.with(
                users: users,
                circles: circles,
                circleCount: circleCount,
                database: database
            ) { try await measure($0) }
            print(result.prettyText)
        }

        /// How many users change before one of the syncs.
        private static let changes = 100

        private func measure(_ engine: MeasuredEngine) async throws -> JSONValue {
            let (plan, planning) = try await cost {
                try await engine.runs.run(RunInstruction(engine.provider.id, trigger: .preview, mode: .planOnly))
            }
            let bound = try await WriteBound.count(plan.id, in: engine.store)
            var results: [String: JSONValue] = [
                "plan": .object(planning), "fewest_writes": .integer(Int64(bound)),
                "memberships": .integer(Int64(try await engine.store.read { try $0.membershipCount() })),
                "first_sync": try await sync(engine),
            ]
            results["database_bytes"] = .integer(try await engine.store.read { try $0.databaseState().bytes })
            results["second_sync"] = try await sync(engine)
            results["sync_with_nothing_to_do"] = try await sync(engine)
            try await change(engine)
            results["sync_after_changes"] = try await sync(engine)
            results["sync_of_everything"] = try await sync(engine, comparesEverything: true)
            return .object(results)
        }

        /// Gives some users, spread over the directory, another name.
        private func change(_ engine: MeasuredEngine) async throws {
            try await engine.store.write { [users] transaction in
                for key in stride(from: 1, through: users, by: max(1, users / Self.changes)) {
                    guard let user = try transaction.user(UserID(Int64(key))) else { continue }
                    var profile = user.profile
                    profile.name += " II"
                    try transaction.updateUser(user.id, to: profile)
                }
            }
        }

        /// A sync, with what it cost the tenant and this process.
        private func sync(_ engine: MeasuredEngine, comparesEverything: Bool = false) async throws -> JSONValue {
            _ = try await engine.control("POST", "reset-counters")
            var (run, result) = try await cost { try await engine.sync(comparesEverything: comparesEverything) }
            let counters = try await engine.control("GET", "requests")
            result["users"] = .integer(Int64(run.examinedUsers))
            result["groups"] = .integer(Int64(run.examinedGroups))
            for key in ["writes", "requests", "duplicated_creates"] { result[key] = counters[key] ?? .null }
            return .object(result)
        }

        /// A run, with what it cost this process and the workers that have ended; the tenant has its own processor time.
        private func cost(_ work: () async throws -> Run) async throws -> (run: Run, cost: [String: JSONValue]) {
            try ProcessMemory.forgetPeak()
            let (began, used) = (ContinuousClock.now, try ProcessorTime.ofThisProcessAndEndedChildren())
            let run = try await work()
            let cost: [String: JSONValue] = [
                "seconds": .number((ContinuousClock.now - began).seconds),
                "processor_seconds": .number(try ProcessorTime.ofThisProcessAndEndedChildren() - used),
                "peak_megabytes": .number(try ProcessMemory.peak(of: "self")),
            ]
            return (run, cost)
        }
    }
}
