/// Looks for damage in a database. Nothing is changed.
package struct DatabaseCheck: Sendable {
    package struct Finding: Sendable, Equatable {
        /// What was looked at.
        package let subject: String
        package let isGood: Bool
        /// What was found, and what to do about it.
        package let sentence: String
    }

    private let engine: any DatabaseEngine
    private let name: String

    /// - Throws: ``StoreError`` if there is no database, or it cannot be opened.
    package init(of place: DatabasePlace) async throws {
        name = place.name
        engine = try await place.existingEngine()
    }

    package func close() throws { try engine.close() }

    /// Looks at everything.
    ///
    /// - Throws: ``StoreError`` if the database cannot be read at all.
    package func findings() async throws -> [Finding] {
        let schema = try await engine.reading { try $0.schemaFindings() }
        guard schema.allSatisfy(\.isGood) else { return schema }
        let stored = try await engine.reading { transaction in
            try transaction.engineFindings() + RowRule.all.map { try transaction.finding($0) }
                + transaction.counterFindings()
        }
        return schema + stored + [await searchIndex()]
    }

    /// SQLite compares an index of trigrams with its texts when it is told to.
    private func searchIndex() async -> Finding {
        let subject = "search index"
        guard engine.dialect == .sqlite else {
            return Finding(subject: subject, isGood: true, sentence: "PostgreSQL maintains it.")
        }
        do {
            try await engine.writing { transaction in
                try transaction.execute("INSERT INTO user_trigrams (user_trigrams, rank) VALUES ('integrity-check', 1)")
            }
            return Finding(subject: subject, isGood: true, sentence: "It matches all users.")
        } catch let error as StoreError where error.code != .unreadable {
            return Finding(subject: subject, isGood: false, sentence: "It could not be checked: \(error)")
        } catch {
            let repair = Self.repair("INSERT INTO user_trigrams (user_trigrams) VALUES ('rebuild')")
            return Finding(
                subject: subject,
                isGood: false,
                sentence: "It does not match the users. \(repair)"
            )
        }
    }

    fileprivate static func repair(_ sql: String) -> String {
        "Restore a backup, or stop the server, make a copy, and run this SQL: \(sql);"
    }
}

extension Transaction {
    /// Whether this program can work with the database at all.
    fileprivate func schemaFindings() throws -> [DatabaseCheck.Finding] {
        if try unfinishedCopy() != nil {
            return [
                .init(
                    subject: "schema",
                    isGood: false,
                    sentence:
                        "The database contains an unfinished copy; finish it with 'causeway database copy FROM TO'."
                )
            ]
        }
        guard try presentInstallation() != nil else {
            return [
                .init(subject: "schema", isGood: false, sentence: "The database contains no installation of Causeway.")
            ]
        }
        let (present, newest) = (try schemaVersion(), Migration.all.last?.version ?? 0)
        guard present == newest else {
            let remedy = present < newest ? "'causeway diagnose' brings it up to date." : "Start a newer program."
            let sentence = "It has version \(present), and this program has version \(newest). \(remedy)"
            return [.init(subject: "schema", isGood: false, sentence: sentence)]
        }
        return [.init(subject: "schema", isGood: true, sentence: "It has version \(present), as this program does.")]
    }

    /// What the engine itself finds.
    fileprivate func engineFindings() throws -> [DatabaseCheck.Finding] {
        switch connection.dialect {
        case .sqlite:
            let damage = try all("SELECT integrity_check AS text FROM pragma_integrity_check(10)") {
                try $0.text("text")
            }
            .filter { $0 != "ok" }
            let strays = try all("SELECT DISTINCT \"table\" AS name FROM pragma_foreign_key_check") {
                try $0.text("name")
            }
            return [
                finding("file", damage, good: "SQLite finds no damage.") { "SQLite reports: \($0). Restore a backup." },
                finding("references", strays.sorted(), good: "Every row refers to rows that exist.") {
                    "Rows refer to rows that do not exist, in these tables: \($0). Restore a backup, or follow the lines below."
                },
            ]
        case .postgreSQL:
            let open = try all("SELECT conname::text AS name FROM pg_constraint WHERE NOT convalidated ORDER BY 1") {
                try $0.text("name")
            }
            let invalid = try all(
                """
                SELECT c.relname::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                WHERE NOT i.indisvalid ORDER BY 1
                """
            ) { try $0.text("name") }
            let disabled = try all(
                """
                SELECT DISTINCT c.relname::text AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = current_schema() AND t.tgisinternal AND t.tgenabled = 'D' ORDER BY 1
                """
            ) { try $0.text("name") }
            return [
                finding("constraints", open, good: "The server enforces them all.") {
                    "These are not validated: \($0). Run: ALTER TABLE … VALIDATE CONSTRAINT …"
                },
                finding("indexes", invalid, good: "All are valid.") {
                    "These are not valid: \($0). Run: REINDEX INDEX …"
                },
                finding("references", disabled, good: "The server checks them all.") {
                    "They are not checked in these tables: \($0). Run: ALTER TABLE … ENABLE TRIGGER ALL"
                },
            ]
        }
    }

    private func finding(_ subject: String, _ bad: [String], good: String, _ sentence: (String) -> String)
        -> DatabaseCheck.Finding
    {
        .init(
            subject: subject,
            isGood: bad.isEmpty,
            sentence: bad.isEmpty ? good : sentence(bad.joined(separator: ", "))
        )
    }

    fileprivate func finding(_ rule: RowRule) throws -> DatabaseCheck.Finding {
        let count = try count("SELECT COUNT(*) AS count FROM \(rule.table) WHERE \(rule.condition)")
        guard count > 0 else { return .init(subject: rule.subject, isGood: true, sentence: rule.good) }
        return .init(
            subject: rule.subject,
            isGood: false,
            sentence: "\(rule.bad): \(count). \(DatabaseCheck.repair(rule.repair))"
        )
    }
}

// MARK: Counters

extension Transaction {
    /// Numbers that the program and the engine count up must be at the last row, or the next row would take an existing number.
    fileprivate func counterFindings() throws -> [DatabaseCheck.Finding] {
        let own = try [("users", "id"), ("providers", "id"), ("events", "number")].map { table, column in
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
