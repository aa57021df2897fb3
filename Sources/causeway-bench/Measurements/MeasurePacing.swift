import ArgumentParser
import CausewayDemo
import CausewayGraph
import CausewayJSON
import CausewayModel

extension MeasureCommand {
    /// `causeway-bench measure pacing`
    struct Pacing: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates users under the emulated limits, and holds the time against the least that they allow."
        )

        @Option(help: "App registrations that share the writes, from 1 to 9.")
        var applications = 1
        @Option(help: "How many users.")
        var writes = 12_000
        @Option(help: "How many times faster than real the limits refill.")
        var speed = 10.0

        func run() async throws {
            let flags =
                ["--throttle", "on", "--set", "throttle_speed=\(speed)"] + Array(TenantProcess.calm.dropFirst(2))
            let limits = ThrottleLimits.documented.faster(by: speed)
            let result = try await MeasuredTenant.with(flags: flags, applications: applications, limits: limits) {
                try await measure($0)
            }
            print(result.prettyText)
        }

        private func measure(_ tenant: MeasuredTenant) async throws -> JSONValue {
            _ = try await tenant.client.claims()
            _ = try await tenant.control("POST", "reset-counters")
            let began = ContinuousClock.now
            try await tenant.createUsers(writes)
            let seconds = (ContinuousClock.now - began).seconds
            let counters = try await tenant.control("GET", "requests")
            let throttled = counters["throttled"]?.integer ?? 0
            let calls = (counters["writes"]?.integer ?? 0) + (counters["reads"]?.integer ?? 0) + throttled
            return [
                "applications": .integer(Int64(applications)), "writes": counters["writes"] ?? .null,
                "seconds": .number(seconds), "least_seconds": .number(leastSeconds),
                "ratio": .number(seconds / leastSeconds), "throttled": .integer(throttled),
                "throttled_share": .number(Double(throttled) / Double(max(1, calls))),
                "repeated_creates": counters["repeated_creates"] ?? .null,
            ]
        }

        /// What Graph's documented buckets allow, full at the beginning: 3,000 writes and 20 a second for each application,
        /// 18,000 and 60 for the tenant.
        private var leastSeconds: Double {
            let count = Double(applications)
            let burst = min(3000 * count, 18_000)
            return max(0.001, (Double(writes) - burst) / (min(20 * count, 60) * speed))
        }
    }
}
