package import CausewayModel

extension Transaction {
    /// What failed in the last run that looked at everything or since, unless something was done to the object afterwards.
    private static let failing = """
        WITH recent AS (
            SELECT id FROM runs WHERE provider_id = ? AND cause <> 'preview' AND started_at_ms >= COALESCE((
                SELECT MAX(started_at_ms) FROM runs WHERE provider_id = ? AND cause NOT IN ('change', 'preview')
                    AND status IN ('succeeded', 'warning')), 0)
        ), failing AS (
            SELECT a.* FROM actions a WHERE a.run_id IN (SELECT id FROM recent) AND a.status IN ('failed', 'retry')
                AND NOT EXISTS (
                    SELECT 1 FROM actions b WHERE b.object_kind = a.object_kind AND b.object_id = a.object_id
                        AND b.run_id IN (SELECT id FROM recent) AND b.run_id <> a.run_id
                        AND b.status NOT IN ('planned', 'held') AND b.updated_at_ms > a.updated_at_ms)
        )
        """

    /// Why objects fail now, the most frequent cause first.
    ///
    /// - Parameter limit: how many causes, and how many objects are named of each.
    package func failureCauses(of provider: ProviderID, limit: Int) throws -> [FailureCause] {
        var causes = try all(
            """
            \(Self.failing)
            SELECT message, remedy, attribute, status, COUNT(DISTINCT object_kind || COALESCE(object_id, object_name)),
                MIN(updated_at_ms), MAX(updated_at_ms)
            FROM failing GROUP BY message, remedy, attribute, status ORDER BY 5 DESC, message, status LIMIT ?
            """,
            SQLValue(provider),
            SQLValue(provider),
            .integer(Int64(limit))
        ) { row in
            FailureCause(
                message: try row.requiredText(0),
                remedy: try row.requiredText(1),
                attribute: row.text(2),
                isPassing: row.text(3) == "retry",
                count: Int(try row.requiredInteger(4)),
                first: try row.timestamp(5),
                last: try row.timestamp(6)
            )
        }
        for place in causes.indices { causes[place].examples = try examples(of: causes[place], provider, limit) }
        return causes
    }

    /// Objects that fail now, by name.
    ///
    /// - Parameter message: only those that fail for this; nil for all.
    package func failingObjects(of provider: ProviderID, message: String?, limit: Int) throws -> [ObjectReference] {
        try all(
            """
            \(Self.failing)
            SELECT DISTINCT object_kind, object_id, object_name FROM failing
            WHERE object_id IS NOT NULL AND message = COALESCE(?, message) ORDER BY object_name, object_id LIMIT ?
            """,
            SQLValue(provider),
            SQLValue(provider),
            SQLValue(message),
            .integer(Int64(limit))
        ) { row in ObjectReference(kind: try row.word(0), id: try row.requiredText(1)) }.compactMap { $0 }
    }

    private func examples(of cause: FailureCause, _ provider: ProviderID, _ limit: Int) throws -> [FailureCause.Example]
    {
        try all(
            """
            \(Self.failing)
            SELECT DISTINCT object_kind, object_id, object_name FROM failing
            WHERE message = ? AND remedy = ? AND COALESCE(attribute, '') = ? AND status = ?
            ORDER BY object_name, object_id LIMIT ?
            """,
            SQLValue(provider),
            SQLValue(provider),
            .text(cause.message),
            .text(cause.remedy),
            .text(cause.attribute ?? ""),
            .text(cause.isPassing ? "retry" : "failed"),
            .integer(Int64(limit))
        ) { row in
            let kind: ObjectKind = try row.word(0)
            return FailureCause.Example(
                kind: kind,
                object: row.text(1).flatMap { ObjectReference(kind: kind, id: $0) },
                name: try row.requiredText(2)
            )
        }
    }
}
