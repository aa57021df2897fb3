import ArgumentParser
import CausewayDemo
import CausewayGraph
import CausewayJSON
import CausewayModel

extension MeasureCommand {
    /// `causeway-bench measure capacity`
    struct Capacity: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Fills an emulated tenant with groups of a hundred members, and tells its memory and whether it slows down."
        )

        @Option(help: "How many users.")
        var users = 300_000
        @Option(help: "How many groups, each with a hundred of them.")
        var groups = 30_000

        private static let members = 100
        private static let batch = 20

        func run() async throws {
            let result = try await MeasuredTenant.with { try await measure($0) }
            print(result.prettyText)
        }

        private func measure(_ tenant: MeasuredTenant) async throws -> JSONValue {
            var ids: [String] = []
            try await tenant.seedUsers(users) { ids += $0 }
            guard ids.count == users else { throw BenchError("Only \(ids.count) of \(users) users were made.") }
            var rates: [Double] = []
            let part = max(1, groups / 10)
            for start in stride(from: 0, to: groups, by: part) {
                let numbers = start..<min(start + part, groups)
                let began = ContinuousClock.now
                try await makeGroups(numbers, of: ids, tenant.client)
                let writes = Double(numbers.count * Self.members / Self.batch)
                rates.append(writes / (ContinuousClock.now - began).seconds)
            }
            return [
                "state": try await tenant.control("GET", "state"),
                "tenant_peak_megabytes": .number(try ProcessMemory.peak(of: "\(tenant.tenant.processID)")),
                "first_tenth_writes_per_second": .number(rates.first ?? 0),
                "last_tenth_writes_per_second": .number(rates.last ?? 0),
            ]
        }

        private func makeGroups(_ numbers: Range<Int>, of ids: [String], _ client: GraphClient) async throws {
            let part = 40
            try await withThrowingTaskGroup(of: Void.self) { group in
                for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: part) {
                    if start >= numbers.lowerBound + part * 8 { try await group.next() }
                    group.addTask { try await makeGroups(start..<min(start + part, numbers.upperBound), ids, client) }
                }
                try await group.waitForAll()
            }
        }

        /// Each group with its first twenty members, then the others, twenty at a time.
        private func makeGroups(_ numbers: Range<Int>, _ ids: [String], _ client: GraphClient) async throws {
            let creates = numbers.map { number in
                let body: JSONValue = [
                    "displayName": .string("Group \(number)"), "mailNickname": .string("g\(number)"),
                    "mailEnabled": false, "securityEnabled": true,
                    "members@odata.bind": references(number, 0, ids, client),
                ]
                return GraphRequest(.post, "/groups", body: body)
            }
            var binds: [GraphRequest] = []
            for (number, created) in zip(numbers, try await answers(to: creates, client)) {
                for start in stride(from: Self.batch, to: Self.members, by: Self.batch) {
                    let body: JSONValue = ["members@odata.bind": references(number, start, ids, client)]
                    let path = "/groups/\(created.body?["id"]?.string ?? "")"
                    binds.append(GraphRequest(.patch, path, body: body, repetition: .harmless))
                }
            }
            _ = try await answers(to: binds, client)
        }

        private func references(_ group: Int, _ start: Int, _ ids: [String], _ client: GraphClient) -> JSONValue {
            let members = (start..<start + Self.batch).map { ids[(group * 37 + $0) % ids.count] }
            return JSONValue(members.map { "\(client.baseURL)/directoryObjects/\($0)" })
        }

        private func answers(to requests: [GraphRequest], _ client: GraphClient) async throws -> [GraphResponse] {
            try await client.send(batch: requests).map { result in
                switch result {
                case .success(let answer): return answer
                case .failure(let failure): throw BenchError("A group could not be filled: \(failure.sentence)")
                }
            }
        }
    }
}
