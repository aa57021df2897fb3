import Algorithms
import CausewayJSON
package import CausewayModel

extension Transaction {
    /// What the last full sync of a provider leaves for the next one; nil if the next one must evaluate everything.
    package func evaluation(of provider: ProviderID) throws -> Evaluation? {
        try first(
            "SELECT basis, compared_at_ms, users_changed, groups_changed FROM evaluations WHERE provider_id = ?",
            SQLValue(provider)
        ) { row in
            var evaluation = Evaluation(
                basis: try row.text("basis"),
                comparedAt: try row.timestamp("compared_at_ms")
            )
            evaluation.usersChanged = try row.bool("users_changed")
            evaluation.groupsChanged = try row.bool("groups_changed")
            return evaluation
        }
    }

    /// Records it.
    package func save(_ evaluation: Evaluation, of provider: ProviderID) throws {
        try execute(
            """
            INSERT INTO evaluations (provider_id, basis, compared_at_ms, users_changed, groups_changed)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (provider_id) DO UPDATE SET basis = excluded.basis, compared_at_ms = excluded.compared_at_ms,
                users_changed = excluded.users_changed, groups_changed = excluded.groups_changed
            """,
            SQLValue(provider),
            .text(evaluation.basis),
            SQLValue(evaluation.comparedAt),
            .bool(evaluation.usersChanged),
            .bool(evaluation.groupsChanged)
        )
    }

    /// Makes the next full sync evaluate everything, without what is recorded about single objects.
    package func forgetEvaluation(of provider: ProviderID) throws {
        try execute("DELETE FROM evaluations WHERE provider_id = ?", SQLValue(provider))
        try execute("DELETE FROM unsettled_objects WHERE provider_id = ?", SQLValue(provider))
    }

    // MARK: Unsettled objects

    /// The objects that are recorded for one of some causes, deleted ones included.
    ///
    /// - Parameter most: more are not read.
    /// - Returns: nil if they are more, or if all objects of a kind are recorded.
    package func unsettledObjects(
        of provider: ProviderID,
        for causes: [UnsettledCause],
        most: Int
    ) throws -> Set<ObjectReference>? {
        let list = SQLList(causes.map { .text($0.rawValue) })
        let found = try all(
            "SELECT object_kind, object_id FROM unsettled_objects WHERE provider_id = ? AND cause IN \(list.sql) LIMIT ?",
            [SQLValue(provider)] + list.arguments + [.integer(Int64(most) + 1)]
        ) { (kind: try $0.word("object_kind") as ObjectKind, id: try $0.text("object_id")) }
        guard found.count <= most, !found.contains(where: { $0.id.isEmpty }) else { return nil }
        return Set(found.compactMap { ObjectReference(kind: $0.kind, id: $0.id) })
    }

    /// The accounts of users whose reports must be evaluated.
    package func unsettledManagers(of provider: ProviderID) throws -> [EntraObjectID] {
        try all(
            "SELECT object_id FROM unsettled_objects WHERE provider_id = ? AND cause = ?",
            SQLValue(provider),
            .text(UnsettledCause.manager.rawValue)
        ) { try $0.id("object_id") }
    }

    /// Records that a run evaluates the objects that are recorded for some causes: what is recorded from now on stays when it ends.
    package func takeUnsettled(of provider: ProviderID, for causes: [UnsettledCause], by run: RunID) throws {
        let list = SQLList(causes.map { .text($0.rawValue) })
        try connection.execute(
            "UPDATE unsettled_objects SET run_id = ? WHERE provider_id = ? AND cause IN \(list.sql)",
            [SQLValue(run), SQLValue(provider)] + list.arguments
        )
    }

    /// Ends what a run has taken.
    package func endUnsettled(takenBy run: RunID, of provider: ProviderID) throws {
        try execute(
            "DELETE FROM unsettled_objects WHERE provider_id = ? AND run_id = ?",
            SQLValue(provider),
            SQLValue(run)
        )
    }

    /// Records that objects must be evaluated.
    package func unsettle(_ objects: Set<ObjectReference>, _ cause: UnsettledCause, at provider: ProviderID) throws {
        for (kind, some) in Dictionary(grouping: objects, by: \.kind) {
            try unsettle(some.map(\.id), kind, cause, provider)
        }
    }

    /// Records that all objects of a kind must be evaluated.
    package func unsettleAll(_ kind: ObjectKind, _ cause: UnsettledCause, at provider: ProviderID) throws {
        try unsettle([""], kind, cause, provider)
    }

    /// Records that users must be evaluated whose manager had one of some accounts.
    package func unsettleReports(of accounts: some Sequence<EntraObjectID>, at provider: ProviderID) throws {
        try unsettle(accounts.map(\.rawValue), .user, .manager, provider)
    }

    private func unsettle(_ ids: [String], _ kind: ObjectKind, _ cause: UnsettledCause, _ provider: ProviderID) throws {
        for page in ids.sorted().chunks(ofCount: Self.page) {
            try execute(
                """
                INSERT INTO unsettled_objects (provider_id, object_kind, object_id, cause, run_id)
                SELECT CAST(? AS BIGINT), CAST(? AS TEXT), e.value, CAST(? AS TEXT), CAST(NULL AS TEXT)
                FROM \(connection.dialect.textsOfArgument) WHERE 1 = 1
                \(Self.isUnsettledAgain)
                """,
                SQLValue(provider),
                SQLValue(kind),
                .text(cause.rawValue),
                .text(JSONValue(Array(page)).text)
            )
        }
    }

    private static let page = 1000

    /// Records that the local object of an Entra object must be evaluated, because what is known of the Entra object changes.
    package func unsettle(linkedTo entraID: EntraObjectID, provider: ProviderID) throws {
        try execute(
            """
            INSERT INTO unsettled_objects (provider_id, object_kind, object_id, cause, run_id)
            SELECT provider_id, object_kind, object_id, 'tenant', NULL FROM links
            WHERE provider_id = ? AND entra_id = ? AND object_id IS NOT NULL AND (user_id IS NOT NULL OR group_id IS NOT NULL)
            \(Self.isUnsettledAgain)
            """,
            SQLValue(provider),
            SQLValue(entraID)
        )
    }

    /// Records the objects that a run has left something to do for.
    ///
    /// - Parameters:
    ///   - rewritten: the kinds of objects whose mappings look at what a run has written.
    ///   - most: more are not recorded.
    /// - Returns: false if they are more.
    package func unsettle(
        after run: RunID,
        of provider: ProviderID,
        rewritten: Set<ObjectKind>,
        most: Int
    ) throws -> Bool {
        let kinds = rewritten.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        let written =
            "object_kind IN (\(kinds)) AND verb IN ('create', 'link', 'update', 'suspend', 'reactivate', 'restore')"
        // What a mapping skips needs nothing, whatever changes in the tenant.
        let open = "status NOT IN ('applied', 'unchanged') AND reason <> 'skipped_by_mapping'"
        let condition = rewritten.isEmpty ? open : "(\(open) OR \(written))"
        let left =
            "SELECT DISTINCT object_kind, object_id FROM actions WHERE run_id = ? AND object_id IS NOT NULL AND \(condition)"
        guard try count("SELECT COUNT(*) AS count FROM (\(left)) l", [SQLValue(run)]) <= most else { return false }
        try execute(
            """
            INSERT INTO unsettled_objects (provider_id, object_kind, object_id, cause, run_id)
            SELECT CAST(? AS BIGINT), l.object_kind, l.object_id, 'outcome', CAST(NULL AS TEXT) FROM (\(left)) l WHERE 1 = 1
            \(Self.isUnsettledAgain)
            """,
            SQLValue(provider),
            SQLValue(run)
        )
        return true
    }

    private static let isUnsettledAgain = """
        ON CONFLICT (provider_id, object_kind, object_id, cause) DO UPDATE SET run_id = NULL
        """

    /// Records the groups that have an Entra object as a member, because it is no longer linked to the same local object.
    package func unsettleGroups(withMember entraID: EntraObjectID, provider: ProviderID) throws {
        let groups = try groups(withMember: entraID, provider: provider).map { ObjectReference($0) }
        try unsettle(Set(groups), .tenant, at: provider)
    }

    // MARK: What else is evaluated

    /// Whether the journal is complete after a position: entries that a provider has not read may have been deleted as too many.
    package func hasJournal(after position: Int64) throws -> Bool {
        let first = try first("SELECT MIN(sequence) AS sequence FROM journal") { try $0.integer(orNil: "sequence") }
        return (first ?? nil).map { $0 <= position + 1 } ?? true
    }

    /// Objects that failed in the latest attempt, and groups whose members must be read.
    ///
    /// - Parameter limit: since when the members have been stale.
    package func objectsToPlanAnyway(
        of provider: ProviderID,
        staleBefore limit: Timestamp
    ) throws -> Set<ObjectReference> {
        let found = try all(
            """
            SELECT object_kind, object_id FROM failing_objects WHERE provider_id = ? AND object_id NOT LIKE 'entra:%'
            UNION SELECT object_kind, object_id FROM links WHERE provider_id = ? AND object_kind = 'group'
                AND object_id IS NOT NULL AND (NOT members_known OR members_stale_since_ms <= ?)
            UNION SELECT object_kind, object_id FROM links WHERE provider_id = ? AND asks_first AND object_id IS NOT NULL
            """,
            SQLValue(provider),
            SQLValue(provider),
            SQLValue(limit),
            SQLValue(provider)
        ) { try $0.reference(try $0.word("object_kind"), orNil: "object_id") }
        return Set(found.compactMap { $0 })
    }

    /// Users whose known manager in the tenant is one of some accounts.
    package func usersManaged(by accounts: Set<EntraObjectID>, provider: ProviderID) throws -> Set<UserID> {
        guard !accounts.isEmpty else { return [] }
        return Set(
            try all(
                """
                SELECT c.user_id FROM mirror_objects o JOIN links c ON c.provider_id = o.provider_id AND c.entra_id = o.entra_id
                WHERE o.provider_id = ? AND c.user_id IS NOT NULL
                    AND \(connection.dialect.text(at: "manager", of: "o.known")) IN
                        (SELECT e.value FROM \(connection.dialect.textsOfArgument))
                """,
                SQLValue(provider),
                .text(JSONValue(accounts.map(\.rawValue).sorted()).text)
            ) { try $0.id("user_id") }
        )
    }
}
