import CLibpq

/// Statements without a result for the caller: they go to the server together, and its answers are received together. Waiting is most of
/// what a small statement costs.
///
/// Source: https://www.postgresql.org/docs/15/libpq-pipeline-mode.html
struct PostgreSQLPipeline {
    private let connection: OpaquePointer
    /// The table that each statement changes.
    private var pending: [String?] = []
    /// In pipeline mode a connection does nothing else.
    private(set) var isOpen = false

    /// Results take memory of the server and of this process until they are received.
    private static let most = 500

    var isFull: Bool { pending.count >= Self.most }

    init(_ connection: OpaquePointer) { self.connection = connection }

    mutating func send(_ statement: PreparedStatement, _ values: [SQLValue]) throws(PostgreSQLFailure) {
        if !isOpen { isOpen = PQenterPipelineMode(connection) == 1 }
        let isSent = PostgreSQLArguments(values).with { count, values, lengths, formats in
            PQsendQueryPrepared(connection, statement.name, count, values, lengths, formats, 0)
        }
        guard isOpen, isSent == 1 else { throw PostgreSQLFailure(nil, on: connection) }
        pending.append(statement.table)
    }

    /// Waits for the results. Call it while it is open.
    ///
    /// - Parameter note: is told how many rows each statement changed in which table.
    /// - Throws: why the first of them failed that did; the server has skipped those after it.
    mutating func settle(_ note: (Int, String) -> Void) throws(PostgreSQLFailure) {
        let tables = pending
        (pending, isOpen) = ([], false)
        guard PQpipelineSync(connection) == 1 else { throw PostgreSQLFailure(nil, on: connection) }
        var failure: PostgreSQLFailure?
        for table in tables where failure?.isLost != true {
            do throws(PostgreSQLFailure) {
                let changed = try receive()
                if let table { note(changed, table) }
            } catch { failure = failure ?? error }
        }
        if failure?.isLost != true { leave() }
        if let failure { throw failure }
    }

    private func receive() throws(PostgreSQLFailure) -> Int {
        let result = PQgetResult(connection)
        defer { PQclear(result) }
        // Each result has an end of its own.
        while result != nil, let further = PQgetResult(connection) { PQclear(further) }
        // The first statement of a pipeline returns rows one by one if the last one before it did, whatever was asked for.
        let isRow = PQresultStatus(result) == PGRES_SINGLE_TUPLE
        guard isRow || PostgreSQLSession.isDone(result) else { throw PostgreSQLFailure(result, on: connection) }
        return PostgreSQLSession.changes(of: result)
    }

    /// Receives the end of all results.
    private func leave() {
        while let result = PQgetResult(connection) { PQclear(result) }
        PQexitPipelineMode(connection)
    }
}
