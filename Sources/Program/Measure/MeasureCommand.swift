import ArgumentParser
import CausewayGraphTypes
import CausewayJSON
import CausewayMapping
import CausewayModel
import Foundation

/// `causeway measure …`: what the benchmarks ask for; not shown in the help.
struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measures parts of the program.",
        shouldDisplay: false,
        subcommands: [Mapping.self, Sync.self, Direct.self, Pacing.self, Requests.self, Memory.self, Capacity.self]
    )

    /// `causeway measure mapping`
    struct Mapping: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Evaluates the documented expression for invented users, as a sync does."
        )

        @Option(help: "How many users.")
        var count = 100_000

        func run() async throws {
            let mapping = DefaultMappings.emailVerifiedUsers
            let provider = EntraProvider(
                id: ProviderID(1),
                settings: ProviderSettings(name: "p", clientID: "c", tenantID: "t")
            )
            let pool = MappingPool(
                set: MappingSet(kind: .user, mappings: [mapping], provider: provider),
                types: try GraphTypes.load(),
                host: try MappingHost.find(),
                directory: NoDirectory()
            )
            let inputs = (0..<1000).map(Self.input)
            _ = try await pool.evaluate(inputs)
            let began = ContinuousClock.now
            var done = 0
            while done < count { done += try await pool.evaluate(inputs).count }
            let seconds = (ContinuousClock.now - began).seconds
            await pool.shutdown()
            let result: JSONValue = [
                "objects": .integer(Int64(done)), "seconds": .number(seconds), "rate": .number(Double(done) / seconds),
            ]
            print(result.prettyText)
        }

        private static func input(_ number: Int) -> MappingInput {
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
            let connection = Connection(
                provider: ProviderID(1),
                kind: .user,
                object: ObjectReference(user.id),
                entraID: EntraObjectID("00000000-0000-4000-8000-000000000000"),
                known: ["onPremisesImmutableId": .string(user.uid), "displayName": "Łucja Ångström"]
            )
            return MappingInput(.user(user, groups: [], allGroups: []), connection: connection)
        }
    }
}
