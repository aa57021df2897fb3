import CausewayJSON
package import CausewayModel
package import Foundation

extension Transaction {
    /// How long the state of a change of many objects is kept.
    private static let bulkChangeLifetime = Duration.seconds(30 * 86_400)

    /// Stores how far a change of many objects is. Those that began long ago are forgotten.
    ///
    /// - Parameter worker: the process that goes on with it, of which this is a sign of life; nil if none does.
    package func store(_ change: BulkChange, by worker: String? = nil) throws {
        let failures = change.failures.map { failure -> JSONValue in
            ["name": .string(failure.name), "message": .string(failure.message)]
        }
        try execute("DELETE FROM bulk_changes WHERE started_at_ms < ?", SQLValue(now - Self.bulkChangeLifetime))
        try execute(
            """
            INSERT INTO bulk_changes (id, kind, action, total, done, failed, failures, message, started_at_ms, ended_at_ms,
                worker, seen_at_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET done = excluded.done, failed = excluded.failed, failures = excluded.failures,
                message = excluded.message, ended_at_ms = excluded.ended_at_ms, worker = excluded.worker,
                seen_at_ms = excluded.seen_at_ms
            """,
            SQLValue(change.id),
            SQLValue(change.kind),
            .text(change.action),
            .integer(Int64(change.total)),
            .integer(Int64(change.done)),
            .integer(Int64(change.failed)),
            .text(JSONValue.array(failures).text),
            .text(change.message),
            SQLValue(change.started),
            SQLValue(change.ended),
            SQLValue(worker),
            worker == nil ? .null : SQLValue(try leaseTime())
        )
    }

    /// Stores that no process goes on with a change of many objects. What is stored of it counts: the process may not know that its last
    /// piece was committed.
    ///
    /// - Parameters:
    ///   - change: as the process knows it.
    ///   - reason: why it ends before its last object; nil if it is interrupted.
    package func leave(_ change: BulkChange, because reason: String?) throws {
        var state = try bulkChange(change.id) ?? change
        if let reason, state.ended == nil { (state.message, state.ended) = (reason, now) }
        try store(state)
    }

    /// Whether a process goes on with a change of many objects: it has given a sign of life, and is not known to have ended.
    ///
    /// - Parameter isGone: whether the process that is named is known to have ended.
    package func isInProgress(_ change: UUID, isGone: (String) -> Bool) throws -> Bool {
        let worker = try first(
            "SELECT worker FROM bulk_changes WHERE id = ? AND ended_at_ms IS NULL AND seen_at_ms > ?",
            SQLValue(change),
            SQLValue(try leaseTime() - BulkChange.patience)
        ) { try $0.text("worker") }
        return worker.map { !isGone($0) } ?? false
    }

    /// A change of many objects; nil if there is none with the key, or no more.
    package func bulkChange(_ id: UUID) throws -> BulkChange? {
        try first("SELECT * FROM bulk_changes WHERE id = ?", SQLValue(id)) { row in
            BulkChange(
                id: id,
                kind: try row.word("kind"),
                action: try row.text("action"),
                total: try row.int("total"),
                done: try row.int("done"),
                failed: try row.int("failed"),
                failures: (try row.json("failures").array ?? []).map {
                    BulkChange.Failure(name: $0["name"]?.string ?? "", message: $0["message"]?.string ?? "")
                },
                message: try row.text("message"),
                started: try row.timestamp("started_at_ms"),
                ended: try row.timestamp(orNil: "ended_at_ms")
            )
        }
    }
}
