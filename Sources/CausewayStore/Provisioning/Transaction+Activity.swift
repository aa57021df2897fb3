package import CausewayModel

extension Transaction {
    /// When runs began that may have changed something in Entra, and what came of their actions. Each run is counted by itself, in an
    /// index that has its counts together.
    package func activity(since start: Timestamp) throws -> [(began: Timestamp, counts: [ActionCount])] {
        let runs = try all(
            "SELECT id, started_at_ms FROM runs WHERE started_at_ms >= ? AND cause <> 'preview' ORDER BY started_at_ms",
            SQLValue(start)
        ) { (id: try $0.uuid(0) as RunID, began: try $0.timestamp(1)) }
        return try runs.map { ($0.began, try actionCounts(of: $0.id)) }
    }

    /// How large the database is, in bytes, and the version of its schema.
    package func databaseState() throws -> (bytes: Int64, schemaVersion: Int64) {
        let pages = try first("PRAGMA page_count") { try $0.requiredInteger(0) } ?? 0
        let size = try first("PRAGMA page_size") { try $0.requiredInteger(0) } ?? 0
        return (pages * size, try first("SELECT MAX(version) FROM schema_versions") { $0.integer(0) ?? 0 } ?? 0)
    }
}
