import CausewayJSON
package import CausewayModel

/// An object whose sync will be retried.
package struct Retry: Hashable, Sendable {
    package let kind: ObjectKind
    /// Nil for objects that were deleted here: all of those are planned together.
    package let object: ObjectReference?
    /// How often it has failed in a row.
    package let attempts: Int
    package let due: Timestamp
}

extension Transaction {
    /// Retries that are due by a moment.
    package func retries(of provider: ProviderID, dueBy moment: Timestamp, limit: Int) throws -> [Retry] {
        try all(
            """
            SELECT object_kind, object_id, attempts, due_at_ms FROM retries WHERE provider_id = ? AND due_at_ms <= ?
            ORDER BY due_at_ms LIMIT ?
            """,
            SQLValue(provider),
            SQLValue(moment),
            .integer(Int64(limit)),
            as: Self.retry
        )
    }

    /// Objects that wait for a value which another object has: any change may free it.
    package func objectsWaitingForValues(of provider: ProviderID, limit: Int) throws -> [ObjectReference] {
        try all(
            """
            SELECT object_kind, object_id FROM retries WHERE provider_id = ? AND waits_for_value
            ORDER BY object_kind, object_id LIMIT ?
            """,
            SQLValue(provider),
            .integer(Int64(limit))
        ) { try $0.reference(try $0.word("object_kind"), orNil: "object_id") }.compactMap { $0 }
    }

    /// The retry that waits for an object, if one does.
    package func retry(of object: ObjectReference, provider: ProviderID) throws -> Retry? {
        try first(
            """
            SELECT object_kind, object_id, attempts, due_at_ms FROM retries
            WHERE provider_id = ? AND object_kind = ? AND object_id = ?
            """,
            SQLValue(provider),
            SQLValue(object.kind),
            .text(object.id),
            as: Self.retry
        )
    }

    /// Plans the retries that a run leaves behind, and ends those that have succeeded. A unique value of another object may
    /// become free without any change to the object that wants it.
    ///
    /// - Parameters:
    ///   - covered: what the run covered; nil for all.
    ///   - pause: how long to wait after a number of failures in a row.
    package func planRetries(
        after run: RunID,
        provider: ProviderID,
        covered: LinkSelection?,
        pause: (Int) -> Duration
    ) throws {
        let failed = try all(
            """
            SELECT a.object_kind, COALESCE(a.object_id, '') AS key, MAX(COALESCE(r.attempts, 0)) AS attempts,
                MAX(CASE WHEN a.reason = 'value_taken' OR (a.status = 'retry' AND a.level > 0) THEN 1 ELSE 0 END) AS waits
            FROM actions a
            LEFT JOIN retries r ON r.provider_id = ? AND r.object_kind = a.object_kind
                AND r.object_id = COALESCE(a.object_id, '')
            WHERE a.run_id = ? AND (a.status IN ('retry', 'sent') OR (a.status = 'failed' AND a.reason = 'value_taken'))
            GROUP BY a.object_kind, COALESCE(a.object_id, '')
            """,
            SQLValue(provider),
            SQLValue(run)
        ) { row in
            (
                kind: try row.word("object_kind") as ObjectKind, id: try row.text("key"),
                attempts: try row.int("attempts"), waits: try row.bool("waits")
            )
        }
        if let covered {
            for kind in ObjectKind.allCases {
                try deleteRetries(kind, covered.keys(kind) + (covered.includesDeleted ? [""] : []), provider)
            }
        } else {
            try execute("DELETE FROM retries WHERE provider_id = ?", SQLValue(provider))
        }
        for (kind, id, attempts, waits) in failed {
            try execute(
                """
                INSERT INTO retries (provider_id, object_kind, object_id, attempts, due_at_ms, waits_for_value)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (provider_id, object_kind, object_id) DO UPDATE SET attempts = excluded.attempts,
                    due_at_ms = excluded.due_at_ms, waits_for_value = excluded.waits_for_value
                """,
                SQLValue(provider),
                SQLValue(kind),
                .text(id),
                .integer(Int64(attempts + 1)),
                SQLValue(now + pause(attempts + 1)),
                .bool(waits)
            )
        }
    }

    /// Lets the retries that are due wait as if they had just failed.
    package func postponeRetries(of provider: ProviderID, pause: (Int) -> Duration) throws {
        for retry in try retries(of: provider, dueBy: now, limit: .max) {
            try execute(
                "UPDATE retries SET due_at_ms = ? WHERE provider_id = ? AND object_kind = ? AND object_id = ?",
                SQLValue(now + pause(retry.attempts)),
                SQLValue(provider),
                SQLValue(retry.kind),
                .text(retry.object?.id ?? "")
            )
        }
    }

    /// Makes direct sync check what was deleted here and is still in the tenant.
    package func retryDeletions(of kind: ObjectKind, provider: ProviderID) throws {
        try execute(
            """
            INSERT INTO retries (provider_id, object_kind, object_id, attempts, due_at_ms) VALUES (?, ?, '', 1, ?)
            ON CONFLICT (provider_id, object_kind, object_id) DO UPDATE SET due_at_ms = excluded.due_at_ms
            """,
            SQLValue(provider),
            SQLValue(kind),
            SQLValue(now)
        )
    }

    private func deleteRetries(_ kind: ObjectKind, _ ids: [String], _ provider: ProviderID) throws {
        try execute(
            """
            DELETE FROM retries WHERE provider_id = ? AND object_kind = ?
                AND object_id IN (SELECT e.value FROM \(connection.dialect.textsOfArgument))
            """,
            SQLValue(provider),
            SQLValue(kind),
            .text(JSONValue(ids).text)
        )
    }

    private static func retry(_ row: SQLRow) throws -> Retry {
        let kind: ObjectKind = try row.word("object_kind")
        return Retry(
            kind: kind,
            object: try row.reference(kind, orNil: "object_id"),
            attempts: try row.int("attempts"),
            due: try row.timestamp("due_at_ms")
        )
    }
}
