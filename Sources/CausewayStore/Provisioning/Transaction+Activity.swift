package import CausewayModel

extension Transaction {
    /// What was done in runs that may have changed something in Entra, with when they began. Read in the order of an index that holds
    /// all of it, so that nothing is sorted.
    package func activity(since start: Timestamp) throws -> [(began: Timestamp, count: ActionCount)] {
        try all(
            """
            SELECT r.started_at_ms, a.verb, a.object_kind, a.status, COUNT(*), SUM(a.member_count)
            FROM runs r CROSS JOIN actions a ON a.run_id = r.id
            WHERE r.started_at_ms >= ? AND r.cause <> 'preview'
            GROUP BY r.started_at_ms, r.rowid, a.verb, a.object_kind, a.status
            """,
            SQLValue(start)
        ) { row in
            let count = ActionCount(
                verb: try row.word(1),
                kind: try row.word(2),
                status: try row.word(3),
                count: Int(try row.requiredInteger(4)),
                links: Int(try row.requiredInteger(5))
            )
            return (try row.timestamp(0), count)
        }
    }

    /// How large the database is, in bytes, and the version of its schema.
    package func databaseState() throws -> (bytes: Int64, schemaVersion: Int64) {
        let pages = try first("PRAGMA page_count") { try $0.requiredInteger(0) } ?? 0
        let size = try first("PRAGMA page_size") { try $0.requiredInteger(0) } ?? 0
        return (pages * size, try first("SELECT MAX(version) FROM schema_versions") { $0.integer(0) ?? 0 } ?? 0)
    }

    /// The attributes that any user has a text of, in order.
    package func textAttributeNames() throws -> [String] {
        try all(
            "SELECT DISTINCT a.key FROM users u, json_each(u.attributes) a WHERE a.type = 'text' ORDER BY a.key"
        ) { try $0.requiredText(0) }
    }
}
