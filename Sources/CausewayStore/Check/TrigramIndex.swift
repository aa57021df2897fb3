/// An index of trigrams that SQLite keeps by triggers.
///
/// Source: https://www.sqlite.org/fts5.html
struct TrigramIndex: Sendable {
    let subject: String
    let name: String
    /// Where its texts are, if it does not know them itself: a query of their numbers and texts.
    let texts: String?

    static let users = TrigramIndex(subject: "search index of users", name: "user_trigrams", texts: nil)
    static let events = TrigramIndex(
        subject: "search index of events",
        name: "event_trigrams",
        texts:
            "SELECT number, id || ' ' || action || ' ' || app || ' ' || actor || ' ' || COALESCE(client_ip, '') || ' ' || context FROM events"
    )

    /// SQL that makes it from its texts.
    var repair: String {
        guard let texts else { return "INSERT INTO \(name) (\(name)) VALUES ('rebuild')" }
        return "INSERT INTO \(name) (\(name)) VALUES ('delete-all'); INSERT INTO \(name) (rowid, text) \(texts)"
    }

    /// Whether it finds what is in its texts. Nothing can be written in the meantime.
    ///
    /// - Throws: ``StoreError`` of code `unreadable` if it is damaged.
    func matches(on connection: any DatabaseConnection) throws -> Bool {
        guard let texts else {
            try connection.execute("INSERT INTO \(name) (\(name), rank) VALUES ('integrity-check', 1)", [])
            return true
        }
        try connection.execute("INSERT INTO \(name) (\(name)) VALUES ('integrity-check')", [])
        return try matches(texts, on: connection)
    }

    /// SQLite cannot compare an index whose texts it does not know: a second one is made of them, and both must have the same trigrams,
    /// each in as many texts.
    private func matches(_ texts: String, on connection: any DatabaseConnection) throws -> Bool {
        let making = [
            """
            CREATE VIRTUAL TABLE temp.right_index
            USING fts5(text, content='', tokenize='trigram', detail='none', columnsize=0)
            """,
            "INSERT INTO temp.right_index (rowid, text) \(texts) ORDER BY number",
            "CREATE VIRTUAL TABLE temp.right_terms USING fts5vocab('temp', 'right_index', 'row')",
            "CREATE VIRTUAL TABLE temp.present_terms USING fts5vocab('main', '\(name)', 'row')",
        ]
        for statement in making { try connection.execute(statement, []) }
        let different = try connection.number(
            """
            SELECT COUNT(*) AS count FROM (SELECT term FROM (
                SELECT term, doc FROM temp.right_terms UNION ALL SELECT term, doc FROM temp.present_terms
            ) GROUP BY term, doc HAVING COUNT(*) <> 2)
            """
        )
        for table in ["present_terms", "right_terms", "right_index"] {
            try connection.execute("DROP TABLE temp.\(table)", [])
        }
        return different == 0
    }
}
