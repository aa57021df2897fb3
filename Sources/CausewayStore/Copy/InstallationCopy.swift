import CausewayModel
import Synchronization

/// Copies an installation from one database to another, of any engine.
///
/// Rows are read in the order of their keys and written in batches, so an interrupted copy goes on after the last row that is there.
/// At the end, counts and checksums of both sides are compared.
package struct InstallationCopy: Sendable {
    private let source: any DatabaseEngine
    private let target: any DatabaseEngine
    private let sourceName: String
    private let targetName: String

    /// What a copy is doing.
    package struct Progress: Sendable {
        package enum Step: Sendable { case copying, verifying }

        package let step: Step
        /// Rows of all tables.
        package let done: Int
        package let total: Int
    }

    package struct Outcome: Sendable {
        /// Of every table, by name.
        package let sums: [TableSum]
        /// Whether the target was complete before.
        package let wasComplete: Bool
    }

    /// Opens both databases.
    ///
    /// - Throws: ``StoreError`` if one of them cannot be opened, or the source is in use or incomplete.
    package init(from source: DatabasePlace, to target: DatabasePlace) async throws {
        guard source.name != target.name else {
            throw StoreError(.unsuitable, "Source and target are the same database: \(source.name).")
        }
        (sourceName, targetName) = (source.name, target.name)
        self.source = try await source.existingEngine()
        do {
            try await Self.requireSource(self.source, sourceName)
            self.target = try await target.engine()
        } catch {
            try? self.source.close()
            throw error
        }
        // Otherwise SQLite's write-ahead log would grow with everything that is copied.
        (self.target as? SQLiteEngine)?.keepMark()
    }

    package func close() throws {
        try? source.close()
        try target.close()
    }

    /// Copies what is not copied yet, and verifies all of it.
    ///
    /// - Throws: ``StoreError`` if the target contains something else, or differs at the end; `CancellationError`.
    package func run(progress: @escaping @Sendable (Progress) -> Void) async throws -> Outcome {
        let (installation, tables) = try await source.reading { transaction in
            (try transaction.presentInstallation() ?? "", try transaction.copiedTables())
        }
        if try await isComplete(installation) {
            let sums = try await verified(tables, progress) { differing in
                "\(targetName) contains this installation already, but with other rows than \(sourceName) (\(differing)). Nothing was "
                    + "copied; name an empty database."
            }
            return Outcome(sums: sums, wasComplete: true)
        }
        try await begin(installation, tables)
        let order = CopyOrder(tables)
        try await copy(order, progress)
        let counters = try await counters(of: tables)
        try await target.writing { try $0.goOnCounting(counters) }
        let sums = try await verified(tables, progress) { differing in
            "The copy differs from \(sourceName): \(differing). The source has changed since the copy began, or the copy was changed. "
                + "Stop every server that uses one of them, and copy into an empty database."
        }
        try await target.writing { transaction in
            try transaction.endCopy()
            if transaction.connection.dialect == .postgreSQL { try transaction.indexTrigrams() }
        }
        return Outcome(sums: sums, wasComplete: false)
    }
}

// MARK: Before

extension InstallationCopy {
    private static func requireSource(_ engine: any DatabaseEngine, _ name: String) async throws {
        try await engine.reading { transaction in
            try transaction.requireNoUnfinishedCopy()
            guard try transaction.presentInstallation() != nil else {
                throw StoreError(.notFound, "There is no installation of Causeway in \(name).")
            }
            let (present, newest) = (try transaction.schemaVersion(), Migration.all.last?.version ?? 0)
            guard present == newest else {
                throw StoreError(
                    .unsuitable,
                    "The schema of \(name) has version \(present), and this program copies version \(newest): "
                        + (present < newest
                            ? "bring it up to date with 'causeway diagnose'." : "start a newer program.")
                )
            }
            if (engine as? SQLiteEngine)?.wasAlone == true { try transaction.requireWhole(name, isAccepted: false) }
        }
        if engine.dialect == .postgreSQL { try await requireUnused(engine, name) }
    }

    /// Waits for a moment, since programs that have ended may still be there.
    private static func requireUnused(_ engine: any DatabaseEngine, _ name: String) async throws {
        let writer = try await engine.write { try $0.number("SELECT pg_backend_pid() AS process") }
        for _ in 1...20 {
            let others = try await engine.read {
                try $0.number(
                    """
                    SELECT COUNT(*) AS count FROM pg_stat_activity WHERE datname = current_database()
                        AND application_name = 'causeway' AND pid NOT IN (pg_backend_pid(), \(writer))
                    """
                )
            }
            if others == 0 { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw StoreError(.locked, "Another program of Causeway uses \(name); stop it first.")
    }

    /// Whether the target contains the whole installation.
    ///
    /// - Throws: ``StoreError`` if it contains something else.
    private func isComplete(_ installation: String) async throws -> Bool {
        try await target.reading { transaction in
            if transaction.connection.dialect == .postgreSQL { try transaction.requireOwnDatabase() }
            if let copied = try transaction.unfinishedCopy() {
                guard copied == installation else {
                    throw StoreError(
                        .unsuitable,
                        "\(targetName) contains an unfinished copy of another installation; name an empty database."
                    )
                }
                return false
            }
            guard let present = try transaction.presentInstallation() else {
                guard try transaction.connection.tables().isEmpty else {
                    throw StoreError(.unsuitable, "\(targetName) contains something else; name an empty database.")
                }
                return false
            }
            guard present == installation else {
                throw StoreError(
                    .unsuitable,
                    "\(targetName) contains another installation; name an empty database."
                )
            }
            return true
        }
    }

    /// Makes the schema, unless an interrupted copy has made it.
    private func begin(_ installation: String, _ tables: [TableShape]) async throws {
        try await target.writing { transaction in
            if try transaction.unfinishedCopy() == nil {
                try transaction.migrate(Migration.all)
                try transaction.beginCopy(of: installation)
                for table in CopyOrder(tables).steps.reversed() { try transaction.execute(table.table.deletion) }
            }
            let (mine, theirs) = (try transaction.copiedTables(), tables)
            guard mine.map(\.name) == theirs.map(\.name), mine.map(\.columns) == theirs.map(\.columns) else {
                throw StoreError(
                    .unsuitable,
                    "\(sourceName) and \(targetName) have different tables; use the program that began the copy."
                )
            }
        }
    }
}

extension Transaction {
    /// All tables of an installation, by name.
    fileprivate func copiedTables() throws -> [TableShape] {
        try connection.tables().filter { !Self.uncopied.contains($0.name) }
    }

    /// Makes the engine count on where another one was.
    ///
    /// - Parameter counters: the last numbers of tables.
    fileprivate func goOnCounting(_ counters: [(table: TableShape, value: Int64)]) throws {
        for (table, value) in counters where value > 0 {
            for statement in connection.dialect.settingIdentity(of: table.name, table.key[0], to: value) {
                try execute(statement)
            }
        }
    }
}

// MARK: Rows

extension InstallationCopy {
    private func copy(_ order: CopyOrder, _ progress: @escaping @Sendable (Progress) -> Void) async throws {
        let tables = order.steps.map(\.table)
        let total = try await rows(of: tables, in: source)
        let count = RowCount(.copying, from: try await rows(of: tables, in: target), of: total, progress)
        for step in order.steps { try await copy(step, count) }
        for step in order.steps where !step.late.isEmpty { try await setLate(step) }
    }

    private func rows(of tables: [TableShape], in engine: any DatabaseEngine) async throws -> Int {
        try await engine.read { connection in try tables.reduce(0) { $0 + Int(try connection.number($1.count)) } }
    }

    /// Reads the next rows while the last ones are being written.
    private func copy(_ step: CopyOrder.Step, _ count: RowCount) async throws {
        var before = try await target.read { try $0.lastKey(of: step.table) }
        var page = try await page(of: step.table, after: before, limit: RowPage.firstLimit)
        while let last = page.lastKey {
            try Task.checkCancellation()
            let (present, limit) = (page.without(step.late), page.nextLimit)
            async let next = self.page(of: step.table, after: last, limit: limit)
            try await write(present, after: before)
            count.add(present.count)
            (before, page) = (last, try await next)
        }
    }

    private func page(of table: TableShape, after key: [SQLValue]?, limit: Int) async throws -> RowPage {
        try await source.read { try $0.page(of: table, after: key, limit: limit) }
    }

    private func write(_ page: RowPage, after key: [SQLValue]?) async throws {
        try await target.write { connection in
            guard try connection.lastKey(of: page.table) == key else {
                throw StoreError(
                    .locked,
                    "Something else writes to \(targetName), such as another copy; stop it first."
                )
            }
            try connection.insert(page)
        }
    }

    /// Sets columns whose rows were not there yet.
    private func setLate(_ step: CopyOrder.Step) async throws {
        var page = try await page(of: step.table, after: nil, limit: RowPage.firstLimit)
        while let last = page.lastKey {
            let (changes, update) = (page.parts(step.late), step.table.update(of: step.late))
            try await target.write { connection in
                for change in changes { try connection.execute(update, change) }
            }
            page = try await self.page(of: step.table, after: last, limit: page.nextLimit)
        }
    }

    /// The last number that each table of the source has given.
    private func counters(of tables: [TableShape]) async throws -> [(table: TableShape, value: Int64)] {
        try await source.read { connection in
            try tables.filter(\.isCounted).map {
                ($0, try connection.number(connection.dialect.lastIdentity(of: $0.name, $0.key[0])))
            }
        }
    }
}

// MARK: After

extension InstallationCopy {
    /// Compares both sides.
    ///
    /// - Parameter sentence: makes an error of the tables that differ.
    private func verified(
        _ tables: [TableShape],
        _ progress: @escaping @Sendable (Progress) -> Void,
        orSay sentence: (String) -> String
    ) async throws -> [TableSum] {
        let total = try await rows(of: tables, in: source) + rows(of: tables, in: target)
        let count = RowCount(.verifying, from: 0, of: total, progress)
        var (sums, differing) = ([TableSum](), [String]())
        for table in tables {
            try Task.checkCancellation()
            async let mine = sum(of: table, in: source, count)
            async let theirs = sum(of: table, in: target, count)
            let (before, after) = (try await mine, try await theirs)
            sums.append(before)
            if before != after { differing.append(Self.difference(before, after)) }
        }
        guard differing.isEmpty else { throw StoreError(.unreadable, sentence(differing.joined(separator: "; "))) }
        return sums
    }

    private static func difference(_ before: TableSum, _ after: TableSum) -> String {
        before.rows == after.rows
            ? "the table '\(before.table)' has other values"
            : "the table '\(before.table)' has \(after.rows) rows instead of \(before.rows)"
    }

    private func sum(of table: TableShape, in engine: any DatabaseEngine, _ count: RowCount) async throws -> TableSum {
        try await engine.read { try $0.sum(of: table) { count.add($0) } }
    }
}

/// Counts rows for the progress.
private final class RowCount: Sendable {
    private let step: InstallationCopy.Progress.Step
    private let total: Int
    private let done: Mutex<Int>
    private let progress: @Sendable (InstallationCopy.Progress) -> Void

    init(
        _ step: InstallationCopy.Progress.Step,
        from done: Int,
        of total: Int,
        _ progress: @escaping @Sendable (InstallationCopy.Progress) -> Void
    ) {
        (self.step, self.total, self.progress) = (step, total, progress)
        self.done = Mutex(done)
    }

    func add(_ rows: Int) {
        let now = done.withLock { done in
            done += rows
            return done
        }
        progress(InstallationCopy.Progress(step: step, done: now, total: total))
    }
}
