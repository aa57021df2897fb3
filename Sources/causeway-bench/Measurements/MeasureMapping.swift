import ArgumentParser
import CausewayGraphTypes
import CausewayJSON
import CausewayMapping
import CausewayModel
import Foundation

extension MeasureCommand {
    /// `causeway-bench measure mapping`
    struct Mapping: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Evaluates the documented expression for invented users, as a sync does; tells how long a worker takes to start too."
        )

        @Option(help: "How many users.")
        var count = 100_000
        @Option(help: "How many of them in one message.")
        var page = MappingLimits().pageSize
        @Option(help: "How many workers.")
        var workers = MappingLimits().workers

        func run() async throws {
            var host = try MappingEnvironment.find()
            (host.limits.pageSize, host.limits.workers) = (page, workers)
            let mapping = DefaultMappings.emailVerifiedUsers
            let started = try await Stopwatch.seconds { _ = try await MeasuredMappings.lint([mapping], on: host) }
            let pool = try MeasuredMappings.pool([mapping], on: host)
            let inputs = (0..<5000).map(MeasuredMappings.input)
            _ = try await pool.evaluate(inputs)
            var done = 0
            let seconds = try await Stopwatch.seconds {
                while done < count { done += try await pool.evaluate(inputs).count }
            }
            let memory = try ProcessMemory.ofChildren()
            await pool.shutdown()
            let result: JSONValue = [
                "objects": .integer(Int64(done)), "seconds": .number(seconds), "rate": .number(Double(done) / seconds),
                "start_milliseconds": .number(started * 1000), "workers": .integer(Int64(memory.count)),
                "worker_megabytes": .number(memory.max() ?? 0),
            ]
            print(result.prettyText)
        }
    }

    /// `causeway-bench measure hostile`
    struct Hostile: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Evaluates ordinary mappings while others do their worst, and tells what that costs the server."
        )

        @Option(help: "How many times each hostile expression is run.")
        var rounds = 5

        private static let expressions = [
            "while True: pass", "x = bytearray(10**10)", "return {'city': 'x' * (100 << 20)}",
            "def f(): return f()\nf()",
            "import sys\nsys.modules['os']._exit(7)", "import sys\nsys.modules['os'].write(4, b'x' * 10**6)",
            "x = []\nwhile True: x.append('x' * 10**6)", "return {'city': ['x' * 1000] * 50_000}",
        ]

        func run() async throws {
            var host = try MappingEnvironment.find()
            host.limits.stoppedInARow = .max
            host.limits.timeLimit = .milliseconds(500)
            let ordinary = try MeasuredMappings.pool([DefaultMappings.emailVerifiedUsers], on: host)
            let quiet = try await latencies(ordinary) { try await Task.sleep(for: .seconds(3)) }
            try ProcessMemory.forgetPeak()
            let before = try ProcessMemory.peak(of: "self")
            var wrong = 0
            let noisy = try await latencies(ordinary) {
                for expression in Self.expressions {
                    let pool = try MeasuredMappings.pool(
                        [PropertyMapping(name: "hostile", expression: expression)],
                        on: host
                    )
                    for _ in 0..<rounds {
                        let results = try await pool.evaluate([MeasuredMappings.input(1)])
                        if case .desired = results[0].outcome { wrong += 1 }
                    }
                    await pool.shutdown()
                }
            }
            await ordinary.shutdown()
            let result: JSONValue = [
                "hostile_evaluations": .integer(Int64(rounds * Self.expressions.count)),
                "succeeded": .integer(Int64(wrong)),
                "memory_growth_megabytes": .number(try ProcessMemory.peak(of: "self") - before),
                "page_median_milliseconds": .number(try median(quiet)),
                "page_median_milliseconds_under_load": .number(try median(noisy)),
            ]
            print(result.prettyText)
        }

        /// Milliseconds that pages of a hundred ordinary users take during other work.
        private func latencies(_ pool: MappingPool, during work: () async throws -> Void) async throws -> [Double] {
            let inputs = (0..<100).map(MeasuredMappings.input)
            let pages = Task {
                var found: [Double] = []
                while !Task.isCancelled {
                    // The page that is canceled at the end does not count, those before it do.
                    do {
                        found.append(try await Stopwatch.seconds { _ = try await pool.evaluate(inputs) } * 1000)
                    } catch is CancellationError { break }
                    try? await Task.sleep(for: .milliseconds(5))
                }
                return found
            }
            try await work()
            pages.cancel()
            return try await pages.value
        }

        private func median(_ values: [Double]) throws -> Double {
            guard let median = Statistics.median(values) else { throw BenchError("No page was evaluated.") }
            return median
        }
    }
}

/// Mappings over invented users.
private enum MeasuredMappings {
    private static let standIn = EntraProvider(
        id: ProviderID(0),
        settings: ProviderSettings(name: "none", clientID: "none", tenantID: "none")
    )

    static func set(_ mappings: [PropertyMapping]) -> MappingSet {
        MappingSet(kind: .user, mappings: mappings, provider: standIn)
    }

    static func pool(_ mappings: [PropertyMapping], on host: MappingEnvironment) throws -> MappingPool {
        MappingPool(set: set(mappings), types: try GraphTypes.load(), environment: host, directory: EmptyDirectory())
    }

    static func lint(_ mappings: [PropertyMapping], on host: MappingEnvironment) async throws -> [MappingLint.Finding] {
        try await MappingLint(set: set(mappings), types: GraphTypes.load(), environment: host).findings()
    }

    static func input(_ number: Int) -> MappingInput {
        let user = User(
            id: UserID(Int64(number)),
            uuid: UUID(),
            uid: String(repeating: "0123456789abcdef", count: 4),
            profile: UserProfile(
                username: "user\(number)",
                name: "Łucja Ångström \(number)",
                email: "user\(number)@company.com",
                attributes: [
                    "department": "Research", "job_title": "Scientist", "employee_id": .string("\(number)"),
                ]
            ),
            dateJoined: .now(),
            lastUpdated: .now()
        )
        let link = ObjectLink(
            provider: ProviderID(1),
            kind: .user,
            object: ObjectReference(user.id),
            entraID: EntraObjectID("00000000-0000-4000-8000-000000000000"),
            known: ["onPremisesImmutableId": .string(user.uid), "displayName": "Łucja Ångström"]
        )
        return MappingInput(.user(user, groups: [], allGroups: []), link: link)
    }
}
