package import CausewayModel

extension Transaction {
    /// Whether a run has planned everything and applied nothing, and neither its provider nor the directory has changed since it began.
    package func isCurrentPlan(_ run: Run) throws -> Bool {
        guard run.isFull, try run.status == .planned || waitsForFirstSync(run) else { return false }
        return try exists(
            """
            SELECT 1 FROM providers p WHERE p.id = ? AND p.shaped_at_ms <= ?
                AND COALESCE((SELECT j.created_at_ms FROM journal j ORDER BY j.sequence DESC LIMIT 1), 0) < ?
            """,
            SQLValue(run.provider),
            SQLValue(run.startedAt),
            SQLValue(run.startedAt)
        )
    }
}
