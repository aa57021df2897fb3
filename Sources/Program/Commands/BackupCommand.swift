import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// `causeway backup FILE`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the database into a file, also while the server runs, and checks the copy.",
        discussion: """
            The file contains everything as of the moment when the command begins, but not the secret key, without which the \
            stored credentials cannot be read: keep that once, in another place. It contains personal data and is \
            readable for its owner only. `causeway restore` brings it back.
            """
    )

    @Argument(help: "The file to make.", completion: .file())
    var file: String
    @Flag(help: "Also copy the secret key, into FILE.key. Who has both files can read all credentials.")
    var withKey = false
    @Flag(help: "Replace the file if it exists.")
    var force = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try data.settings()
        try settings.requireDatabaseFile("back it up with pg_dump")
        let folder = try settings.openFolder()
        guard try await Store.hasContent(at: .file(folder.database)) else {
            throw UserError("There is no database in \(folder.path); set --data.")
        }
        let target = BackupFile(path: file)
        try target.requireOutside(folder)
        try target.requireFree(isReplaced: force, withKey: withKey)
        let key = withKey ? try Self.key(settings) : nil
        let summary = try target.make(of: folder.database)
        if let key { try target.write(key: key) }
        report(summary, target, settings)
    }

    private static func key(_ settings: Settings) throws -> Data {
        guard settings.secretKey == nil else {
            throw UserError("The key is the setting secret_key, not a file: keep it yourself, without --with-key.")
        }
        guard let key = FileManager.default.contents(atPath: settings.keyFile.path) else {
            throw UserError("The key file \(settings.keyFile.path) cannot be read.")
        }
        return key
    }

    private func report(_ summary: DatabaseSummary, _ target: BackupFile, _ settings: Settings) {
        let output = Output(output)
        let keyPlace = settings.secretKey == nil ? settings.keyFile.path : "the setting secret_key"
        if output.isJSON {
            let made: [String: JSONValue] = [
                "file": .string(target.path), "bytes": .integer(target.bytes),
                "key_file": JSONValue(withKey ? target.keyPath : nil),
            ]
            return output.print(.object(made.merging(summary.json) { own, _ in own }))
        }
        output.print("\(target.path) contains \(summary.sentence). It is complete, and was checked.")
        output.print(
            withKey
                ? "The secret key is in \(target.keyPath). Keep the two files apart: together they reveal all stored credentials."
                : "The secret key is not in it. Keep a copy of \(keyPlace) in another place: without it, credentials are lost."
        )
    }
}

extension DatabaseSummary {
    /// What is in it, such as *1,000 users, 20 groups*.
    var sentence: String {
        let count = { (table: String) in counts[table] ?? 0 }
        return
            "\(count("users")) users, \(count("groups")) groups, \(count("providers")) providers, \(count("runs")) runs and "
            + "\(count("events")) events"
    }

    /// The members of an answer that say what is in it.
    var json: [String: JSONValue] {
        [
            "installation": .string(installationID), "schema_version": .integer(schemaVersion),
            "counts": .object(counts.mapValues { .integer(Int64($0)) }),
        ]
    }
}

extension DatabaseCopy {
    /// Copies, and shows the progress.
    ///
    /// - Parameter words: what is copied.
    func make(showing words: String) throws -> DatabaseSummary {
        let progress = Output.progress
        // 256 pages are a megabyte.
        let summary = try make { done, total in
            progress.show("\(words), in MB", done: done >> 8, total: max(total >> 8, 1))
        }
        progress.finish()
        return summary
    }
}
