package import CausewayModel
import GRDB

/// What a database of Causeway contains, without opening it as the store.
package struct DatabaseSummary: Hashable, Sendable {
    package let installationID: String
    package let schemaVersion: Int64
    /// When something was last recorded in it, to the minute; nil in a database that was never used, or of an early version.
    package let lastUsed: Timestamp?
    /// Rows by table, of those that matter most.
    package let counts: [String: Int]

    /// The tables that are counted.
    package static let tables = ["users", "groups", "memberships", "providers", "links", "runs", "actions", "events"]
}

extension DatabaseSummary {
    /// - Throws: ``StoreError`` of code `unreadable` if it is a database of another program.
    init(of database: Database, at path: String) throws {
        guard try database.tableExists("installation"), try database.tableExists("schema_versions"),
            let installation = try String.fetchOne(database, sql: "SELECT id FROM installation")
        else {
            throw StoreError(.unreadable, "\(path) is a database of another program, not of Causeway.")
        }
        installationID = installation
        schemaVersion = try Int64.fetchOne(database, sql: "SELECT MAX(version) FROM schema_versions") ?? 0
        let isTimed = try database.columns(in: "installation").contains { $0.name == "seen_at_ms" }
        let seen = isTimed ? try Int64.fetchOne(database, sql: "SELECT seen_at_ms FROM installation") : nil
        lastUsed = seen.map(Timestamp.init(milliseconds:))
        var counts: [String: Int] = [:]
        for table in Self.tables where try database.tableExists(table) {
            counts[table] = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \(table)")
        }
        self.counts = counts
    }

    /// - Throws: ``StoreError`` of code `unreadable` if this program is too old for it.
    package func requireKnownSchema(_ path: String) throws(StoreError) {
        let newest = Migration.all.last?.version ?? 0
        guard schemaVersion <= newest else {
            throw StoreError(
                .unreadable,
                "\(path) has schema version \(schemaVersion), but this program knows only \(newest); restore it with the version of "
                    + "the program that made it, or a newer one."
            )
        }
    }
}
