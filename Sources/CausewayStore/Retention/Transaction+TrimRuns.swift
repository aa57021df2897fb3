import CausewayModel

/// The place of a run in the order in which runs are trimmed: the latest first, so that a run is looked at after the runs that refer to it.
struct RunPlace: Sendable {
    let started: Timestamp
    let run: RunID
}

/// The place of an action in the order of its key.
struct ActionPlace: Sendable {
    let run: RunID
    let sequence: Int64
}

extension Transaction {
    /// The next runs that may be too old: they have ended, and nothing of them waits for a person.
    func runsToTrim(_ scope: TrimScope, after place: RunPlace?, limit: Int) throws -> [RunPlace] {
        let start = SQLValue(place?.started ?? scope.before)
        return try all(
            """
            SELECT r.id, r.started_at_ms FROM runs r
            WHERE r.provider_id = ? AND r.started_at_ms < ? AND (r.started_at_ms < ? OR r.started_at_ms = ? AND r.id > ?)
                AND r.status NOT IN ('discovering', 'planning', 'applying', 'awaiting_approval')
                AND NOT EXISTS (SELECT 1 FROM run_leases l WHERE l.run_id = r.id)
                AND NOT EXISTS (SELECT 1 FROM approvals p WHERE p.run_id = r.id AND p.ended_at_ms IS NULL)
            ORDER BY r.started_at_ms DESC, r.id LIMIT ?
            """,
            SQLValue(scope.provider),
            SQLValue(scope.before),
            start,
            start,
            .text(place?.run.text ?? ""),
            .integer(Int64(limit))
        ) { RunPlace(started: try $0.timestamp("started_at_ms"), run: try $0.id("id")) }
    }

    /// The next actions of some runs that explain nothing any more, in the order of their keys.
    func actionsToTrim(of runs: [RunID], _ provider: ProviderID, after place: ActionPlace?, limit: Int) throws
        -> [ActionPlace]
    {
        guard !runs.isEmpty else { return [] }
        let list = SQLList(runs.map { SQLValue($0) })
        return try all(
            """
            SELECT a.run_id, a.sequence FROM actions a
            WHERE a.run_id IN \(list.sql) AND (a.run_id > ? OR a.run_id = ? AND a.sequence > ?) AND \(Self.explainsNothing)
            ORDER BY a.run_id, a.sequence LIMIT ?
            """,
            list.arguments + [
                .text(place?.run.text ?? ""), .text(place?.run.text ?? ""), .integer(place?.sequence ?? 0),
            ] + Self.arguments(provider) + [.integer(Int64(limit))]
        ) { ActionPlace(run: try $0.id("run_id"), sequence: try $0.integer("sequence")) }
    }

    /// Deletes actions, except those that explain something by now.
    ///
    /// - Returns: how many are deleted.
    func trim(_ actions: [ActionPlace], of provider: ProviderID) throws -> Int {
        var count = 0
        for action in actions {
            count += try connection.executeAndCount(
                "DELETE FROM actions AS a WHERE a.run_id = ? AND a.sequence = ? AND \(Self.explainsNothing)",
                [SQLValue(action.run), .integer(action.sequence)] + Self.arguments(provider)
            )
        }
        for run in Set(actions.map(\.run)) {
            try execute("UPDATE runs SET trimmed_at_ms = ? WHERE id = ?", SQLValue(now), SQLValue(run))
        }
        return count
    }

    /// Deletes runs that have no actions, in this order, except those that something refers to.
    ///
    /// - Returns: how many are deleted.
    func trim(_ runs: [RunID]) throws -> Int {
        try runs.reduce(0) { count, run in
            count
                + (try executeAndCount(
                    """
                    DELETE FROM runs WHERE id = ? AND NOT EXISTS (SELECT 1 FROM actions a WHERE a.run_id = runs.id)
                        AND NOT EXISTS (SELECT 1 FROM failing_objects f WHERE f.run_id = runs.id)
                        AND NOT EXISTS (
                            SELECT 1 FROM approvals p JOIN runs q ON q.id = p.applied_by WHERE p.run_id = runs.id)
                    """,
                    SQLValue(run)
                ))
        }
    }

    // MARK: What explains the present

    /// Whether an action explains nothing any more: its answer is known, its object does not fail in it, and a later run did something
    /// about the same object, or the object is neither here nor linked. What was only planned explains less than what was done, and
    /// what let an account sign in, or stopped it, is explained only by another such action.
    private static let explainsNothing = """
        a.status <> 'sent'
        AND NOT EXISTS (
            SELECT 1 FROM failing_objects f WHERE f.provider_id = ? AND f.object_kind = a.object_kind
                AND f.object_id = \(failingKey) AND f.run_id = a.run_id)
        AND (a.object_id IS NULL
            OR NOT EXISTS (
                SELECT 1 FROM links l WHERE l.provider_id = ? AND l.object_kind = a.object_kind AND l.object_id = a.object_id)
                AND NOT EXISTS (
                    SELECT 1 FROM users u WHERE u.id = CASE WHEN a.object_kind = 'user' THEN CAST(a.object_id AS BIGINT) END)
                AND NOT EXISTS (
                    SELECT 1 FROM groups g WHERE g.id = CASE WHEN a.object_kind = 'group' THEN a.object_id END)
            OR EXISTS (\(later) AND (a.status IN ('planned', 'held') OR b.status NOT IN ('planned', 'held')))
                AND (NOT (\(switchesSignIn("a"))) OR EXISTS (\(later) AND \(switchesSignIn("b")))))
        """

    /// The later actions of other runs about the same object.
    private static let later = """
        SELECT 1 FROM actions b JOIN runs s ON s.id = b.run_id
        WHERE b.object_kind = a.object_kind AND b.object_id = a.object_id AND b.run_id <> a.run_id AND s.provider_id = ?
            AND b.updated_at_ms > a.updated_at_ms
        """

    private static func switchesSignIn(_ action: String) -> String {
        "\(action).status = 'applied' AND (\(action).verb = 'suspend' OR \(action).changes LIKE '%\"accountEnabled\"%')"
    }

    /// The arguments of ``explainsNothing``.
    private static func arguments(_ provider: ProviderID) -> [SQLValue] {
        Array(repeating: SQLValue(provider), count: 4)
    }
}
