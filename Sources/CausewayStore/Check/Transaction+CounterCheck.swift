extension Transaction {
    /// The columns that the program numbers itself.
    private static let counted = [
        ("users", "id"), ("providers", "id"), ("events", "number"), ("kept_texts", "number"), ("run_leases", "token"),
    ]

    /// Numbers that the program and the engine count up must be at the last row, or the next row would take an existing number.
    func counterFindings() throws -> [DatabaseCheck.Finding] {
        let own = try Self.counted.map { table, column in
            try counterFinding(
                table,
                last: connection.number("SELECT COALESCE(MAX(\(column)), 0) AS last FROM \(table)"),
                counter: connection.number(
                    "SELECT COALESCE(MAX(last_value), -1) AS counter FROM sequences WHERE name = '\(table)'"
                )
            ) {
                "INSERT INTO sequences (name, last_value) VALUES ('\(table)', \($0)) "
                    + "ON CONFLICT (name) DO UPDATE SET last_value = \($0)"
            }
        }
        let engines = try [("journal", "sequence"), ("drifts", "id")].map { table, column in
            try counterFinding(
                table,
                last: connection.number("SELECT COALESCE(MAX(\(column)), 0) AS last FROM \(table)"),
                counter: connection.number(connection.dialect.lastIdentity(of: table, column))
            ) { connection.dialect.settingIdentity(of: table, column, to: $0).joined(separator: "; ") }
        }
        return own + engines + [try positionFinding()]
    }

    private func counterFinding(_ table: String, last: Int64, counter: Int64, repair: (Int64) -> String)
        -> DatabaseCheck.Finding
    {
        let subject = "numbers of \(table)"
        guard counter < last else {
            return .init(subject: subject, isGood: true, sentence: "The next number is free.")
        }
        return .init(
            subject: subject,
            isGood: false,
            sentence:
                "The counter is at \(max(counter, 0)), but number \(last) exists. \(DatabaseCheck.repair(repair(last)))"
        )
    }

    /// A provider that is ahead of the journal would miss changes.
    private func positionFinding() throws -> DatabaseCheck.Finding {
        let subject = "journal positions"
        let end = try max(
            connection.number("SELECT COALESCE(MAX(sequence), 0) AS last FROM journal"),
            connection.number(connection.dialect.lastIdentity(of: "journal", "sequence"))
        )
        let ahead = try count("SELECT COUNT(*) AS count FROM journal_positions WHERE sequence > \(end)")
        guard ahead > 0 else {
            return .init(subject: subject, isGood: true, sentence: "No provider is ahead of the journal.")
        }
        return .init(
            subject: subject,
            isGood: false,
            sentence: "Providers that are ahead of the journal, and would miss changes: \(ahead). "
                + DatabaseCheck.repair("DELETE FROM journal_positions WHERE sequence > \(end)")
                + " Their next sync is a full one."
        )
    }
}
