package import CausewayModel

extension Transaction {
    /// What was done in runs that may have changed something in Entra, with their start times. What a plan left out was never sent, so its
    /// failures do not count. Read in the order of an index that contains everything, so that nothing is sorted.
    package func activity(since start: Timestamp) throws -> [(began: Timestamp, count: ActionCount)] {
        try all(
            """
            SELECT r.started_at_ms, a.verb, a.object_kind, a.status, COUNT(*) AS count, SUM(a.member_count) AS links
            FROM runs r CROSS JOIN actions a
            WHERE a.run_id = r.id AND r.started_at_ms >= ? AND r.trigger <> 'preview' AND a.verb <> 'skip'
            GROUP BY r.started_at_ms, r.id, a.verb, a.object_kind, a.status
            """,
            SQLValue(start)
        ) { (try $0.timestamp("started_at_ms"), try Self.actionCount($0)) }
    }
}
