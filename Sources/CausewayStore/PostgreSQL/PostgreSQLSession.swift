import CLibpq

/// One connection to a server. One thread uses it at a time.
final class PostgreSQLSession {
    private let connection: OpaquePointer
    /// The names under which statements are prepared on this connection.
    private var prepared: [String: String] = [:]
    private var unread: PostgreSQLRows?
    /// The columns of unique constraints, by the names of those.
    private var columns: [String: [String]] = [:]
    /// What ended the present transaction.
    private(set) var failure: PostgreSQLFailure?

    /// Connects.
    ///
    /// - Throws: ``StoreError`` that says what is wrong, without the password.
    init(_ address: PostgreSQLAddress) throws(StoreError) {
        connection = try address.connect()
        do { try prepareSession() } catch {
            PQfinish(connection)
            throw error
        }
    }

    deinit { PQfinish(connection) }

    /// Settings of this connection, whatever those of the role and the database are.
    private func prepareSession() throws(StoreError) {
        do {
            for setting in Self.settings { try execute("SET \(setting)", []) }
            try readConstraints()
        } catch let error as StoreError { throw error } catch {
            throw StoreError(.engine, "The database cannot be used: \(error)")
        }
    }

    private static let settings = [
        "client_min_messages = warning", "standard_conforming_strings = on", "bytea_output = hex",
        "lock_timeout = '15s'", "statement_timeout = '10min'", "idle_in_transaction_session_timeout = '60s'",
    ]

    /// Constraints and unique indexes of this schema.
    func readConstraints() throws {
        columns = [:]
        try query(
            """
            SELECT c.relname AS index_name, a.attname AS column_name FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            WHERE i.indisunique AND c.relnamespace = current_schema()::regnamespace
            ORDER BY c.relname, array_position(i.indkey::smallint[], a.attnum)
            """,
            []
        ) { row in
            columns[try row.text("index_name"), default: []].append(try row.text("column_name"))
        }
    }

    // MARK: Transactions

    /// Runs a closure that only reads, on one consistent state.
    ///
    /// - Throws: ``PostgreSQLInterruption`` if it may run again.
    func reading<Value>(_ body: () throws -> Value) throws -> Value {
        try beginning("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            let value = try body()
            try execute("COMMIT", [])
            return value
        }
    }

    /// Runs a closure while this is the only transaction that writes.
    ///
    /// - Parameter lock: what all that write wait for.
    /// - Throws: ``PostgreSQLInterruption`` if it may run again.
    func writing<Value>(lock: Int64, _ body: () throws -> Value) throws -> PostgreSQLOutcome<Value> {
        try beginning("BEGIN") {
            try execute("SELECT pg_advisory_xact_lock(?)", [.integer(lock)])
            var transaction = ""
            try query("SELECT pg_current_xact_id()::text AS id", []) { transaction = try $0.text("id") }
            let value = try body()
            do { try execute("COMMIT", []) } catch {
                guard failure?.isLost == true else { throw error }
                return PostgreSQLOutcome(value: value, uncertain: transaction)
            }
            return PostgreSQLOutcome(value: value, uncertain: nil)
        }
    }

    private func beginning<Value>(_ begin: String, _ body: () throws -> Value) throws -> Value {
        failure = nil
        do {
            try execute(begin, [])
            return try body()
        } catch {
            let cause = failure
            _ = try? execute("ROLLBACK", [])
            guard let cause, cause.isLost || cause.isConflictOfTransactions, let error = error as? StoreError else {
                throw error
            }
            throw PostgreSQLInterruption(error: error)
        }
    }

    /// Whether a transaction was committed.
    ///
    /// - Throws: ``PostgreSQLInterruption`` if it is still in progress.
    func isCommitted(_ transaction: String) throws -> Bool {
        var status = ""
        try query("SELECT COALESCE(pg_xact_status(?::xid8), 'unknown') AS status", [.text(transaction)]) {
            status = try $0.text("status")
        }
        if status == "in progress" { throw PostgreSQLInterruption(error: .lostConnection) }
        return status == "committed"
    }

    var isUsable: Bool { PQstatus(connection) == CONNECTION_OK }

    // MARK: Statements

    /// - Returns: how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        unread?.fetchRest()
        let name = try name(of: sql)
        let result = PostgreSQLArguments(values).with { count, values, lengths, formats in
            PQexecPrepared(connection, name, count, values, lengths, formats, 0)
        }
        defer { PQclear(result) }
        guard let result, [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else {
            throw fail(PostgreSQLFailure(result, on: connection))
        }
        // A transaction in which a statement has failed is rolled back, whatever is asked for.
        guard sql != "COMMIT" || String(cString: PQcmdStatus(result)) == sql else {
            throw StoreError(.engine, "The transaction was rolled back, because one of its statements failed.")
        }
        return PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    func query(_ sql: String, _ values: [SQLValue], visit: (SQLRow) throws -> Void) throws {
        unread?.fetchRest()
        let name = try name(of: sql)
        let isSent = PostgreSQLArguments(values).with { count, values, lengths, formats in
            PQsendQueryPrepared(connection, name, count, values, lengths, formats, 0)
        }
        guard isSent == 1 else { throw fail(PostgreSQLFailure(nil, on: connection)) }
        PQsetSingleRowMode(connection)
        let rows = PostgreSQLRows(connection)
        unread = rows
        defer {
            rows.end()
            if unread === rows { unread = nil }
        }
        try visitAll(rows, of: sql, visit)
    }

    private func visitAll(_ rows: PostgreSQLRows, of sql: String, _ visit: (SQLRow) throws -> Void) throws {
        var shown: (fields: PostgreSQLFields, row: SQLRow)?
        while let result = try next(rows) {
            defer { PQclear(result) }
            if shown == nil {
                let fields = PostgreSQLFields(columnsOf: result)
                shown = (fields, SQLRow(ResultColumns(of: sql, PostgreSQLFields.names(of: result)), fields))
            }
            guard let shown else { return }
            for row in 0..<PQntuples(result) {
                shown.fields.show(row, of: result)
                try visit(shown.row)
            }
        }
    }

    private func next(_ rows: PostgreSQLRows) throws -> OpaquePointer? {
        do { return try rows.next() } catch { throw fail(error) }
    }

    private func name(of sql: String) throws -> String {
        if let known = prepared[sql] { return known }
        let name = "s\(prepared.count)"
        let result = PQprepare(connection, name, PostgreSQLStatement(sql).sql, 0, nil)
        defer { PQclear(result) }
        guard let result, PQresultStatus(result) == PGRES_COMMAND_OK else {
            throw fail(PostgreSQLFailure(result, on: connection))
        }
        prepared[sql] = name
        return name
    }

    private func fail(_ failure: PostgreSQLFailure) -> StoreError {
        self.failure = failure
        return failure.storeError(columns: columns)
    }
}
