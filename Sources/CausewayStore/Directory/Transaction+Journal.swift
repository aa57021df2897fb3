package import CausewayModel

extension Transaction {
    /// Records that an object changed. Called by every function that changes the directory, in its transaction.
    ///
    /// - Parameter member: whose membership of a group changed; nil if it may be any member's.
    func journal(_ object: ObjectReference, _ change: JournalEntry.Change, member: ObjectReference? = nil) throws {
        marks.hasJournal = true
        try execute(
            """
            INSERT INTO journal (object_kind, object_id, change, created_at_ms, member_kind, member_id)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            SQLValue(object.kind),
            .text(object.id),
            SQLValue(change),
            SQLValue(now),
            SQLValue(member?.kind.rawValue),
            SQLValue(member?.id)
        )
    }

    /// The number of the journal's last entry, 0 if it never had one.
    package func journalEnd() throws -> Int64 {
        try first("SELECT MAX(sequence) AS sequence FROM journal") { try $0.integer(orNil: "sequence") ?? 0 } ?? 0
    }

    /// The journal after a position, in order.
    package func journal(after sequence: Int64, limit: Int) throws -> [JournalEntry] {
        try all(
            """
            SELECT sequence, object_kind, object_id, change, member_kind, member_id FROM journal
            WHERE sequence > ? ORDER BY sequence LIMIT ?
            """,
            .integer(sequence),
            .integer(Int64(limit))
        ) { row in
            guard let object = try row.reference(try row.word("object_kind"), orNil: "object_id") else {
                throw row.damaged("object_id", "is not a key of such an object")
            }
            return JournalEntry(
                sequence: try row.integer("sequence"),
                object: object,
                change: try row.word("change"),
                member: try row.word(orNil: "member_kind").flatMap { try row.reference($0, orNil: "member_id") }
            )
        }
    }
}
