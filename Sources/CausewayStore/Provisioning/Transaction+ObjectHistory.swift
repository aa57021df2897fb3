package import CausewayModel

/// An action of a run on one object, with its outcome.
package struct PastAction: Hashable, Sendable {
    package let run: RunID
    package let trigger: RunTrigger
    package let stored: StoredAction
    /// When its outcome was recorded.
    package let updated: Timestamp
}

extension Transaction {
    /// The latest actions about a local object, the latest first.
    package func history(of object: ObjectReference, provider: ProviderID, limit: Int) throws -> [PastAction] {
        try all(
            """
            SELECT \(Self.actionColumns), (SELECT r.trigger FROM runs r WHERE r.id = run_id) AS trigger
            FROM actions a WHERE object_kind = ? AND object_id = ?
                AND run_id IN (SELECT r.id FROM runs r WHERE r.provider_id = ?)
            ORDER BY updated_at_ms DESC, sequence DESC LIMIT ?
            """,
            SQLValue(object.kind),
            .text(object.id),
            SQLValue(provider),
            .integer(Int64(limit))
        ) { row in
            PastAction(
                run: try row.id("run_id"),
                trigger: try row.word("trigger"),
                stored: try storedAction(row),
                updated: try row.timestamp("updated_at_ms")
            )
        }
    }

    /// How and since when a local object is linked.
    package func linkOrigin(of object: ObjectReference, provider: ProviderID) throws -> (
        matchedBy: String, since: Timestamp
    )? {
        let column = object.kind == .user ? "user_id" : "group_id"
        return try first(
            "SELECT matched_by, created_at_ms FROM links WHERE provider_id = ? AND \(column) = ?",
            SQLValue(provider),
            object.user.map { SQLValue($0) } ?? .text(object.id)
        ) { (try $0.text("matched_by"), try $0.timestamp("created_at_ms")) }
    }
}
