import CausewayModel

/// One step of the schema's history. Steps are only added at the end; released steps never change.
struct Migration: Sendable {
    /// From 1 on, without gaps.
    let version: Int64
    /// Portable definitions, separated by blank lines.
    let sql: String
    /// What SQLite needs in addition, as it is.
    var sqlite = ""
    /// The oldest version whose programs can go on working with the schema after this step: it adds what they do not ask for, and takes
    /// nothing away. Nil if they must not. From version 39 on, the database keeps it.
    var safeFor: Int64?

    /// The whole history in order.
    static let all: [Migration] = [
        .directoryAndProviders, .credentials, .mirror, .plans, .schedules, .directSync, .drift, .tenants, .access,
        .actionCounts, .connectionNames, .providerOrder, .failureRules, .blockInactive, .refusals, .identity,
        .dataAtRest, .connectionObjects, .approvalEndings, .skippedObjects, .failingObjects, .firstContact,
        .memberDoubts, .suspendedAccounts, .glossaryNames,
        .column(26, of: "providers", "http_proxy BYTEA"),
        .column(27, of: "accounts", "language TEXT"),
        .column(28, of: "accounts", "time_zone TEXT"),
        .column(29, of: "browser_sessions", "client_ip TEXT NOT NULL DEFAULT ''"),
        .signInLinks, .eventLog,
        .disabledAccounts, .cancellations, .failingSince, .bulkChanges, .userNameSearch,
        .providerTrials, .retention, .nodes, .sharedState, .linkChanges, .evaluations,
    ]

    /// From this version on, the database says which programs a step is safe for.
    static let firstWithSafety: Int64 = 39

    /// Adds a column. Its default is the value of existing rows.
    ///
    /// - Parameter definition: name, type and default, such as `dry_run BOOLEAN NOT NULL DEFAULT FALSE`.
    static func column(_ version: Int64, of table: String, _ definition: String) -> Migration {
        Migration(version: version, sql: "ALTER TABLE \(table) ADD COLUMN \(definition)")
    }

    static func statements(of sql: String) -> [String] {
        sql.split(separator: "\n\n").map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
    }
}

extension Transaction {
    /// Brings the schema up to date, one version after the other.
    ///
    /// - Parameter upgrading: is told the present and the new version before an existing database is changed: that can take minutes.
    /// - Throws: ``StoreError`` of code `unreadable` if the database is newer than this program, and not safe for it.
    func migrate(
        _ migrations: [Migration],
        upgrading: (Int64, Int64) -> Void = { _, _ in }
    ) throws {
        try execute(
            "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY, applied_at_ms BIGINT NOT NULL)"
        )
        let present = try schemaVersion()
        let newest = migrations.last?.version ?? 0
        try requireUsableSchema(for: newest)
        if present > 0, present < newest { upgrading(present, newest) }
        for migration in migrations where migration.version > present {
            for statement in Migration.statements(of: migration.sql) {
                try execute(connection.dialect.definition(statement))
            }
            if connection.dialect == .sqlite {
                for statement in Migration.statements(of: migration.sqlite) { try execute(statement) }
            }
            try execute(
                "INSERT INTO schema_versions (version, applied_at_ms) VALUES (?, ?)",
                .integer(migration.version),
                .integer(now.milliseconds)
            )
            if let safeFor = migration.safeFor, migration.version >= Migration.firstWithSafety {
                try execute(
                    "UPDATE schema_versions SET safe_for = ? WHERE version = ?",
                    .integer(safeFor),
                    .integer(migration.version)
                )
            }
        }
    }

    /// Makes sure that a program can work with the schema.
    ///
    /// - Parameter known: the newest version that it knows.
    /// - Throws: ``StoreError`` of code `unreadable` if a newer program has taken a step that is not safe for it.
    func requireUsableSchema(for known: Int64) throws {
        let present = try schemaVersion()
        guard present > known else { return }
        let isSafe =
            try known >= Migration.firstWithSafety
            && !exists(
                "SELECT 1 FROM schema_versions WHERE version > ? AND (safe_for IS NULL OR safe_for > ?)",
                .integer(known),
                .integer(known)
            )
        guard isSafe else {
            throw StoreError(
                .unreadable,
                "The database has schema version \(present), but this program knows only \(known); start a newer program."
            )
        }
    }

    /// Makes sure that this program can work with the schema.
    ///
    /// - Throws: ``StoreError`` of code `unreadable` if a newer program has taken a step that is not safe for it.
    package func requireUsableSchema() throws { try requireUsableSchema(for: Migration.all.last?.version ?? 0) }

    /// The latest step that was taken; 0 before the first.
    func schemaVersion() throws -> Int64 {
        try first("SELECT MAX(version) AS version FROM schema_versions") { try $0.integer(orNil: "version") ?? 0 } ?? 0
    }
}
