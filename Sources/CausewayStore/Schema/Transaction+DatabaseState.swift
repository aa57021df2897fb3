package import CausewayModel

extension Transaction {
    /// When this installation was made.
    package func installedAt() throws -> Timestamp {
        try first("SELECT created_at_ms FROM installation") { try $0.timestamp(0) } ?? now
    }

    /// How large the database is, in bytes, and the version of its schema.
    package func databaseState() throws -> (bytes: Int64, schemaVersion: Int64) {
        let pages = try first("PRAGMA page_count") { try $0.requiredInteger(0) } ?? 0
        let size = try first("PRAGMA page_size") { try $0.requiredInteger(0) } ?? 0
        return (pages * size, try first("SELECT MAX(version) FROM schema_versions") { $0.integer(0) ?? 0 } ?? 0)
    }
}
