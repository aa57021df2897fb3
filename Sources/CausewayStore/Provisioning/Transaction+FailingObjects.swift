import CausewayJSON
package import CausewayModel

// The latest attempt decides whether an object fails, in whichever run that was: until it succeeds, is skipped, leaves, or is gone.

extension Transaction {
    /// The key under which an action's object is stored: an object that was deleted here is known only by its Entra object.
    static let failingKey = "COALESCE(a.object_id, 'entra:' || COALESCE(a.entra_id, ''))"

    /// Updates the failing objects after a run has ended.
    ///
    /// - Parameters:
    ///   - covered: the objects that the run covered; nil for all.
    ///   - isPlan: whether nothing was sent: earlier refusals of Entra are then still valid.
    package func noteFailing(
        after run: RunID,
        of provider: ProviderID,
        covered: LinkSelection?,
        isPlan: Bool = false
    ) throws {
        let before = try failingCounts(of: provider).all
        try clearFailing(run, provider, covered, isPlan)
        let after = try failingCounts(of: provider).all
        if (before == 0) != (after == 0) { try noteFailures(after, provider) }
    }

    private func noteFailures(_ count: Int, _ provider: ProviderID) throws {
        let (kind, name) = (count > 0 ? EventKind.failuresBegan : .failuresEnded, try runState(of: provider).name)
        let content: [String: JSONValue] = ["objects": .integer(Int64(count))]
        try insertEvent(Event(kind, of: provider, called: name, content, by: .engine, at: now))
    }

    private func clearFailing(_ run: RunID, _ provider: ProviderID, _ covered: LinkSelection?, _ isPlan: Bool)
        throws
    {
        try execute(
            """
            INSERT INTO failing_objects
                (provider_id, object_kind, object_id, run_id, is_passing, is_unsent, is_refused, since_ms)
            SELECT CAST(? AS BIGINT), a.object_kind, \(Self.failingKey), a.run_id, \(Self.always("a.status = 'retry'")),
                \(Self.always("a.verb = 'skip' AND a.reason <> 'refused_by_entra'")),
                \(Self.always(Self.isRemembered)), MIN(a.updated_at_ms)
            FROM actions a WHERE a.run_id = ? AND a.status IN ('failed', 'retry') GROUP BY 1, 2, 3, 4
            ON CONFLICT (provider_id, object_kind, object_id) DO UPDATE SET run_id = excluded.run_id,
                is_passing = excluded.is_passing, is_unsent = excluded.is_unsent, is_refused = excluded.is_refused,
                since_ms = CASE WHEN \(Self.hasOldCause) THEN failing_objects.since_ms ELSE excluded.since_ms END
            """,
            SQLValue(provider),
            SQLValue(provider),
            SQLValue(run)
        )
        let settled = "provider_id = ? AND run_id <> ?\(isPlan ? " AND is_unsent" : "")"
        guard let covered else {
            try execute("DELETE FROM failing_objects WHERE \(settled)", SQLValue(provider), SQLValue(run))
            return
        }
        for kind in ObjectKind.allCases {
            try execute(
                """
                DELETE FROM failing_objects WHERE \(settled) AND object_kind = ?
                    AND object_id IN (SELECT e.value FROM \(connection.dialect.textsOfArgument))
                """,
                SQLValue(provider),
                SQLValue(run),
                SQLValue(kind),
                .text(JSONValue(covered.keys(kind)).text)
            )
        }
        guard covered.includesDeleted, !isPlan else { return }
        try execute(
            "DELETE FROM failing_objects WHERE \(settled) AND object_id LIKE 'entra:%'",
            SQLValue(provider),
            SQLValue(run)
        )
    }

    /// Whether a condition is true for all rows of a group.
    private static func always(_ condition: String) -> String { "MIN(CASE WHEN \(condition) THEN 1 ELSE 0 END) = 1" }

    /// Whether an object that failed before fails again for a cause that it had then: the same rule of the same attribute.
    private static let hasOldCause = """
        excluded.object_id LIKE 'entra:%' OR EXISTS (
            SELECT 1 FROM actions o JOIN actions n ON n.object_kind = o.object_kind AND n.object_id = o.object_id
                AND n.rule = o.rule AND COALESCE(n.attribute, '') = COALESCE(o.attribute, '')
            WHERE o.object_kind = excluded.object_kind AND o.object_id = excluded.object_id
                AND o.run_id = failing_objects.run_id AND o.status IN ('failed', 'retry')
                AND n.run_id = excluded.run_id AND n.status IN ('failed', 'retry'))
        """

    /// Whether what failed is a part that Entra has refused and that is not sent again until something changes.
    private static let isRemembered = """
        a.status = 'failed' AND EXISTS (
            SELECT 1 FROM links c JOIN refusals r ON r.link_id = c.id
            WHERE c.provider_id = ? AND c.entra_id = a.entra_id
                AND (r.name = a.attribute OR r.part <> 'attribute' AND a.attribute = 'members'))
        """

    /// The number of objects that fail: all of them, those that are retried automatically, and those of which Entra refuses a part and
    /// nothing else fails.
    ///
    /// - Parameter kind: counts only these; nil for all.
    func failingCounts(of provider: ProviderID, kind: ObjectKind? = nil) throws -> (
        all: Int, retried: Int, refused: Int
    ) {
        try first(
            """
            SELECT COUNT(*) AS failing, COALESCE(SUM(CASE WHEN is_passing THEN 1 ELSE 0 END), 0) AS retried,
                COALESCE(SUM(CASE WHEN is_refused THEN 1 ELSE 0 END), 0) AS refused
            FROM failing_objects WHERE provider_id = ? AND object_kind IN (?, ?)
            """,
            SQLValue(provider),
            SQLValue(kind ?? .user),
            SQLValue(kind ?? .group)
        ) { (try $0.int("failing"), try $0.int("retried"), try $0.int("refused")) } ?? (0, 0, 0)
    }

    /// Deletes the failure of an object that no longer exists.
    func forgetFailing(_ object: ObjectReference) throws {
        try execute(
            "DELETE FROM failing_objects WHERE object_kind = ? AND object_id = ?",
            SQLValue(object.kind),
            .text(object.id)
        )
    }
}
