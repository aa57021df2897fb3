import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import Synchronization

extension MeasureCommand {
    /// `causeway-bench measure year`
    struct Year: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Lets a year pass in a database, and tells how large it is at its start, each quarter and its end.",
            discussion: """
                The rows are those that a year writes, made by the store's own functions; no tenant is asked and nothing is planned. \
                At the start every user and group is created, linked, in the mirror, and in the plan of a first sync. Each day: one \
                user in a hundred changes (the user, the journal, the event with old and new value, the action, the mirror), by \
                direct syncs of ten users each; a tenth as many memberships change; one in a thousand fails until the next day; one \
                in two hundred signs in; six full syncs with an event each. Each month two plans with a tenth of the users. Each \
                night what is old is deleted.
                """
        )

        @Option(help: "How many users.")
        var users = 100_000
        @Option(help: "How many days.")
        var days = 365
        @Option(help: "The address of an empty PostgreSQL database to use instead of SQLite.")
        var database: String?
        @Option(help: "Leave a copy of the database in this file; with SQLite only.")
        var copy: String?
        @Flag(help: "Delete nothing.")
        var keepAll = false

        func run() async throws { try await ScratchFolder.with(for: "measure", measure) }

        private func measure(in folder: URL) async throws {
            let time = Mutex(Timestamp.now() + Retention.day * -days)
            let place = try DatabasePlace.measured(database, in: folder)
            let store = try await Store.open(
                at: place,
                secrets: SecretBox(keyText: Secret(UUID().uuidString)),
                clock: { time.withLock(\.self) }
            )
            var year = SimulatedYear(store: store, users: users)
            let began = ContinuousClock.now
            try await year.begin()
            var sizes = [try await Self.size(of: store, day: 0)]
            var trimming = (seconds: 0.0, longest: 0.0)
            for day in 1...max(1, days) {
                for _ in 0..<6 {
                    time.withLock { $0 = $0 + .seconds(4 * 3600) }
                    try await year.quarterDay(day)
                }
                if !keepAll {
                    let seconds = try await Stopwatch.seconds {
                        try await Trimmer(store: store, retention: .standard, rest: {}).run()
                    }
                    trimming = (trimming.seconds + seconds, max(trimming.longest, seconds))
                }
                if day % 91 == 0 || day == days { sizes.append(try await Self.size(of: store, day: day)) }
            }
            let took = (ContinuousClock.now - began).seconds
            var result: [String: JSONValue] = [
                "users": .integer(Int64(users)), "days": .integer(Int64(days)), "sizes": .array(sizes),
                "trimming_seconds": .number(trimming.seconds), "longest_trimming_seconds": .number(trimming.longest),
                "seconds": .number(took),
            ]
            if case .file(let path) = place {
                let copy = DatabaseCopy(of: path, to: self.copy ?? folder.appending(path: "copy.db").path)
                let copying = try await Stopwatch.seconds {
                    let counts = try copy.make { _, _ in }.counts
                    result["rows"] = .object(counts.mapValues { .integer(Int64($0)) })
                }
                result["backup_seconds"] = .number(copying)
            }
            try store.close()
            print(JSONValue.object(result).prettyText)
        }

        private static func size(of store: Store, day: Int) async throws -> JSONValue {
            let bytes = try await store.read { try $0.databaseState().bytes }
            return ["day": .integer(Int64(day)), "megabytes": .number((Double(bytes) / 1e5).rounded() / 10)]
        }
    }
}
