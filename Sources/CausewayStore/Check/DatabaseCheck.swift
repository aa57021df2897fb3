/// Looks for damage in a database. Nothing is changed, except by ``repairSearchTexts()``.
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
    private let isAlone: Bool

    /// - Parameter isAlone: whether nothing else uses the database, so that nothing has to wait.
    /// - Throws: ``StoreError`` if there is no database, or it cannot be opened.
    package init(of place: DatabasePlace, isAlone: Bool) async throws {
        (name, self.isAlone) = (place.name, isAlone)
        engine = try await place.existingEngine()
    }

    package func close() throws { try engine.close() }

    /// Looks at everything.
    ///
    /// - Throws: ``StoreError`` if the database cannot be read at all.
    package func findings() async throws -> [Finding] {
        let schema = try await engine.reading { try $0.schemaFindings() }
        guard schema.allSatisfy(\.isGood) else { return schema }
        let whole = try await wholeness()
        let stored = try await engine.reading { transaction in
            try transaction.engineFindings() + transaction.referenceFindings() + [transaction.searchTextFinding()]
                + transaction.counterFindings()
        }
        return schema + whole + stored + (await searchIndexes())
    }

    /// Only a file can be without its latest writes.
    private func wholeness() async throws -> [Finding] {
        guard engine.dialect == .sqlite else { return [] }
        // Otherwise it is the program that uses the file who cares for its mark.
        let file = isAlone ? engine : nil
        do { try await file?.requireWhole(name) } catch let error as StoreError where error.code == .incompleteCopy {
            return [Finding(subject: "completeness", isGood: false, sentence: error.message)]
        }
        let sentence = "The file needs no write-ahead log, or has it."
        return [Finding(subject: "completeness", isGood: true, sentence: sentence)]
    }

    /// SQLite compares indexes of trigrams with their texts only while nothing else can write.
    private func searchIndexes() async -> [Finding] {
        guard engine.dialect == .sqlite else {
            return [Finding(subject: "search indexes", isGood: true, sentence: "PostgreSQL maintains them.")]
        }
        guard isAlone else {
            let sentence = "They are not compared with their texts, because a server runs: others would have to wait."
            return [Finding(subject: "search indexes", isGood: true, sentence: sentence)]
        }
        return [await finding(TrigramIndex.users), await finding(TrigramIndex.events)]
    }

    private func finding(_ index: TrigramIndex) async -> Finding {
        let matches: Bool
        do {
            matches = try await engine.write { try index.matches(on: $0) }
        } catch let error as StoreError where error.code == .unreadable {
            matches = false
        } catch {
            return Finding(subject: index.subject, isGood: false, sentence: "It could not be checked: \(error)")
        }
        return Finding(
            subject: index.subject,
            isGood: matches,
            sentence: matches ? "It matches its texts." : "It does not match its texts. \(Self.repair(index.repair))"
        )
    }

    static func repair(_ sql: String) -> String {
        "Restore a backup, or stop the server, make a copy, and run this SQL: \(sql);"
    }

    /// Writes the search texts of all users that lack one or have a wrong one.
    ///
    /// - Returns: how many users.
    /// - Throws: ``StoreError`` if the database is no complete one of this program's version, or cannot be written.
    package func repairSearchTexts() async throws -> Int {
        let schema = try await engine.reading { try $0.schemaFindings() }
        if let bad = schema.first(where: { !$0.isGood }) { throw StoreError(.unsuitable, bad.sentence) }
        var (repaired, last) = (0, Int64(0))
        while true {
            let after = last
            let page = try await engine.writing { try $0.repairSearchTexts(after: after) }
            guard let end = page.last else { return repaired }
            (repaired, last) = (repaired + page.repaired, end)
        }
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
            let damage = try texts("SELECT integrity_check AS text FROM pragma_integrity_check(10)")
            return [
                finding("file", damage.filter { $0 != "ok" }, good: "SQLite finds no damage.") {
                    "SQLite reports: \($0.joined(separator: ", ")). Restore a backup."
                }
            ]
        case .postgreSQL:
            return [
                finding("constraints", try texts(Self.openConstraints), good: "The server enforces them all.") {
                    "Some are not validated. Run this SQL: \($0.joined(separator: "; "));"
                },
                finding("indexes", try texts(Self.invalidIndexes), good: "All are valid.") {
                    "Some are not valid. Run this SQL: \($0.joined(separator: "; "));"
                },
                finding("triggers", try texts(Self.disabledTriggers), good: "The server runs them all.") {
                    "References of some tables are not checked. Run this SQL: \($0.joined(separator: "; "));"
                },
            ]
        }
    }

    private func texts(_ sql: String) throws -> [String] { try all(sql) { try $0.text("text") } }

    /// Statements that validate constraints.
    private static let openConstraints = """
        SELECT 'ALTER TABLE ' || k.conrelid::regclass::text || ' VALIDATE CONSTRAINT ' || quote_ident(k.conname) AS text
        FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
        WHERE n.nspname = current_schema() AND NOT k.convalidated ORDER BY 1
        """

    /// Statements that build indexes.
    private static let invalidIndexes = """
        SELECT 'REINDEX INDEX ' || c.oid::regclass::text AS text
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND NOT i.indisvalid ORDER BY 1
        """

    /// Statements that enable what checks references.
    private static let disabledTriggers = """
        SELECT DISTINCT 'ALTER TABLE ' || c.oid::regclass::text || ' ENABLE TRIGGER ALL' AS text
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND t.tgisinternal AND t.tgenabled = 'D' ORDER BY 1
        """

    private func finding(_ subject: String, _ bad: [String], good: String, _ sentence: ([String]) -> String)
        -> DatabaseCheck.Finding
    {
        .init(subject: subject, isGood: bad.isEmpty, sentence: bad.isEmpty ? good : sentence(bad))
    }
}
