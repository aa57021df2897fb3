import CausewayJSON
package import CausewayModel

/// An action as it is stored: what was planned, and what became of it.
package struct StoredAction: Hashable, Sendable {
    package let action: Action
    package let outcome: Outcome

    package init(action: Action, outcome: Outcome) {
        self.action = action
        self.outcome = outcome
    }
}

extension Transaction {
    static let actionColumns = """
        sequence, phase, level, verb, object_kind, object_id, object_name, entra_id, reason, detail, changes, members,
        secrets_sealed, status, message, remedy, attribute, rule, rule_title, asks_first
        """

    static let actionColumnCount = 20

    /// Appends actions to a run's plan, each with its outcome so far.
    package func insertActions(_ actions: [StoredAction], run: RunID) throws {
        for stored in actions {
            let action = stored.action
            try execute(
                """
                INSERT INTO actions (run_id, sequence, phase, level, verb, object_kind, object_id, object_name, entra_id,
                    reason, detail, changes, members, member_count, secrets_sealed, fingerprint, is_dangerous, status,
                    message, remedy, attribute, rule, rule_title, updated_at_ms, asks_first)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                SQLValue(run),
                .integer(action.sequence),
                .integer(Int64(action.phase.rawValue)),
                .integer(Int64(action.level)),
                SQLValue(action.verb),
                SQLValue(action.kind),
                SQLValue(action.object?.id),
                .text(action.name),
                SQLValue(action.entraID?.rawValue),
                SQLValue(action.reason),
                .text(action.detail),
                .text(JSONValue.array(action.changes.map(\.json)).text),
                .text(JSONValue.array(action.members.map(\.json)).text),
                .integer(Int64(action.members.count)),
                try sealed(action.secrets),
                .text(action.fingerprint),
                .bool(action.isDangerous),
                SQLValue(stored.outcome.status),
                .text(stored.outcome.message),
                .text(stored.outcome.remedy),
                SQLValue(stored.outcome.attribute),
                .text(stored.outcome.rule?.id ?? ""),
                .text(stored.outcome.rule?.title ?? ""),
                SQLValue(now),
                .bool(action.asksFirst)
            )
        }
    }

    /// Appends an action behind the last of a run: something that came out only while the run was carried out.
    package func append(_ action: Action, _ outcome: Outcome, run: RunID) throws {
        var action = action
        action.sequence =
            try first("SELECT COALESCE(MAX(sequence), 0) + 1 FROM actions WHERE run_id = ?", SQLValue(run)) {
                try $0.requiredInteger(0)
            } ?? 1
        try insertActions([StoredAction(action: action, outcome: outcome)], run: run)
    }

    /// Notes what became of actions, by their place in the plan.
    package func setOutcomes(_ outcomes: [Int64: Outcome], run: RunID) throws {
        for (sequence, outcome) in outcomes {
            try execute(
                """
                UPDATE actions SET status = ?, message = ?, remedy = ?, attribute = ?, rule = ?, rule_title = ?,
                    updated_at_ms = ?
                WHERE run_id = ? AND sequence = ?
                """,
                SQLValue(outcome.status),
                .text(outcome.message),
                .text(outcome.remedy),
                SQLValue(outcome.attribute),
                .text(outcome.rule?.id ?? ""),
                .text(outcome.rule?.title ?? ""),
                SQLValue(now),
                SQLValue(run),
                .integer(sequence)
            )
        }
    }

    /// The next actions of a phase and level that are still to be sent, in the order of the plan.
    package func plannedActions(
        of run: RunID,
        phase: ActionPhase,
        level: Int,
        after sequence: Int64,
        limit: Int
    ) throws -> [Action] {
        try all(
            """
            SELECT \(Self.actionColumns) FROM actions
            WHERE run_id = ? AND status = 'planned' AND phase = ? AND level = ? AND sequence > ?
            ORDER BY sequence LIMIT ?
            """,
            SQLValue(run),
            .integer(Int64(phase.rawValue)),
            .integer(Int64(level)),
            .integer(sequence),
            .integer(Int64(limit))
        ) { try storedAction($0).action }
    }

    /// What a run is still to do about a local object.
    package func plannedActions(of run: RunID, object: ObjectReference) throws -> [Action] {
        try all(
            """
            SELECT \(Self.actionColumns) FROM actions
            WHERE object_kind = ? AND object_id = ? AND run_id = ? AND status = 'planned' ORDER BY sequence
            """,
            SQLValue(object.kind),
            .text(object.id),
            SQLValue(run)
        ) { try storedAction($0).action }
    }

    /// Whether a run holds something back that is to be done to an Entra object.
    package func holdsBack(_ run: RunID, at entraID: EntraObjectID) throws -> Bool {
        try exists(
            "SELECT 1 FROM actions WHERE run_id = ? AND status = 'held' AND entra_id = ? LIMIT 1",
            SQLValue(run),
            SQLValue(entraID)
        )
    }

    /// How many actions of a phase are still to be sent.
    package func plannedCount(of run: RunID, phase: ActionPhase) throws -> Int {
        Int(
            try first(
                "SELECT COUNT(*) FROM actions WHERE run_id = ? AND phase = ? AND status = 'planned'",
                SQLValue(run),
                .integer(Int64(phase.rawValue))
            ) { try $0.requiredInteger(0) } ?? 0
        )
    }

    /// The levels that a phase of a plan has, in order.
    package func levels(of run: RunID, phase: ActionPhase) throws -> [Int] {
        try all(
            "SELECT DISTINCT level FROM actions WHERE run_id = ? AND phase = ? AND status = 'planned' ORDER BY level",
            SQLValue(run),
            .integer(Int64(phase.rawValue))
        ) { Int(try $0.requiredInteger(0)) }
    }

    /// A page of a run's actions in the order of the plan.
    ///
    /// - Parameter statuses: only these outcomes; empty for all.
    package func actions(
        of run: RunID,
        statuses: Set<OutcomeStatus> = [],
        after sequence: Int64,
        limit: Int
    ) throws -> [StoredAction] {
        let words = statuses.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        return try all(
            """
            SELECT \(Self.actionColumns) FROM actions
            WHERE run_id = ? AND sequence > ?\(statuses.isEmpty ? "" : " AND status IN (\(words))")
            ORDER BY sequence LIMIT ?
            """,
            SQLValue(run),
            .integer(sequence),
            .integer(Int64(limit)),
            as: storedAction
        )
    }

    /// How many actions of a run there are of each verb, kind and outcome.
    package func actionCounts(of run: RunID) throws -> [ActionCount] {
        try all(
            """
            SELECT verb, object_kind, status, COUNT(*), SUM(member_count) FROM actions WHERE run_id = ?
            GROUP BY verb, object_kind, status ORDER BY verb, object_kind, status
            """,
            SQLValue(run)
        ) { try Self.actionCount($0, from: 0) }
    }

    /// - Parameter column: the first of verb, kind, status, count and members.
    static func actionCount(_ row: any SQLRow, from column: Int) throws -> ActionCount {
        ActionCount(
            verb: try row.word(column),
            kind: try row.word(column + 1),
            status: try row.word(column + 2),
            count: Int(try row.requiredInteger(column + 3)),
            links: Int(try row.requiredInteger(column + 4))
        )
    }

    // MARK: Columns

    private func sealed(_ values: [String: Secret]) throws -> SQLValue {
        guard !values.isEmpty else { return .null }
        let plain = JSONValue.object(values.mapValues { .string($0.revealed) }).text
        return .blob(try secrets.seal(Secret(plain)))
    }

    private func opened(_ sealed: [UInt8]?) throws -> [String: Secret] {
        guard let sealed else { return [:] }
        let values = try JSONValue(parsing: try secrets.open(sealed).revealed).object ?? [:]
        return values.compactMapValues { $0.string.map(Secret.init) }
    }

    func storedAction(_ row: any SQLRow) throws -> StoredAction {
        let kind: ObjectKind = try row.word(4)
        guard let phase = ActionPhase(rawValue: Int(try row.requiredInteger(1))) else {
            throw StoreError(.unreadable, "A stored action is damaged; restore the database from a backup.")
        }
        let action = Action(
            sequence: try row.requiredInteger(0),
            phase: phase,
            level: Int(try row.requiredInteger(2)),
            verb: try row.word(3),
            kind: kind,
            object: row.text(5).flatMap { ObjectReference(kind: kind, id: $0) },
            name: try row.requiredText(6),
            entraID: row.text(7).map { EntraObjectID($0) },
            reason: try row.word(8),
            detail: try row.requiredText(9),
            changes: (try row.json(10).array ?? []).compactMap(AttributeChange.init),
            members: (try row.json(11).array ?? []).compactMap(MemberReference.init),
            secrets: try opened(row.blob(12)),
            asksFirst: try row.bool(19)
        )
        let outcome = Outcome(
            try row.word(13),
            message: try row.requiredText(14),
            remedy: try row.requiredText(15),
            attribute: row.text(16),
            rule: try row.failureRule(17)
        )
        return StoredAction(action: action, outcome: outcome)
    }
}
