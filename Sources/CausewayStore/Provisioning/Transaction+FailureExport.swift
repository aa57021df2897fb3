package import CausewayModel

/// How far an export of failures has come.
package struct FailureExportPosition: Hashable, Sendable {
    /// The runs that tried the failing objects last, without those that are done.
    var runs: [RunID]
    /// The last action of the first of them.
    var sequence: Int64 = 0
}

extension Transaction {
    /// Where an export of a provider's failures begins.
    package func beginFailureExport(of provider: ProviderID) throws -> FailureExportPosition {
        let runs = try all(
            "SELECT DISTINCT run_id FROM failing_objects WHERE provider_id = ? ORDER BY run_id",
            SQLValue(provider)
        ) { try $0.id("run_id") as RunID }
        return FailureExportPosition(runs: runs)
    }

    /// The next failing actions of an export, in the order of their runs; empty after the last.
    ///
    /// - Parameter cause: only those that fail for it; nil for all.
    package func failingActions(
        of provider: ProviderID,
        for cause: FailureCause.Key?,
        from position: inout FailureExportPosition,
        limit: Int
    ) throws -> [StoredAction] {
        while let run = position.runs.first {
            let found = try failingActions(of: provider, cause, run, after: position.sequence, limit)
            if let last = found.last {
                position.sequence = last.action.sequence
                return found
            }
            position = FailureExportPosition(runs: Array(position.runs.dropFirst()))
        }
        return []
    }

    /// Without the index of the status, the run is passed over in its order, instead of sorting what is left for each page.
    private func failingActions(
        of provider: ProviderID,
        _ cause: FailureCause.Key?,
        _ run: RunID,
        after sequence: Int64,
        _ limit: Int
    ) throws -> [StoredAction] {
        let status = connection.dialect.withoutIndex("a.status")
        return try all(
            """
            SELECT \(Self.actionColumns) FROM actions a
            WHERE a.run_id = ? AND a.sequence > ? AND \(status) IN ('failed', 'retry')
                AND EXISTS (
                    SELECT 1 FROM failing_objects f WHERE f.provider_id = ? AND f.object_kind = a.object_kind
                        AND f.object_id = \(Self.failingKey) AND f.run_id = a.run_id)
                AND a.object_kind = COALESCE(?, a.object_kind) AND COALESCE(a.attribute, '') = COALESCE(?, a.attribute, '')
                AND COALESCE(NULLIF(a.rule, ''), 'unknown') = COALESCE(?, NULLIF(a.rule, ''), 'unknown')
            ORDER BY a.sequence LIMIT ?
            """,
            [SQLValue(run), .integer(sequence), SQLValue(provider)] + Self.filter(cause?.kind, cause) + [
                .integer(Int64(limit))
            ],
            as: storedAction
        )
    }
}
