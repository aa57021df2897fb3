package import CausewayModel

/// How much was done in Entra on a day.
package struct DailyActivity: Hashable, Sendable {
    /// The day's beginning, UTC.
    package let day: Timestamp
    package let verb: ActionVerb
    package let status: OutcomeStatus
    package let count: Int
}

extension Transaction {
    private static let millisecondsOfDay: Int64 = 86_400_000

    /// What runs applied and what failed in them, by the day on which they began.
    package func activity(since start: Timestamp) throws -> [DailyActivity] {
        try all(
            """
            SELECT r.started_at_ms / \(Self.millisecondsOfDay), a.verb, a.status, COUNT(*)
            FROM runs r JOIN actions a ON a.run_id = r.id
            WHERE r.started_at_ms >= ? AND r.cause <> 'preview' AND a.status IN ('applied', 'failed')
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """,
            SQLValue(start)
        ) { row in
            DailyActivity(
                day: Timestamp(milliseconds: try row.requiredInteger(0) * Self.millisecondsOfDay),
                verb: try row.word(1),
                status: try row.word(2),
                count: Int(try row.requiredInteger(3))
            )
        }
    }

    /// How large the database is, in bytes, and the version of its schema.
    package func databaseState() throws -> (bytes: Int64, schemaVersion: Int64) {
        let pages = try first("PRAGMA page_count") { try $0.requiredInteger(0) } ?? 0
        let size = try first("PRAGMA page_size") { try $0.requiredInteger(0) } ?? 0
        return (pages * size, try first("SELECT MAX(version) FROM schema_versions") { $0.integer(0) ?? 0 } ?? 0)
    }
}
