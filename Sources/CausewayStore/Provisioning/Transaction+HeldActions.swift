package import CausewayModel

// What the guard of a run holds back, and the runs that therefore wait for a person.

extension Transaction {
    /// Holds back the destructive actions of a run, and the members of groups whose re-creation is held with them.
    ///
    /// - Parameter extent: which of its actions.
    /// - Returns: how many these are.
    @discardableResult
    package func holdBack(_ extent: HeldExtent, of run: RunID) throws -> Int {
        let held = try executeAndCount(
            "UPDATE actions SET status = 'held', updated_at_ms = ? WHERE run_id = ? AND status = 'planned' AND \(extent.condition)",
            SQLValue(now),
            SQLValue(run)
        )
        try execute(
            """
            UPDATE actions SET status = 'held', updated_at_ms = ?
            WHERE run_id = ? AND status = 'planned' AND EXISTS (
                SELECT 1 FROM actions h WHERE h.object_kind = actions.object_kind AND h.object_id = actions.object_id
                    AND h.run_id = actions.run_id AND h.status = 'held' AND h.verb IN ('create', 'restore'))
            """,
            SQLValue(now),
            SQLValue(run)
        )
        return held
    }

    /// Whether a run that waits is a provider's first full sync, of which nothing is applied yet: every other waiting run has applied the
    /// rest, and therefore has a position in the journal.
    package func waitsForFirstSync(_ run: Run) throws -> Bool {
        try run.status == .awaitingApproval && run.isFull && journalPosition(of: run.provider) == nil
    }

    /// Whether a person could review the first full sync of a provider: a plan of all of it, made with today's settings.
    ///
    /// - Parameter run: the run that asks.
    package func hasShownPlan(of provider: ProviderID, before run: RunID) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM runs r JOIN providers p ON p.id = r.provider_id WHERE r.provider_id = ? AND r.id <> ? AND r.is_full
                AND r.status IN ('planned', 'awaiting_approval') AND r.started_at_ms >= p.shaped_at_ms LIMIT 1
            """,
            SQLValue(provider),
            SQLValue(run)
        )
    }

    /// Whether any run for everything has applied something.
    package func hasApplied(_ provider: ProviderID) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM runs r JOIN actions a ON a.run_id = r.id
            WHERE r.provider_id = ? AND r.is_full AND a.status = 'applied' LIMIT 1
            """,
            SQLValue(provider)
        )
    }

    /// Whether a run applies what a person approved of a plan for everything.
    package func appliesFullPlan(_ run: RunID) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM approvals a JOIN runs r ON r.id = a.run_id
            WHERE a.applied_by = ? AND a.ended_at_ms IS NULL AND a.expires_at_ms > ? AND r.is_full
            """,
            SQLValue(run),
            SQLValue(now)
        )
    }

    /// Which of some objects a run would re-create if that were not held back. The stored link names an Entra
    /// object that is gone.
    package func heldCreations(of run: RunID, among objects: [ObjectReference]) throws -> Set<ObjectReference> {
        guard !objects.isEmpty, try holdsBackCreations(run) else { return [] }
        return Set(
            try objects.filter { object in
                try exists(
                    """
                    SELECT 1 FROM actions WHERE object_kind = ? AND object_id = ? AND run_id = ? AND status = 'held'
                        AND verb IN ('create', 'restore')
                    """,
                    SQLValue(object.kind),
                    .text(object.id),
                    SQLValue(run)
                )
            }
        )
    }

    private func holdsBackCreations(_ run: RunID) throws -> Bool {
        try exists(
            "SELECT 1 FROM actions WHERE run_id = ? AND status = 'held' AND phase IN (?, ?) LIMIT 1",
            SQLValue(run),
            .integer(Int64(ActionPhase.users.rawValue)),
            .integer(Int64(ActionPhase.groups.rawValue))
        )
    }

    /// How many destructive actions direct syncs of a provider have applied since a moment: many small runs may take away
    /// as much as one large run.
    package func destructiveChanges(of provider: ProviderID, since: Timestamp) throws -> Int {
        // A direct sync takes seconds; one that began long before has nothing to count.
        let earliestStart = since + .seconds(-3600)
        return try count(
            """
            SELECT COUNT(*) AS count FROM runs r JOIN actions a ON a.run_id = r.id
            WHERE r.provider_id = ? AND r.started_at_ms >= ? AND r.trigger = 'change'
                AND a.status = 'applied' AND a.is_destructive AND a.updated_at_ms >= ?
            """,
            SQLValue(provider),
            SQLValue(earliestStart),
            SQLValue(since)
        )
    }

    // MARK: Waiting runs

    /// Leaves a run waiting for a person to approve what is held, and releases its lease, so that another run may start.
    package func holdForApproval(_ run: RunID, message: String) throws {
        try execute(
            "UPDATE runs SET status = ?, message = ?, finished_at_ms = ? WHERE id = ?",
            SQLValue(RunStatus.awaitingApproval),
            .text(message),
            SQLValue(now),
            SQLValue(run)
        )
        try execute("DELETE FROM run_leases WHERE run_id = ?", SQLValue(run))
    }

    /// Ends the waiting of a run.
    ///
    /// - Returns: false if it was not waiting.
    @discardableResult
    package func endWaiting(of run: RunID, as status: RunStatus, message: String) throws -> Bool {
        try executeAndCount(
            "UPDATE runs SET status = ?, message = ? WHERE id = ? AND status = ?",
            SQLValue(status),
            .text(message),
            SQLValue(run),
            SQLValue(RunStatus.awaitingApproval)
        ) > 0
    }

    /// Closes the waiting runs of a provider: their plans are outdated.
    ///
    /// - Parameter run: the one that continues to wait, if there is one.
    func closeWaiting(of provider: ProviderID, message: String, except run: RunID?) throws {
        try execute(
            "UPDATE runs SET status = ?, message = ? WHERE provider_id = ? AND status = ? AND id <> ?",
            SQLValue(RunStatus.superseded),
            .text(message),
            SQLValue(provider),
            SQLValue(RunStatus.awaitingApproval),
            .text(run?.text ?? "")
        )
    }
}

/// Which actions of a run wait for a person.
package enum HeldExtent: Hashable, Sendable {
    case everything, destructive
    /// What first links would take away.
    case asking

    /// The condition on an action.
    var condition: String {
        switch self {
        case .everything: "1 = 1"
        case .destructive: "is_destructive"
        case .asking: "asks_first"
        }
    }
}
