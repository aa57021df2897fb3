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
        ) { (try $0.timestamp(0), try Self.actionCount($0, from: 1)) }
    }
}
