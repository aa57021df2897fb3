import CLibpq

/// Statements that go to the server together, and whose results are received together. Waiting is most of what a small statement costs.
///
/// Source: https://www.postgresql.org/docs/15/libpq-pipeline-mode.html
struct PostgreSQLPipeline {
    private let connection: OpaquePointer
    private var pending: [Purpose] = []
    /// In pipeline mode a connection does nothing else.
    private(set) var isOpen = false

    /// Results take memory of the server and of this process until they are received.
    static let most = 500

    /// What a statement is for whose result has not been received.
    enum Purpose {
        /// - table: the table that it changes.
        case change(table: String?)
        /// Its rows are wanted.
        /// - table: the table that it changes too.
        case rows(table: String?)
        /// It must find a row.
        case requirement(StoreError)
    }

    var isFull: Bool { pending.count >= Self.most }

    init(_ connection: OpaquePointer) { self.connection = connection }

    mutating func send(
        _ statement: PreparedStatement,
        _ values: [SQLValue],
        for purpose: Purpose
    ) throws(PostgreSQLFailure) {
        open()
        let isSent = PostgreSQLArguments(values).with { count, values, lengths, formats in
            PQsendQueryPrepared(connection, statement.name, count, values, lengths, formats, 0)
        }
        guard isOpen, isSent == 1 else { throw PostgreSQLFailure(nil, on: connection) }
        pending.append(purpose)
    }

    /// Sends a statement without arguments or rows.
    mutating func send(_ sql: String) throws(PostgreSQLFailure) {
        open()
        let isSent = PQsendQueryParams(connection, sql, 0, nil, nil, nil, nil, 0)
        guard isOpen, isSent == 1 else { throw PostgreSQLFailure(nil, on: connection) }
        pending.append(.change(table: nil))
    }

    private mutating func open() {
        if !isOpen { isOpen = PQenterPipelineMode(connection) == 1 }
    }

    /// Waits for the results. Call it while it is open.
    ///
    /// - Parameter note: is told how many rows each statement changed in which table.
    /// - Returns: the results of each query whose rows are wanted, and the first requirement that is not met.
    /// - Throws: why the first of them failed that did; the server has skipped those after it.
    mutating func settle(_ note: (Int, String) -> Void) throws(PostgreSQLFailure) -> (
        results: [[PostgreSQLResult]], unmet: StoreError?
    ) {
        let (results, unmet, failure) = try receiveAll(note)
        if failure?.isLost != true { Self.leave(connection) }
        if let failure { throw failure }
        return (results, unmet)
    }

    /// Waits for the results, and then for the first row of a query that goes with them. Call it while it is open.
    ///
    /// The connection is then in single-row mode, and leaves pipeline mode with ``leave(_:)`` after the last row.
    /// - Returns: the first requirement that is not met; there are then no rows.
    mutating func settle(
        with query: PreparedStatement,
        _ values: [SQLValue],
        _ note: (Int, String) -> Void
    ) throws(PostgreSQLFailure) -> StoreError? {
        let earlier = pending
        try send(query, values, for: .rows(table: nil))
        pending = earlier
        let (_, unmet, failure) = try receiveAll(note)
        guard unmet != nil || failure != nil else {
            PQsetSingleRowMode(connection)
            return nil
        }
        if failure?.isLost != true {
            _ = try? receive()
            Self.leave(connection)
        }
        if let failure { throw failure }
        return unmet
    }

    /// The results of what is pending.
    private mutating func receiveAll(_ note: (Int, String) -> Void) throws(PostgreSQLFailure) -> (
        [[PostgreSQLResult]], unmet: StoreError?, PostgreSQLFailure?
    ) {
        let purposes = pending
        (pending, isOpen) = ([], false)
        guard PQpipelineSync(connection) == 1 else { throw PostgreSQLFailure(nil, on: connection) }
        var (results, unmet, failure) = ([[PostgreSQLResult]](), StoreError?.none, PostgreSQLFailure?.none)
        for purpose in purposes where failure?.isLost != true {
            do throws(PostgreSQLFailure) {
                let received = try receive()
                switch purpose {
                case .rows(let table):
                    results.append(received)
                    if let table { note(PostgreSQLSession.changes(of: received.last?.pointer), table) }
                case .requirement(let error):
                    if received.allSatisfy({ PQntuples($0.pointer) == 0 }) { unmet = unmet ?? error }
                case .change(let table?): note(PostgreSQLSession.changes(of: received.last?.pointer), table)
                case .change(nil): break
                }
            } catch { failure = failure ?? error }
        }
        return (results, unmet, failure)
    }

    /// The results of one statement: more than one only of the first statement of a pipeline, which returns rows one by one if the last one
    /// before it did, whatever was asked for.
    private func receive() throws(PostgreSQLFailure) -> [PostgreSQLResult] {
        var results: [PostgreSQLResult] = []
        while let result = PQgetResult(connection).map(PostgreSQLResult.init) {
            results.append(result)
        }
        guard let last = results.last?.pointer, PostgreSQLSession.isDone(last) else {
            throw PostgreSQLFailure(results.last?.pointer, on: connection)
        }
        return results
    }

    /// Receives the end of all results.
    static func leave(_ connection: OpaquePointer) {
        while let result = PQgetResult(connection) { PQclear(result) }
        PQexitPipelineMode(connection)
    }
}

/// A result of libpq, which is cleared with this object.
final class PostgreSQLResult {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(pointer) }
}
