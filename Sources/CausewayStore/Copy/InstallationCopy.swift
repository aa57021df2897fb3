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
    /// Keeps the source as it is.
    private let barrier: WriteBarrier
    private let installation: String
    private let tables: [TableShape]

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

    /// Opens both databases, and keeps all others from writing to the source until ``close()``.
    ///
    /// - Throws: ``StoreError`` if one of them cannot be opened, both are the same, or the source is in use or incomplete.
    package init(from source: DatabasePlace, to target: DatabasePlace) async throws {
        try Self.requireDifferent(source, target)
        (sourceName, targetName) = (source.name, target.name)
        self.source = try await source.existingEngine()
        var barrier: WriteBarrier?
        do {
            try await Self.requireSource(self.source, sourceName)
            tables = try await self.source.reading { try $0.copiedTables() }
            let opened = try await WriteBarrier(on: source, tables)
            barrier = opened
            self.barrier = opened
            let (installation, present) = try await self.source.reading { transaction in
                (try transaction.presentInstallation() ?? "", try transaction.copiedTables())
            }
            guard present == tables else {
                throw StoreError(.locked, "The schema of \(sourceName) has just changed; run the same command again.")
            }
            self.installation = installation
            self.target = try await Self.open(target, differentFrom: self.source)
        } catch {
            barrier?.close()
            try? self.source.close()
            throw error
        }
    }

    package func close() throws {
        barrier.close()
        try? source.close()
        try target.close()
    }

    /// Copies what is not copied yet, and verifies all of it.
    ///
    /// - Throws: ``StoreError`` if the target contains something else, or differs at the end; `CancellationError`.
    package func run(progress: @escaping @Sendable (Progress) -> Void) async throws -> Outcome {
        if try await begin() {
            let sums = try await verified(progress) { differing in
                "\(targetName) contains this installation already, but with other rows than \(sourceName) (\(differing)). Nothing was "
                    + "copied; name an empty database."
            }
            return Outcome(sums: sums, wasComplete: true)
        }
        // Otherwise SQLite's write-ahead log would grow with everything that is copied.
        (target as? SQLiteEngine)?.keepMark()
        let order = CopyOrder(tables)
        try await copy(order, progress)
        let counters = try await counters()
        try await target.writing { try $0.goOnCounting(counters) }
        let sums = try await verified(progress) { differing in
            "The copy differs from \(sourceName): \(differing). \(Self.change)"
        }
        try await target.writing { transaction in
            try transaction.endCopy()
            guard transaction.connection.dialect == .postgreSQL else { return }
            // An index of a large directory takes longer than other statements may.
            try transaction.execute("SET LOCAL statement_timeout = 0")
            try transaction.addOwnIndexes()
        }
        return Outcome(sums: sums, wasComplete: false)
    }

    private static let change =
        "The source has changed since an earlier attempt, or the copy was changed. Stop what uses them, and copy into an empty database."
}

// MARK: Before

extension InstallationCopy {
    /// Makes sure that two names are not the same file.
    ///
    /// - Throws: ``StoreError`` of code `unsuitable`.
    package static func requireDifferent(_ source: DatabasePlace, _ target: DatabasePlace) throws(StoreError) {
        if case (.file(let one), .file(let other)) = (source, target), let identity = FileStatus(of: one)?.identity,
            identity == FileStatus(of: other)?.identity
        {
            throw same(source.name, target.name)
        }
        guard source.name != target.name else { throw same(source.name, target.name) }
    }

    private static func same(_ source: String, _ target: String) -> StoreError {
        StoreError(
            .unsuitable,
            source == target
                ? "Source and target are the same database: \(source)."
                : "Source and target are the same database under two names: \(source) and \(target)."
        )
    }

    /// A server can have several names.
    private static func open(_ target: DatabasePlace, differentFrom source: any DatabaseEngine) async throws
        -> any DatabaseEngine
    {
        let engine = try await target.engine()
        do {
            if let mine = try await source.identity(), try await engine.identity() == mine {
                throw StoreError(
                    .unsuitable,
                    "Source and target are the same database, also known as \(target.name)."
                )
            }
            return engine
        } catch {
            try? engine.close()
            throw error
        }
    }

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
        }
        try await engine.requireWhole(name)
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

    /// Makes the schema, unless an interrupted copy has made it. All in one transaction, so that nothing comes between.
    ///
    /// - Returns: whether the target contains the whole installation already.
    /// - Throws: ``StoreError`` if it contains something else, which stays as it is.
    func begin() async throws -> Bool {
        let isComplete = try await target.writing { transaction in
            if transaction.connection.dialect == .postgreSQL { try transaction.requireOwnDatabase() }
            let hasAll = try hasAll(transaction)
            guard try transaction.copiedTables().map(\.columns) == tables.map(\.columns) else {
                throw StoreError(
                    .unsuitable,
                    "\(sourceName) and \(targetName) have different tables; use the program that began the copy."
                )
            }
            return hasAll
        }
        if isComplete { try await target.requireWhole(targetName) }
        return isComplete
    }

    private func hasAll(_ transaction: Transaction) throws -> Bool {
        if let copied = try transaction.unfinishedCopy() {
            guard copied == installation else { throw unsuitable("an unfinished copy of another installation") }
            return false
        }
        if let present = try transaction.presentInstallation() {
            guard present == installation else { throw unsuitable("another installation") }
            return true
        }
        guard try transaction.connection.tables().isEmpty else { throw unsuitable("something else") }
        try transaction.migrate(Migration.all)
        try transaction.beginCopy(of: installation)
        for step in CopyOrder(tables).steps.reversed() { try transaction.execute(step.table.deletion) }
        return false
    }

    private func unsuitable(_ content: String) -> StoreError {
        StoreError(.unsuitable, "\(targetName) contains \(content); name an empty database.")
    }
}

extension Transaction {
    /// All tables of an installation, by name. Whether a file is whole is not copied: that is of the file, and a copy is whole.
    func copiedTables() throws -> [TableShape] {
        try connection.tables().filter { !Self.uncopied.contains($0.name) }.map { table in
            table.name == "installation" ? table.without("is_whole") : table
        }
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
        try await writing(to: page.table) { connection in
            guard try connection.lastKey(of: page.table) == key else {
                throw StoreError(
                    .locked,
                    "Something else writes to \(targetName), such as another copy; stop it first."
                )
            }
            try connection.insert(page)
        }
    }

    /// Rows that were copied by an earlier attempt may not go with those that are in the source now.
    private func writing(to table: TableShape, _ body: @Sendable (any DatabaseConnection) throws -> Void) async throws {
        do { try await target.write(body) } catch let error as StoreError where error.code == .conflict {
            throw StoreError(
                .conflict,
                "Rows of the table '\(table.name)' cannot be added to \(targetName): \(error.message) \(Self.change)"
            )
        }
    }

    /// Sets columns whose rows were not there yet.
    private func setLate(_ step: CopyOrder.Step) async throws {
        var page = try await page(of: step.table, after: nil, limit: RowPage.firstLimit)
        while let last = page.lastKey {
            let (changes, update) = (page.parts(step.late), step.table.update(of: step.late))
            try await writing(to: step.table) { connection in
                for change in changes { try connection.execute(update, change) }
            }
            page = try await self.page(of: step.table, after: last, limit: page.nextLimit)
        }
    }

    /// The last number that each table of the source has given.
    private func counters() async throws -> [(table: TableShape, value: Int64)] {
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
        try await barrier.requireHeld()
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
