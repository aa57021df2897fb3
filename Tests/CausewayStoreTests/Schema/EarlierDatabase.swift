import CausewayModel
import CausewayTestSupport
import Foundation

@testable import CausewayStore

/// A database as an earlier version left it, in a folder of its own.
struct EarlierDatabase {
    private let path: String
    private let secrets: SecretBox

    /// - Parameters:
    ///   - version: the number of its last migration.
    ///   - fill: writes its content.
    static func with(
        version: Int64,
        _ fill: @Sendable (Transaction) throws -> Void,
        _ body: (EarlierDatabase) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            let path = folder.appending(path: "causeway.db").path
            let database = EarlierDatabase(path: path, secrets: try SecretBox(keyText: StoreFixture.keyText))
            try await database.write { transaction in
                try transaction.migrate(Migration.all.filter { $0.version <= version })
                try fill(transaction)
            }
            try await body(database)
        }
    }

    /// Writes without a migration.
    func write(_ body: @Sendable (Transaction) throws -> Void) async throws {
        let engine = try SQLiteEngine(path: path)
        try await engine.write { connection in
            let transaction = Transaction(
                connection: connection,
                now: Timestamp(milliseconds: 5000),
                installationID: "",
                secrets: secrets,
                journalMark: JournalWriteFlag()
            )
            try body(transaction)
        }
        try engine.close()
    }

    /// Opens it with this version, which brings it up to date.
    ///
    /// - Parameter announced: is told both versions.
    func upgraded(
        announced: @escaping @Sendable (Int64, Int64) -> Void = { _, _ in },
        _ body: @Sendable (Transaction) throws -> Void
    ) async throws {
        let store = try await Store.open(at: .file(path), secrets: secrets, upgrading: announced)
        try await store.write(body)
        try store.close()
    }
}
