import ArgumentParser
import CausewayDemo
import CausewayJSON
import CausewayModel
import CausewayProvisioning

extension MeasureCommand {
    /// `causeway-bench measure sync`
    struct Sync: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sync",
            abstract:
                "Syncs an invented directory: first, again, which reads back what was written, and with nothing to do."
        )

        @Option(help: "How many people.")
        var users = 100_000
        @Option(help: "The number of further groups of each user, in addition to a team and a department.")
        var circles = 8
        @Option(help: "The address of an empty PostgreSQL database to use instead of SQLite.")
        var database: String?

        func run() async throws {
            let result = try await MeasuredEngine.with(users: users, circles: circles, database: database) {
                try await measure($0)
            }
            print(result.prettyText)
        }

        private func measure(_ engine: MeasuredEngine) async throws -> JSONValue {
            let began = ContinuousClock.now
            let plan = try await engine.runs.run(RunInstruction(engine.provider.id, trigger: .preview, mode: .planOnly))
            let planning = (ContinuousClock.now - began).seconds
            let bound = try await WriteBound.count(plan.id, in: engine.store)
            return [
                "plan_seconds": .number(planning), "fewest_writes": .integer(Int64(bound)),
                "first_sync": try await sync(engine),
                "second_sync": try await sync(engine), "sync_with_nothing_to_do": try await sync(engine),
            ]
        }

        /// A sync, with what it cost the tenant and this process.
        private func sync(_ engine: MeasuredEngine) async throws -> JSONValue {
            _ = try await engine.control("POST", "reset-counters")
            try ProcessMemory.forgetPeak()
            let began = ContinuousClock.now
            let run = try await engine.sync()
            let seconds = (ContinuousClock.now - began).seconds
            let counters = try await engine.control("GET", "requests")
            return [
                "seconds": .number(seconds), "peak_megabytes": .number(try ProcessMemory.peak(of: "self")),
                "users": .integer(Int64(run.examinedUsers)),
                "groups": .integer(Int64(run.examinedGroups)),
                "writes": counters["writes"] ?? .null, "requests": counters["requests"] ?? .null,
                "duplicated_creates": counters["duplicated_creates"] ?? .null,
            ]
        }
    }
}
