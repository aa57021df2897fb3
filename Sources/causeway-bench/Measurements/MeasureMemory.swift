import ArgumentParser
import CausewayDemo
import CausewayGraph
import CausewayJSON
import CausewayModel

extension MeasureCommand {
    /// `causeway-bench measure memory`
    struct Memory: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads all users of a tenant, by pages and by delta, and tells how much memory the client took."
        )

        @Option(help: "How many users.")
        var users = 1000

        func run() async throws {
            let result = try await MeasuredTenant.with { try await measure($0) }
            print(result.prettyText)
        }

        private func measure(_ tenant: MeasuredTenant) async throws -> JSONValue {
            try await tenant.seedUsers(users)
            let began = ContinuousClock.now
            var listed = 0
            for try await page in tenant.client.users(select: ["id", "displayName", "jobTitle", "userPrincipalName"]) {
                listed += page.count
            }
            let listing = (ContinuousClock.now - began).seconds
            var told = 0
            for try await element in tenant.client.delta("users", select: ["displayName", "jobTitle"]) {
                if case .changes(let changes) = element { told += changes.count }
            }
            guard listed == users, told == users else {
                throw BenchError("Of \(users) users \(listed) were listed and \(told) told by delta.")
            }
            let state = try await tenant.control("GET", "state")
            return [
                "users": .integer(Int64(users)), "client_peak_megabytes": .number(try ProcessMemory.peak(of: "self")),
                "tenant_peak_megabytes": .number(try ProcessMemory.peak(of: "\(tenant.tenant.processID)")),
                "listed_per_second": .number(Double(listed) / listing), "tenant": state,
            ]
        }
    }
}
