import Algorithms
import CausewayJSON
package import CausewayModel

/// A stored action: the planned step and its outcome.
package struct StoredAction: Hashable, Sendable {
    package let action: Action
    package let outcome: Outcome

    package init(action: Action, outcome: Outcome) {
        self.action = action
        self.outcome = outcome
    }
}

/// An action as its row stores it.
private struct ActionRow {
    let stored: StoredAction
    let run: RunID
    /// Its secret values, sealed; nil if it has none.
    let secrets: [UInt8]?
    let updated: Timestamp

    static let table = RecordTable<ActionRow>(
        "actions",
        [
            Column("run_id", .once) { SQLValue($0.run) },
            Column("sequence") { .integer($0.stored.action.sequence) },
            Column("phase") { SQLValue($0.stored.action.phase.rawValue) },
            Column("level") { SQLValue($0.stored.action.level) },
            Column("verb") { SQLValue($0.stored.action.verb) },
            Column("object_kind") { SQLValue($0.stored.action.kind) },
            Column("object_id") { SQLValue($0.stored.action.object?.id) },
            Column("object_name") { .text($0.stored.action.name) },
            Column("entra_id") { SQLValue($0.stored.action.entraID) },
            Column("reason") { SQLValue($0.stored.action.reason) },
            Column("detail") { .text($0.stored.action.detail) },
            Column("changes") { .text(JSONValue.array($0.stored.action.changes.map(\.json)).text) },
            Column("members") { .text(JSONValue.array($0.stored.action.members.map(\.json)).text) },
            .derived("member_count") { SQLValue($0.stored.action.members.count) },
            Column("secrets_sealed") { $0.secrets.map { .blob($0) } ?? .null },
            .derived("fingerprint") { .text($0.stored.action.fingerprint) },
            .derived("is_destructive") { .bool($0.stored.action.isDestructive) },
            Column("asks_first") { .bool($0.stored.action.asksFirst) },
            Column("status") { SQLValue($0.stored.outcome.status) },
            Column("message") { .text($0.stored.outcome.message) },
            Column("remedy") { .text($0.stored.outcome.remedy) },
            Column("attribute") { SQLValue($0.stored.outcome.attribute) },
            Column("rule") { .text($0.stored.outcome.rule?.id ?? "") },
            Column("rule_title") { .text($0.stored.outcome.rule?.title ?? "") },
            Column("updated_at_ms") { SQLValue($0.updated) },
        ]
    )
}

extension Transaction {
    static let actionColumns = ActionRow.table.selection("a")

    /// Appends actions to a run's plan, each with its outcome so far.
    package func insertActions(_ actions: [StoredAction], run: RunID) throws {
        for stored in actions {
            let row = ActionRow(stored: stored, run: run, secrets: try sealed(stored.action.secrets), updated: now)
            try connection.execute(ActionRow.table.insertion, try ActionRow.table.values(of: row))
        }
    }

    /// Appends an action after the last of a run: something that was found only while the run was applied.
    package func append(_ action: Action, _ outcome: Outcome, run: RunID) throws {
        var action = action
        action.sequence =
            try first("SELECT MAX(sequence) AS last FROM actions WHERE run_id = ?", SQLValue(run)) {
                (try $0.integer(orNil: "last") ?? 0) + 1
            } ?? 1
        try insertActions([StoredAction(action: action, outcome: outcome)], run: run)
    }

    /// Records the outcomes of actions, by their place in the plan.
    package func setOutcomes(_ outcomes: [Int64: Outcome], run: RunID) throws {
        for (outcome, sequences) in Dictionary(grouping: outcomes.keys, by: { outcomes[$0] }) {
            guard let outcome else { continue }
            for page in sequences.sorted().chunks(ofCount: 512) { try set(outcome, of: Array(page), run) }
        }
    }

    private func set(_ outcome: Outcome, of sequences: [Int64], _ run: RunID) throws {
        let list = SQLList(sequences.map(SQLValue.integer))
        let values: [SQLValue] = [
            SQLValue(outcome.status), .text(outcome.message), .text(outcome.remedy), SQLValue(outcome.attribute),
            .text(outcome.rule?.id ?? ""), .text(outcome.rule?.title ?? ""), SQLValue(now), SQLValue(run),
        ]
        try connection.execute(
            """
            UPDATE actions SET status = ?, message = ?, remedy = ?, attribute = ?, rule = ?, rule_title = ?,
                updated_at_ms = ?
            WHERE run_id = ? AND sequence IN \(list.sql)
            """,
            values + list.arguments
        )
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
            SELECT \(Self.actionColumns) FROM actions a
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

    /// What a run has yet to do about a local object.
    package func plannedActions(of run: RunID, object: ObjectReference) throws -> [Action] {
        try all(
            """
            SELECT \(Self.actionColumns) FROM actions a
            WHERE object_kind = ? AND object_id = ? AND run_id = ? AND status = 'planned' ORDER BY sequence
            """,
            SQLValue(object.kind),
            .text(object.id),
            SQLValue(run)
        ) { try storedAction($0).action }
    }

    /// Whether a run holds an action on an Entra object back.
    package func holdsBack(_ run: RunID, at entraID: EntraObjectID) throws -> Bool {
        try exists(
            "SELECT 1 FROM actions WHERE run_id = ? AND status = 'held' AND entra_id = ? LIMIT 1",
            SQLValue(run),
            SQLValue(entraID)
        )
    }

    /// How many actions of a phase are still to be sent.
    package func plannedCount(of run: RunID, phase: ActionPhase) throws -> Int {
        try count(
            "SELECT COUNT(*) AS count FROM actions WHERE run_id = ? AND phase = ? AND status = 'planned'",
            SQLValue(run),
            .integer(Int64(phase.rawValue))
        )
    }

    /// The levels that a phase of a plan has, in order.
    package func levels(of run: RunID, phase: ActionPhase) throws -> [Int] {
        try all(
            "SELECT DISTINCT level FROM actions WHERE run_id = ? AND phase = ? AND status = 'planned' ORDER BY level",
            SQLValue(run),
            .integer(Int64(phase.rawValue))
        ) { try $0.int("level") }
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
            SELECT \(Self.actionColumns) FROM actions a
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
            SELECT verb, object_kind, status, COUNT(*) AS count, SUM(member_count) AS links FROM actions WHERE run_id = ?
            GROUP BY verb, object_kind, status ORDER BY verb, object_kind, status
            """,
            SQLValue(run),
            as: Self.actionCount
        )
    }

    static func actionCount(_ row: SQLRow) throws -> ActionCount {
        ActionCount(
            verb: try row.word("verb"),
            kind: try row.word("object_kind"),
            status: try row.word("status"),
            count: try row.int("count"),
            links: try row.int("links")
        )
    }

    // MARK: Rows

    private func sealed(_ values: [String: Secret]) throws -> [UInt8]? {
        guard !values.isEmpty else { return nil }
        let plain = JSONValue.object(values.mapValues { .string($0.revealed) }).text
        return try secrets.seal(Secret(plain))
    }

    private func opened(_ sealed: [UInt8]?) throws -> [String: Secret] {
        guard let sealed else { return [:] }
        let values = try JSONValue(parsing: try secrets.open(sealed).revealed).object ?? [:]
        return values.compactMapValues { $0.string.map(Secret.init) }
    }

    func storedAction(_ row: SQLRow) throws -> StoredAction {
        let kind: ObjectKind = try row.word("object_kind")
        guard let phase = ActionPhase(rawValue: try row.int("phase")) else {
            throw row.damaged("phase", "is not a phase of a plan")
        }
        let action = Action(
            sequence: try row.integer("sequence"),
            phase: phase,
            level: try row.int("level"),
            verb: try row.word("verb"),
            kind: kind,
            object: try row.reference(kind, orNil: "object_id"),
            name: try row.text("object_name"),
            entraID: try row.id(orNil: "entra_id"),
            reason: try row.word("reason"),
            detail: try row.text("detail"),
            changes: (try row.json("changes").array ?? []).compactMap(AttributeChange.init),
            members: (try row.json("members").array ?? []).compactMap(MemberReference.init),
            secrets: try opened(row.blob(orNil: "secrets_sealed")),
            asksFirst: try row.bool("asks_first")
        )
        let outcome = Outcome(
            try row.word("status"),
            message: try row.text("message"),
            remedy: try row.text("remedy"),
            attribute: try row.text(orNil: "attribute"),
            rule: try row.failureRule()
        )
        return StoredAction(action: action, outcome: outcome)
    }
}
