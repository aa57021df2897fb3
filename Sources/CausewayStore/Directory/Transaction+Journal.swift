package import CausewayModel

extension Transaction {
    /// Notes that an object changed. Called by every function that changes the directory, in its transaction.
    func journal(_ object: ObjectReference, _ change: JournalEntry.Change) throws {
        try execute(
            "INSERT INTO journal (object_kind, object_id, change, created_at_ms) VALUES (?, ?, ?, ?)",
            SQLValue(object.kind),
            .text(object.id),
            SQLValue(change),
            SQLValue(now)
        )
    }

    /// The journal behind a place in it, in order.
    package func journal(after sequence: Int64, limit: Int) throws -> [JournalEntry] {
        try all(
            "SELECT sequence, object_kind, object_id, change FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?",
            .integer(sequence),
            .integer(Int64(limit))
        ) { row in
            guard let object = ObjectReference(kind: try row.word(1), id: try row.requiredText(2)) else {
                throw StoreError(.unreadable, "A journal entry is damaged; restore the database from a backup.")
            }
            return JournalEntry(sequence: try row.requiredInteger(0), object: object, change: try row.word(3))
        }
    }
}
