package import CausewayModel

extension Transaction {
    /// Records that a person wants a run to end; the first wish counts.
    package func requestCancellation(of run: RunID, by name: String) throws {
        try execute(
            """
            INSERT INTO run_cancellations (run_id, requested_by, requested_at_ms) VALUES (?, ?, ?)
            ON CONFLICT (run_id) DO NOTHING
            """,
            SQLValue(run),
            .text(name),
            SQLValue(now)
        )
    }

    /// A person's wish that a run ends, if there is one.
    package func cancellation(of run: RunID) throws -> RunCancellation? {
        try first(
            "SELECT requested_by, requested_at_ms FROM run_cancellations WHERE run_id = ?",
            SQLValue(run)
        ) { row in
            RunCancellation(
                run: run,
                requestedBy: try row.text("requested_by"),
                requestedAt: try row.timestamp("requested_at_ms")
            )
        }
    }

    /// Ends a canceled run, with a message that says what was done. Without a cancellation, nothing changes.
    ///
    /// - Returns: whether the run was canceled.
    @discardableResult
    package func concludeCancellation(of id: RunID) throws -> Bool {
        guard let cancellation = try cancellation(of: id), let run = try run(id),
            let provider = try provider(run.provider)
        else { return false }
        let progress = try actionProgress(of: id)
        let message = cancellation.sentence(
            settled: progress.settled,
            left: progress.left,
            sends: run.trigger != .preview && (progress.settled > 0 || !provider.dryRun),
            isFirst: try journalPosition(of: provider.id) == nil
        )
        try setStatus(.canceled, of: id, message: message)
        try endApprovals(takenBy: id, .canceled(id))
        return true
    }

    /// The next actions of a run that may begin, in the order of the plan; none if a person wants the run to end.
    package func actionsToBegin(of run: RunID, phase: ActionPhase, level: Int, after last: Int64, limit: Int) throws
        -> [Action]
    {
        guard try cancellation(of: run) == nil else { return [] }
        return try plannedActions(of: run, phase: phase, level: level, after: last, limit: limit)
    }

    /// How many actions of a run were settled, and how many were not begun.
    package func actionProgress(of run: RunID) throws -> (settled: Int, left: Int) {
        let counts = try actionCounts(of: run)
        let left = counts.filter { $0.status == .planned }.reduce(0) { $0 + $1.count }
        let untouched: Set<OutcomeStatus> = [.planned, .held, .skipped]
        return (counts.filter { !untouched.contains($0.status) }.reduce(0) { $0 + $1.count }, left)
    }

    /// Of the objects that failed or wait for a retry, those about which a run has nothing left to do.
    package func settledObjects(of run: RunID, provider: ProviderID) throws -> Set<ObjectReference> {
        let found = try all(
            """
            SELECT t.object_kind, t.object_id FROM (
                SELECT object_kind, object_id FROM failing_objects WHERE provider_id = ?
                UNION SELECT object_kind, object_id FROM retries WHERE provider_id = ?) t
            WHERE EXISTS (
                    SELECT 1 FROM actions a
                    WHERE a.object_kind = t.object_kind AND a.object_id = t.object_id AND a.run_id = ?)
                AND NOT EXISTS (
                    SELECT 1 FROM actions a WHERE a.object_kind = t.object_kind AND a.object_id = t.object_id
                        AND a.run_id = ? AND a.status IN ('planned', 'held', 'sent'))
            """,
            SQLValue(provider),
            SQLValue(provider),
            SQLValue(run),
            SQLValue(run)
        ) { try $0.reference(try $0.word("object_kind"), orNil: "object_id") }
        return Set(found.compactMap { $0 })
    }
}
