import Algorithms
import CLibpq

/// One connection to a server. One thread uses it at a time.
final class PostgreSQLSession {
    private let connection: OpaquePointer
    /// The statements that are prepared on this connection.
    private var prepared: [String: PreparedStatement] = [:]
    private var pipeline: PostgreSQLPipeline
    private var growth = TableGrowth()
    private var unread: PostgreSQLRows?
    /// What ended the present transaction, unless it was rolled back to a savepoint since.
    private var failure: PostgreSQLFailure?
    /// Why the present transaction cannot be committed.
    private var unmet: StoreError?
    /// What begins the present transaction, until it goes to the server together with the first statement.
    private var opening: String?
    /// Whether the end of the last transaction was sent, and its result has not been received.
    private var isEnding = false
    /// The process of the server that does the work, if a pooler is in between.
    private(set) var pooledProcess: Int64?

    private init(_ connection: OpaquePointer) {
        self.connection = connection
        pipeline = PostgreSQLPipeline(connection)
    }

    deinit { PQfinish(connection) }

    /// Connects.
    ///
    /// - Throws: ``StoreError`` that says what is wrong, without the password.
    static func connect(to address: PostgreSQLAddress) throws(StoreError) -> PostgreSQLSession {
        let session = PostgreSQLSession(try address.connect())
        do { try session.prepare() } catch let error as StoreError { throw error } catch {
            throw StoreError(.engine, "The database cannot be used: \(error)")
        }
        return session
    }

    private func prepare() throws {
        try requireSuitable()
        // Of this session, whatever those of the role and of the database are.
        try run(Self.settings.map { "SET \($0)" }.joined(separator: "; "))
        let process = try process()
        // A pooler invents a number for each of its clients.
        if process != Int64(PQbackendPID(connection)) { pooledProcess = process }
    }

    /// How long a statement waits for a lock, in seconds.
    private static let patience = 8
    /// A holder of the lock that has sent nothing for so long, in seconds, is cut off.
    private static let silence = 6

    private static let settings = [
        "client_min_messages = warning", "standard_conforming_strings = on", "bytea_output = hex",
        // Most statements find a few rows by an index, which is in memory.
        "random_page_cost = 1.1", "jit = off", "work_mem = '32MB'", "lock_timeout = '\(patience)s'",
        "statement_timeout = '10min'", "idle_in_transaction_session_timeout = '2min'",
        // Over a network: a program that is stopped takes no rows, and its machine answers for it.
        "tcp_user_timeout = '15s'",
    ]

    private func requireSuitable() throws {
        let version = PQserverVersion(connection) / 10_000
        guard version >= 13 else {
            throw StoreError(
                .unsuitable,
                "The database server is PostgreSQL \(version); Causeway needs version 13 or newer."
            )
        }
        let encoding = PQparameterStatus(connection, "server_encoding").map { String(cString: $0) } ?? ""
        guard encoding == "UTF8" else {
            throw StoreError(
                .unsuitable,
                "The database has the encoding \(encoding) and cannot store all characters; create one with the encoding UTF8."
            )
        }
    }

    /// The process of the server that does the work.
    func process() throws -> Int64 {
        var process: Int64 = 0
        try query("SELECT pg_backend_pid() AS process", []) { process = try $0.integer("process") }
        return process
    }

    /// Whether the database is Causeway's already.
    func hasInstallation() throws -> Bool {
        var found = false
        try query("SELECT to_regclass('installation') IS NOT NULL AS found", []) { found = try $0.bool("found") }
        return found
    }

    var isUsable: Bool { PQstatus(connection) == CONNECTION_OK && failure?.isLost != true }

    // MARK: Transactions

    /// Runs a closure that only reads, on one consistent state.
    ///
    /// - Throws: ``PostgreSQLInterruption`` if it may run again.
    func reading<Value>(_ body: () throws -> Value) throws -> Value {
        try ending {
            opening = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
            let value = try body()
            if opening.take() == nil { try sendEnd() }
            return value
        }
    }

    /// Ends a transaction that has changed nothing, without waiting for the result.
    private func sendEnd() throws {
        try makeReady()
        guard PQsendQuery(connection, "COMMIT") == 1 else { throw fail(PostgreSQLFailure(nil, on: connection)) }
        isEnding = true
    }

    private func receiveEnd() {
        guard isEnding else { return }
        isEnding = false
        while let result = PQgetResult(connection) { PQclear(result) }
    }

    /// Runs a closure that may write.
    ///
    /// - Parameter lock: what all that write wait for, so that this is the only transaction that does; nil to wait for none.
    /// - Throws: ``PostgreSQLInterruption`` if it may run again.
    func writing<Value>(lock: Int64?, _ body: () throws -> Value) throws -> PostgreSQLOutcome<Value> {
        do { return try writing(after: lock, body) } catch {
            if let lock, failure?.isOfWaiting == true { try? endSilentHolder(of: lock) }
            throw error
        }
    }

    private func writing<Value>(after lock: Int64?, _ body: () throws -> Value) throws -> PostgreSQLOutcome<Value> {
        try ending {
            let transaction = try beginWriting(after: lock)
            let value = try body()
            try settle()
            if let unmet { throw unmet }
            do { try run("COMMIT") } catch {
                guard failure?.isLost == true else { throw error }
                return PostgreSQLOutcome(value: value, uncertain: transaction)
            }
            describeGrowth()
            return PostgreSQLOutcome(value: value, uncertain: nil)
        }
    }

    /// Tells the server about tables that have grown by much. It would look by itself within a minute, and until then read whole tables
    /// for a row.
    private func describeGrowth() {
        for table in growth.takeGrown() { try? run("ANALYZE \(table)") }
    }

    /// A program that is stopped in the middle of a transaction keeps its locks, and its machine goes on to answer for it.
    private func endSilentHolder(of lock: Int64) throws {
        try query(
            """
            SELECT pg_terminate_backend(l.pid) AS ended FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND a.datname = current_database()
                AND (l.classid::bigint << 32) + l.objid::bigint = ? AND l.pid <> pg_backend_pid()
                AND a.wait_event = 'ClientRead'
                AND a.state_change < clock_timestamp() - interval '\(Self.silence) seconds'
            """,
            [.integer(lock)]
        ) { _ in }
    }

    /// Begins a transaction, and takes a lock until its end.
    ///
    /// - Returns: the transaction.
    private func beginWriting(after lock: Int64?) throws -> String {
        try makeReady()
        let waiting = lock.map { "pg_advisory_xact_lock(\($0)), " } ?? ""
        let sql = "BEGIN; SELECT \(waiting)pg_current_xact_id()::text AS id, pg_backend_pid() AS process"
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        try require(result)
        var (transaction, process, shown) = ("", Int64(0), ShownRow?.none)
        if let result {
            try Self.show(result, of: sql, in: &shown) {
                (transaction, process) = (try $0.text("id"), try $0.integer("process"))
            }
        }
        guard pooledProcess == nil || pooledProcess == process else { throw StoreError.transactionPooling }
        return transaction
    }

    /// Runs a transaction, and rolls it back if it throws.
    private func ending<Value>(_ body: () throws -> Value) throws -> Value {
        receiveEnd()
        (failure, unmet) = (nil, nil)
        do { return try body() } catch {
            let cause = failure
            try? settle()
            if opening.take() == nil { try? run("ROLLBACK") }
            if let cause, cause.isOfChangedTables { try forgetStatements() }
            (failure, unmet) = (cause, nil)
            guard let cause, cause.mayBeRepeated else { throw error }
            throw PostgreSQLInterruption(error: cause.storeError)
        }
    }

    /// Whether a transaction was committed.
    ///
    /// - Throws: ``PostgreSQLInterruption`` if it is still in progress.
    func isCommitted(_ transaction: String) throws -> Bool {
        var status: String?
        try query("SELECT pg_xact_status(?::xid8) AS status", [.text(transaction)]) {
            status = try $0.text(orNil: "status")
        }
        if status == "in progress" { throw PostgreSQLInterruption(error: .lostConnection) }
        return status == "committed"
    }

    // MARK: Statements

    /// Runs statements without arguments or rows.
    private func run(_ sql: String) throws {
        try makeReady()
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        try require(result)
        // A transaction in which a statement has failed is rolled back, whatever is asked for.
        guard sql != "COMMIT" || String(cString: PQcmdStatus(result)) == sql else {
            throw StoreError(.engine, "The transaction was rolled back, because one of its statements failed.")
        }
    }

    /// Sends a statement. If it fails, a later one says so, at the latest the commit.
    func execute(_ sql: String, _ values: [SQLValue]) throws {
        unread?.fetchRest()
        let statement = try prepared(sql)
        try begin()
        try send(statement, values, for: .change(table: statement.table))
        if pipeline.isFull { try settle() }
    }

    /// Sends a query that must find a row. If it finds none, a later statement says so, at the latest the commit.
    func require(_ sql: String, _ values: [SQLValue], orThrow error: StoreError) throws {
        unread?.fetchRest()
        let statement = try prepared(sql)
        try begin()
        try send(statement, values, for: .requirement(error))
    }

    private func send(
        _ statement: PreparedStatement,
        _ values: [SQLValue],
        for purpose: PostgreSQLPipeline.Purpose
    ) throws {
        do { try pipeline.send(statement, values, for: purpose) } catch { throw fail(error) }
    }

    /// - Returns: how many rows it changed.
    func executeAndCount(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try makeReady()
        let statement = try prepared(sql)
        let result = PostgreSQLArguments(values).with { count, values, lengths, formats in
            PQexecPrepared(connection, statement.name, count, values, lengths, formats, 0)
        }
        defer { PQclear(result) }
        try require(result)
        let changed = Self.changes(of: result)
        if let table = statement.table { growth.note(changed, in: table) }
        return changed
    }

    static func changes(of result: OpaquePointer?) -> Int {
        PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    /// Waits until everything that was sent is done.
    func settle() throws {
        guard pipeline.isOpen else { return }
        _ = try results()
    }

    /// Waits until everything that was sent is done.
    ///
    /// - Returns: the results of each query among it.
    private func results() throws -> [[PostgreSQLResult]] {
        let settled: (results: [[PostgreSQLResult]], unmet: StoreError?)
        do { settled = try pipeline.settle { growth.note($0, in: $1) } } catch { throw fail(error) }
        try requireMet(settled.unmet)
        return settled.results
    }

    private func requireMet(_ found: StoreError?) throws {
        failure = nil
        unmet = unmet ?? found
        if let found { throw found }
    }

    /// Sends what begins the transaction, unless that is done.
    private func begin() throws {
        guard let sql = opening.take() else { return }
        do { try pipeline.send(sql) } catch { throw fail(error) }
    }

    /// Receives what is left of other statements.
    private func makeReady() throws {
        receiveEnd()
        unread?.fetchRest()
        try begin()
        try settle()
    }

    private func require(_ result: OpaquePointer?) throws {
        guard Self.isDone(result) else { throw fail(PostgreSQLFailure(result, on: connection)) }
        failure = nil
    }

    /// Whether a statement succeeded; false without a result.
    static func isDone(_ result: OpaquePointer?) -> Bool {
        [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result))
    }

    func query(_ sql: String, _ values: [SQLValue], visit: (SQLRow) throws -> Void) throws {
        receiveEnd()
        unread?.fetchRest()
        let statement = try prepared(sql)
        try begin()
        let rows = try pipeline.isOpen ? rowsAfterSent(statement, values) : rows(statement, values)
        unread = rows
        defer {
            rows.end()
            if unread === rows { unread = nil }
        }
        try visitAll(rows, of: sql, visit)
    }

    private func rows(_ statement: PreparedStatement, _ values: [SQLValue]) throws -> PostgreSQLRows {
        let isSent = PostgreSQLArguments(values).with { count, values, lengths, formats in
            PQsendQueryPrepared(connection, statement.name, count, values, lengths, formats, 0)
        }
        guard isSent == 1 else { throw fail(PostgreSQLFailure(nil, on: connection)) }
        PQsetSingleRowMode(connection)
        return PostgreSQLRows(connection, isInPipeline: false)
    }

    /// The rows of a query that goes to the server together with what was sent before.
    private func rowsAfterSent(_ statement: PreparedStatement, _ values: [SQLValue]) throws -> PostgreSQLRows {
        let found: StoreError?
        do { found = try pipeline.settle(with: statement, values) { growth.note($0, in: $1) } } catch {
            throw fail(error)
        }
        try requireMet(found)
        return PostgreSQLRows(connection, isInPipeline: true)
    }

    func queryAll(_ statements: [SQLStatement], visit: (Int, SQLRow) throws -> Void) throws {
        unread?.fetchRest()
        let own = try prepared(statements)
        try begin()
        var shown: [String: ShownRow] = [:]
        for page in statements.indices.chunks(ofCount: PostgreSQLPipeline.most) {
            for position in page {
                guard let statement = own[statements[position].sql] else { continue }
                try send(statement, statements[position].arguments, for: .rows(table: statement.table))
            }
            for (position, results) in zip(page, try results()) {
                let sql = statements[position].sql
                for result in results {
                    try Self.show(result.pointer, of: sql, in: &shown[sql]) { try visit(position, $0) }
                }
            }
        }
    }

    /// All of them are prepared before one is sent: to prepare one, everything that was sent must be received.
    private func prepared(_ statements: [SQLStatement]) throws -> [String: PreparedStatement] {
        let texts = Set(statements.map(\.sql))
        if prepared.count + texts.count > Self.mostPrepared { try forgetStatements() }
        return try Dictionary(uniqueKeysWithValues: texts.map { ($0, try prepared($0)) })
    }

    /// The row that is being visited, and its fields.
    private typealias ShownRow = (fields: PostgreSQLFields, row: SQLRow)

    /// Visits the rows of a result.
    private static func show(
        _ result: OpaquePointer,
        of sql: String,
        in shown: inout ShownRow?,
        _ visit: (SQLRow) throws -> Void
    ) throws {
        let (fields, row) = shown ?? shownRow(result, of: sql)
        shown = (fields, row)
        for number in 0..<PQntuples(result) {
            fields.show(number, of: result)
            try visit(row)
        }
    }

    private static func shownRow(_ result: OpaquePointer, of sql: String) -> ShownRow {
        let fields = PostgreSQLFields(columnsOf: result)
        return (fields, SQLRow(ResultColumns(of: sql, PostgreSQLFields.names(of: result)), fields))
    }

    private func visitAll(_ rows: PostgreSQLRows, of sql: String, _ visit: (SQLRow) throws -> Void) throws {
        var shown: ShownRow?
        while let result = try next(rows) {
            defer { PQclear(result) }
            try Self.show(result, of: sql, in: &shown, visit)
        }
    }

    private func next(_ rows: PostgreSQLRows) throws -> OpaquePointer? {
        do { return try rows.next() } catch { throw fail(error) }
    }

    // MARK: Prepared statements

    /// Lists of different lengths and the like make many statements; the server keeps each of them.
    private static let mostPrepared = 1000

    /// Call it before each of them: what was not met ends all that come after it.
    private func prepared(_ sql: String) throws -> PreparedStatement {
        if let unmet { throw unmet }
        if let known = prepared[sql] { return known }
        try settle()
        if prepared.count >= Self.mostPrepared { try forgetStatements() }
        let own = PostgreSQLStatement(sql)
        let statement = PreparedStatement(name: "s\(prepared.count)", table: own.changedTable)
        let result = PQprepare(connection, statement.name, own.sql, 0, nil)
        defer { PQclear(result) }
        try require(result)
        prepared[sql] = statement
        return statement
    }

    private func forgetStatements() throws {
        prepared = [:]
        try run("DEALLOCATE ALL")
    }

    private func fail(_ failure: PostgreSQLFailure) -> StoreError {
        self.failure = failure
        return failure.storeError
    }
}

struct PreparedStatement {
    /// Its name on the connection.
    let name: String
    /// The table that it changes.
    let table: String?
}
