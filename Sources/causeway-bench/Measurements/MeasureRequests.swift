import ArgumentParser
import CausewayGraph
import CausewayJSON
import CausewayModel

extension MeasureCommand {
    /// `causeway-bench measure requests`
    struct Requests: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Counts how many requests a second the client and the emulated tenant do, unthrottled."
        )

        @Option(help: "How many users are created; as many single reads follow.")
        var count = 20_000

        func run() async throws {
            let result = try await MeasuredTenant.with { try await measure($0) }
            print(result.prettyText)
        }

        private func measure(_ tenant: MeasuredTenant) async throws -> JSONValue {
            let batched = try await Stopwatch.seconds { try await tenant.createUsers(count) }
            let single = try await Stopwatch.seconds { try await readSingly(tenant.client) }
            return [
                "batched_writes_per_second": .number(Double(count) / batched),
                "single_reads_per_second": .number(Double(count) / single),
            ]
        }

        private func readSingly(_ client: GraphClient) async throws {
            let readers = 16
            try await withThrowingTaskGroup(of: Void.self) { group in
                for reader in 0..<readers {
                    group.addTask {
                        for number in stride(from: reader, to: count, by: readers) {
                            let path = "/users/p\(number)@company.com?$select=id,displayName,jobTitle"
                            _ = try await client.send(GraphRequest(.get, path))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
