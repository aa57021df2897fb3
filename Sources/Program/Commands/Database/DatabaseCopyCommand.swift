import ArgumentParser
import CausewayJSON
import CausewayStore
import Foundation

/// `causeway database copy`
struct DatabaseCopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copies an installation into an empty database: from SQLite to PostgreSQL, or back.",
        discussion: """
            FROM and TO are data folders (SQLite) or addresses of PostgreSQL databases. Stop the server first. FROM stays as it is: until \
            the end, nothing else can write to it. At the end, counts and checksums of every table are compared. If the copy is interrupted, run the same command again to continue it.

              causeway database copy /var/lib/causeway postgres://causeway@db.example.com/causeway
            """
    )

    @Argument(help: "The data folder, or postgres://USER@HOST/DATABASE, to copy from.")
    var from: String

    @Argument(help: "The new data folder, or the empty PostgreSQL database, to copy into.")
    var to: String

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let source = try DatabaseAddress(from, mayBeNew: false)
        let sourceLock = try source.lock()
        let target = try DatabaseAddress(to, mayBeNew: true)
        try InstallationCopy.requireDifferent(source.place, target.place)
        let targetLock = try target.lock()
        let outcome = try await Self.copy(source.place, target.place)
        withExtendedLifetime((sourceLock, targetLock)) {}
        print(outcome, source, target)
    }

    private static func copy(_ source: DatabasePlace, _ target: DatabasePlace) async throws -> InstallationCopy.Outcome
    {
        let progress = Output.progress
        do {
            return try await Interruption.stopping {
                let copy = try await InstallationCopy(from: source, to: target)
                do {
                    let outcome = try await copy.run { state in
                        progress.show(state.step.label, done: state.done, total: state.total)
                    }
                    progress.finish()
                    try copy.close()
                    return outcome
                } catch {
                    progress.finish()
                    try? copy.close()
                    throw error
                }
            }
        } catch let interruption as Interruption {
            throw interruption.saying("Stopped. The same command continues the copy.")
        }
    }

    private func print(_ outcome: InstallationCopy.Outcome, _ source: DatabaseAddress, _ target: DatabaseAddress) {
        let output = Output(output)
        if output.isJSON {
            output.print([
                "was_complete": .bool(outcome.wasComplete),
                "tables": .array(
                    outcome.sums.map {
                        ["name": .string($0.table), "rows": .integer(Int64($0.rows)), "sha256": .string($0.checksum)]
                    }
                ),
            ])
            return
        }
        var table = Table(("Table", .name), ("Rows", .right), ("SHA-256", .left))
        for sum in outcome.sums { table.add(sum.table, "\(sum.rows)", String(sum.checksum.prefix(16))) }
        output.print(table, orIfEmpty: "")
        let (from, to) = (source.place.name, target.place.name)
        let result = outcome.wasComplete ? "was copied before" : "is copied"
        output.print("\(from) \(result) to \(to): every table has the same rows.\n\(keySentence(source, target))")
    }

    /// Sealed secrets are copied as they are.
    private func keySentence(_ source: DatabaseAddress, _ target: DatabaseAddress) -> String {
        let key = source.folder?.keyFile ?? "secret.key of the former data folder"
        let place = target.folder?.keyFile ?? "secret.key of the server's data folder"
        return key == place
            ? "The secrets are sealed with the same key as before: \(key)."
            : "The secrets are sealed with the same key as before. The server that uses the copy needs it: \(key), as \(place) or "
                + "in CAUSEWAY_SECRET_KEY."
    }
}

extension InstallationCopy.Progress.Step {
    fileprivate var label: String {
        switch self {
        case .copying: "Copying rows"
        case .verifying: "Comparing rows"
        }
    }
}
