package import CausewayModel

extension Transaction {
    /// The failures of objects in the run that tried them last.
    private static let failing = """
        WITH failing AS MATERIALIZED (
            SELECT a.object_kind AS kind, COALESCE(a.attribute, '') AS attribute,
                COALESCE(NULLIF(a.rule, ''), 'unknown') AS rule, a.rule_title AS title,
                COALESCE(a.object_id, '') AS id, a.object_name AS name, a.message, a.remedy, a.status,
                a.updated_at_ms AS seen, (
                    SELECT t.due_at_ms FROM retries t WHERE t.provider_id = ? AND t.object_kind = a.object_kind
                        AND t.object_id = COALESCE(a.object_id, '')) AS due, (
                    SELECT f.since_ms FROM failing_objects f WHERE f.provider_id = ? AND f.object_kind = a.object_kind
                        AND f.object_id = \(failingKey)) AS since
            FROM actions a WHERE a.status IN ('failed', 'retry')
                AND a.run_id IN (SELECT run_id FROM failing_objects WHERE provider_id = ?)
                AND EXISTS (
                    SELECT 1 FROM failing_objects f WHERE f.provider_id = ? AND f.object_kind = a.object_kind
                        AND f.object_id = \(failingKey) AND f.run_id = a.run_id)
        )
        """

    /// The failures of one run.
    private static let failingInRun = """
        WITH failing AS MATERIALIZED (
            SELECT object_kind AS kind, COALESCE(attribute, '') AS attribute,
                COALESCE(NULLIF(rule, ''), status) AS rule, rule_title AS title, COALESCE(object_id, '') AS id,
                object_name AS name,
                CASE WHEN message = '' THEN 'No answer has come; the next run looks for the result.' ELSE message END
                    AS message,
                remedy, status, updated_at_ms AS seen, NULL AS due, updated_at_ms AS since
            FROM actions WHERE run_id = ? AND status IN ('failed', 'retry', 'sent')
        )
        """

    /// Objects by cause, each once.
    private static let objects = """
        objects AS (
            SELECT kind, attribute, rule, id, name, MAX(title) AS title, MIN(message) AS message, MAX(message) AS other,
                MAX(remedy) AS remedy, MAX(CASE WHEN status = 'retry' THEN 1 ELSE 0 END) AS is_passing,
                MIN(since) AS first, MAX(seen) AS last, MIN(due) AS due
            FROM failing GROUP BY kind, attribute, rule, id, name
        )
        """

    /// The arguments of ``failing``.
    private static func arguments(_ provider: ProviderID) -> [SQLValue] {
        Array(repeating: SQLValue(provider), count: 4)
    }

    /// Why objects fail now, the most frequent cause first.
    ///
    /// - Parameters:
    ///   - kind: only causes of these objects; nil for all.
    ///   - cause: only this one; nil for all.
    ///   - examples: how many objects are named of each.
    package func failureCauses(
        of provider: ProviderID,
        kind: ObjectKind? = nil,
        cause: FailureCause.Key? = nil,
        _ slice: ListSlice,
        examples: Int
    ) throws -> ListPage<FailureCause> {
        try failureCauses(Self.failing, Self.arguments(provider), kind: cause?.kind ?? kind, cause, slice, examples)
    }

    /// Why objects failed in a run, the most frequent cause first.
    ///
    /// - Parameter examples: how many objects are named of each.
    package func failureCauses(ofRun run: RunID, _ slice: ListSlice, examples: Int) throws -> ListPage<FailureCause> {
        try failureCauses(Self.failingInRun, [SQLValue(run)], kind: nil, nil, slice, examples)
    }

    private func failureCauses(
        _ failing: String,
        _ arguments: [SQLValue],
        kind: ObjectKind?,
        _ cause: FailureCause.Key?,
        _ slice: ListSlice,
        _ examples: Int
    ) throws -> ListPage<FailureCause> {
        var causes: [FailureCause] = []
        var total = 0
        try connection.query(
            """
            \(failing), \(Self.objects), causes AS (
                SELECT kind, attribute, rule, MAX(title) AS title, MIN(message) AS message, MAX(other) AS other,
                    MAX(remedy) AS remedy, MAX(is_passing) AS is_passing, COUNT(*) AS count, MIN(first) AS first,
                    MAX(last) AS last, MIN(due) AS due
                FROM objects WHERE kind = COALESCE(?, kind) AND attribute = COALESCE(?, attribute) AND rule = COALESCE(?, rule)
                GROUP BY kind, attribute, rule
            ), page AS (
                SELECT *, COUNT(*) OVER () AS total,
                    ROW_NUMBER() OVER (ORDER BY count DESC, kind, attribute, rule) AS place
                FROM causes ORDER BY place LIMIT ? OFFSET ?
            ), named AS (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY kind, attribute, rule ORDER BY name, id) AS row FROM objects
            )
            SELECT p.kind, p.attribute, p.rule, CASE WHEN p.message = p.other THEN p.message ELSE p.title END AS cause,
                p.remedy, p.is_passing, p.count, p.first, p.last AS latest, p.due, p.total, n.id, n.name, n.message, n.last
            FROM page p JOIN named n ON n.kind = p.kind AND n.attribute = p.attribute AND n.rule = p.rule AND n.row <= ?
            ORDER BY p.place, n.row
            """,
            arguments + Self.filter(kind, cause) + [
                .integer(Int64(slice.limit)), .integer(Int64(slice.offset)), .integer(Int64(max(examples, 1))),
            ]
        ) { row in
            let key = try Self.failureKey(row)
            if causes.last?.key != key { causes.append(try Self.failureCause(key, row)) }
            total = try row.int("total")
            causes[causes.count - 1].examples.append(try Self.failingObject(key.kind, row))
        }
        return ListPage(count: total, rows: causes)
    }

    /// The arguments that choose causes: nothing chooses all.
    static func filter(_ kind: ObjectKind?, _ cause: FailureCause.Key?) -> [SQLValue] {
        [SQLValue(kind?.rawValue), SQLValue(cause.map { $0.attribute ?? "" }), SQLValue(cause?.rule)]
    }

    /// The objects that fail for one cause, by name.
    package func failingObjects(of provider: ProviderID, for cause: FailureCause.Key, _ slice: ListSlice) throws
        -> ListPage<FailureCause.Object>
    {
        var total = 0
        let objects = try all(
            """
            \(Self.failing), \(Self.objects)
            SELECT id, name, message, last, COUNT(*) OVER () AS total FROM objects
            WHERE kind = ? AND attribute = ? AND rule = ? ORDER BY name, id LIMIT ? OFFSET ?
            """,
            Self.arguments(provider) + Self.filter(cause.kind, cause) + [
                .integer(Int64(slice.limit)), .integer(Int64(slice.offset)),
            ]
        ) { row in
            total = try row.int("total")
            return try Self.failingObject(cause.kind, row)
        }
        return ListPage(count: total, rows: objects)
    }

    /// What can be retried alone, by name.
    ///
    /// - Parameters:
    ///   - cause: only those that fail for it; nil for all.
    ///   - message: only those that fail with this message; nil for all.
    package func failingObjects(
        of provider: ProviderID,
        for cause: FailureCause.Key?,
        message: String? = nil,
        limit: Int
    ) throws -> [ObjectReference] {
        try all(
            """
            \(Self.failing)
            SELECT DISTINCT kind, id, name FROM failing
            WHERE id <> '' AND message = COALESCE(?, message) AND kind = COALESCE(?, kind)
                AND attribute = COALESCE(?, attribute) AND rule = COALESCE(?, rule) ORDER BY name, id LIMIT ?
            """,
            Self.arguments(provider) + [SQLValue(message)] + Self.filter(cause?.kind, cause) + [.integer(Int64(limit))]
        ) { try $0.reference(try $0.word("kind"), orNil: "id") }.compactMap { $0 }
    }

    private static func failureKey(_ row: SQLRow) throws -> FailureCause.Key {
        let attribute = try row.text("attribute")
        return FailureCause.Key(
            kind: try row.word("kind"),
            attribute: attribute.isEmpty ? nil : attribute,
            rule: try row.text("rule")
        )
    }

    private static func failureCause(_ key: FailureCause.Key, _ row: SQLRow) throws -> FailureCause {
        FailureCause(
            key: key,
            message: try row.text("cause"),
            remedy: try row.text("remedy"),
            isPassing: try row.bool("is_passing"),
            count: try row.int("count"),
            first: try row.timestamp("first"),
            last: try row.timestamp("latest"),
            nextAttempt: try row.timestamp(orNil: "due")
        )
    }

    private static func failingObject(_ kind: ObjectKind, _ row: SQLRow) throws -> FailureCause.Object {
        FailureCause.Object(
            kind: kind,
            object: try row.reference(kind, orNil: "id"),
            name: try row.text("name"),
            message: try row.text("message"),
            seen: try row.timestamp("last")
        )
    }
}
