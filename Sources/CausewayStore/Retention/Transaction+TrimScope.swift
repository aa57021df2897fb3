import CausewayModel

/// Which runs of a provider are too old or too many, and which of those stay nevertheless.
struct TrimScope: Sendable {
    let provider: ProviderID
    /// Runs that began before may go.
    let before: Timestamp
    /// Runs of which every action stays.
    let whole: Set<RunID>
    /// Runs that stay, with those of their actions that explain something.
    let kept: Set<RunID>
}

extension Transaction {
    /// - Returns: nil if all runs of the provider stay.
    func trimScope(of provider: ProviderID, _ retention: Retention) throws -> TrimScope? {
        let byAge = retention.runAge.map { now + $0 * -1 }
        let byNumber = try retention.actions.flatMap { try startOfRuns(of: provider, beyond: $0) }
        guard let limit = [byAge, byNumber].compactMap(\.self).max() else { return nil }
        // What an approval covers is counted from its time on.
        let oldest = [limit, now + Retention.youngest * -1, try oldestApproval(of: provider)].compactMap(\.self).min()
        return TrimScope(
            provider: provider,
            before: oldest ?? limit,
            whole: try runsKeptWhole(of: provider),
            kept: try latestRunsOfEachSort(of: provider)
        )
    }

    /// Just after the start of the latest run that, together with all later ones, has more actions than this; nil if all runs together
    /// have fewer.
    private func startOfRuns(of provider: ProviderID, beyond most: Int) throws -> Timestamp? {
        var sum = 0
        var start: Timestamp?
        try connection.query(
            """
            SELECT r.started_at_ms, (SELECT COUNT(*) FROM actions a WHERE a.run_id = r.id) AS count
            FROM runs r WHERE r.provider_id = ? ORDER BY r.started_at_ms DESC, r.id
            """,
            [SQLValue(provider)]
        ) { row in
            sum += try row.int("count")
            if sum > most, start == nil { start = try row.timestamp("started_at_ms") + .milliseconds(1) }
        }
        return start
    }

    private func oldestApproval(of provider: ProviderID) throws -> Timestamp? {
        try first(
            "SELECT MIN(approved_at_ms) AS approved FROM approvals WHERE provider_id = ? AND ended_at_ms IS NULL",
            SQLValue(provider)
        ) { try $0.timestamp(orNil: "approved") } ?? nil
    }

    /// The latest run of all, sync, full sync, full sync that did its work, plan, and full sync that applied anything.
    private func runsKeptWhole(of provider: ProviderID) throws -> Set<RunID> {
        let isFullSync = "r.is_full AND r.trigger <> 'preview'"
        let latest = try [
            "1 = 1", "r.trigger NOT IN ('preview')", "\(isFullSync) AND r.finished_at_ms IS NOT NULL",
            "\(isFullSync) AND r.status IN ('succeeded', 'warning')", "r.status IN ('planned')",
            "r.is_full AND EXISTS (SELECT 1 FROM actions a WHERE a.run_id = r.id AND a.status = 'applied')",
        ].compactMap { condition in
            try first(
                "SELECT r.id FROM runs r WHERE r.provider_id = ? AND \(condition) ORDER BY r.started_at_ms DESC, r.id LIMIT 1",
                SQLValue(provider)
            ) { try $0.id("id") as RunID }
        }
        return Set(latest)
    }

    /// Whether a provider's work is done, or left undone, follows from the latest run of each sort.
    private func latestRunsOfEachSort(of provider: ProviderID) throws -> Set<RunID> {
        Set(
            try all(
                """
                SELECT t.id FROM (
                    SELECT r.id, ROW_NUMBER() OVER (PARTITION BY r.trigger, r.status, r.is_full
                        ORDER BY COALESCE(r.finished_at_ms, r.started_at_ms) DESC, r.id) AS place
                    FROM runs r WHERE r.provider_id = ?) t
                WHERE t.place = 1
                """,
                SQLValue(provider)
            ) { try $0.id("id") as RunID }
        )
    }
}
