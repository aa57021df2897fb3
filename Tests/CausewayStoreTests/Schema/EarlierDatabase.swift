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

    /// The provider 1, named Entra, with the columns of every version.
    static func insertProvider(_ transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO providers (id, name, client_id, client_secret_sealed, tenant_id,
                exclude_users_service_account, user_delete_action, group_delete_action, filter_group_recursive,
                nested_groups, sync_page_size, sync_page_timeout, discovery_enabled, dry_run, cloud, login_endpoint,
                graph_endpoint, credential_kind, scope_exit_action, guard_max_count, guard_max_percent, drift_policy,
                selects_groups)
            VALUES (1, 'Entra', 'c', x'00', 't', FALSE, 'delete', 'delete', FALSE, 'keep', 100, 'minutes=30', TRUE,
                FALSE, 'global', '', '', 'client_secret', 'follow_delete_action', 50, 10, 'restore', FALSE)
            """
        )
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
                marks: WriteMarks()
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
