import CausewayJSON
import CausewayModel

extension Transaction {
    /// Of the events that are too many, a tenth more goes at once, so that one is not deleted for each that is recorded.
    private static let share = 10

    /// The number up to which events are too many; 0 if they are not. Those that stay whatever their number is do not count.
    ///
    /// - Parameter waiting: ``startOfWaiting()``.
    func lastSurplusEvent(keeping most: Int, waiting: Timestamp?) throws -> Int64 {
        guard try eventNumber(after: most, waiting) != nil else { return 0 }
        return try eventNumber(after: most - most / Self.share, waiting) ?? 0
    }

    private func eventNumber(after count: Int, _ waiting: Timestamp?) throws -> Int64? {
        try all(
            "SELECT e.number FROM events e WHERE \(Self.isNotAwaited) ORDER BY e.number DESC LIMIT 1 OFFSET ?",
            Self.arguments(waiting) + [.integer(Int64(count))]
        ) { try $0.integer("number") }.first
    }

    /// Whether no run waits for what an event asks for or decides.
    private static let isNotAwaited = "NOT (e.created_at_ms >= ? AND e.action IN (?, ?, ?))"

    /// The arguments of ``isNotAwaited``. A run begins a while after it was asked for.
    private static func arguments(_ waiting: Timestamp?) -> [SQLValue] {
        [SQLValue(waiting.map { $0 + .seconds(-3600) } ?? Timestamp(milliseconds: .max))]
            + [EventKind.runRequested, .approvalRequired, .approvalGranted].map { .text($0.rawValue) }
    }

    /// When the earliest run began that waits for a person; nil if none waits.
    func startOfWaiting() throws -> Timestamp? {
        try first(
            "SELECT MIN(started_at_ms) AS started FROM runs WHERE status IN ('awaiting_approval', 'approved')"
        ) { try $0.timestamp(orNil: "started") } ?? nil
    }

    /// The first events that may go.
    ///
    /// - Parameters:
    ///   - moment: those that were recorded before it.
    ///   - number: those up to this number.
    ///   - waiting: what was asked for and decided since shortly before then stays, because a run waits for it.
    func eventsToTrim(before moment: Timestamp, upTo number: Int64, waiting: Timestamp?, limit: Int) throws -> [Int64] {
        try all(
            """
            SELECT e.number FROM events e WHERE e.created_at_ms < ? AND e.number <= ? AND \(Self.isNotAwaited)
            ORDER BY e.created_at_ms, e.number LIMIT ?
            """,
            [SQLValue(moment), .integer(number)] + Self.arguments(waiting) + [.integer(Int64(limit))]
        ) { try $0.integer("number") }
    }

    /// Deletes events, with what finds them.
    func trim(events numbers: [Int64]) throws -> Int {
        guard !numbers.isEmpty else { return 0 }
        let list = SQLList(numbers.map { .integer($0) })
        return try connection.executeAndCount("DELETE FROM events WHERE number IN \(list.sql)", list.arguments)
    }

    /// Deletes drift that was resolved before a moment, the oldest first.
    func trimDrifts(resolvedBefore moment: Timestamp, limit: Int) throws -> Int {
        try executeAndCount(
            """
            DELETE FROM drifts WHERE id IN (
                SELECT d.id FROM drifts d WHERE d.resolved_at_ms < ? ORDER BY d.id LIMIT ?)
            """,
            SQLValue(moment),
            .integer(Int64(limit))
        )
    }

    /// Records what was deleted.
    func record(_ counts: TrimCounts) throws {
        guard !counts.isEmpty else { return }
        let context: [String: JSONValue] = [
            "runs": .integer(Int64(counts.runs)), "actions": .integer(Int64(counts.actions)),
            "drifts": .integer(Int64(counts.drifts)), "events": .integer(Int64(counts.events)),
            "journal_entries": .integer(Int64(counts.journalEntries)),
        ]
        try insertEvent(
            Event(
                action: EventKind.trimmed.rawValue,
                app: "causeway.store",
                actor: "causeway",
                context: context,
                created: now
            )
        )
    }
}
