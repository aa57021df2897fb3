extension Transaction {
    /// Makes sure that a database without Causeway's tables has no others: they belong to another program.
    ///
    /// - Throws: ``StoreError`` of code `unsuitable`.
    func requireOwnDatabase() throws {
        guard try exists("SELECT 1 WHERE current_schema() IS NOT NULL") else {
            throw StoreError(
                .unsuitable,
                "The database has no schema for Causeway: create one that is in the user's search_path, or allow its use."
            )
        }
        guard try !exists("SELECT 1 WHERE to_regclass('installation') IS NOT NULL") else { return }
        let other = try first(
            """
            SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
                AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            ORDER BY c.relname LIMIT 1
            """
        ) { try $0.text("name") }
        guard let other else { return }
        throw StoreError(
            .unsuitable,
            "The database contains something else: the table '\(other)' is not Causeway's. Create a database for Causeway alone."
        )
    }

    /// Adds the indexes that only PostgreSQL needs.
    func addOwnIndexes() throws {
        // Each index of SQLite ends with the key of its row, so that long lists need no rows before the page that is shown.
        try execute("CREATE INDEX IF NOT EXISTS users_by_username_and_id ON users (username, id)")
        try execute("CREATE INDEX IF NOT EXISTS users_by_email_and_id ON users (email_folded, id)")
        try indexTrigrams()
    }

    /// Adds indexes of trigrams for searches, if the server can have them; without them, searches read whole tables.
    private func indexTrigrams() throws {
        let missing = try Self.trigramIndexes.filter { index in
            try !exists("SELECT 1 WHERE to_regclass(?) IS NOT NULL", .text(index.name))
        }
        guard !missing.isEmpty, let schema = try trigramSchema() else { return }
        for index in missing {
            try execute("CREATE INDEX \(index.name) ON \(index.table) USING gin (\(index.text) \(schema).gin_trgm_ops)")
        }
    }

    private static let trigramIndexes = [
        (name: "user_search_trigrams", table: "user_search", text: "text"),
        (name: "event_search_trigrams", table: "events", text: "(\(SQLDialect.searchedEventText))"),
    ]

    /// Where the extension is; nil if the server does not have it, or this user may not install it.
    private func trigramSchema() throws -> String? {
        _ = try? attempt { try execute("CREATE EXTENSION IF NOT EXISTS pg_trgm") }
        return try first(
            """
            SELECT quote_ident(n.nspname) AS name FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
            WHERE e.extname = 'pg_trgm'
            """
        ) { try $0.text("name") }
    }
}
