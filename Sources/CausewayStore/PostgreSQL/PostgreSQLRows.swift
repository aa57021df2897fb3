import CLibpq

/// The rows of one statement, as they arrive. Nothing is kept in memory, unless another statement runs on the same connection before the
/// end: then the remaining rows are fetched first.
///
/// Source: https://www.postgresql.org/docs/15/libpq-single-row-mode.html
final class PostgreSQLRows {
    private let connection: OpaquePointer
    private let isInPipeline: Bool
    private var fetched: [OpaquePointer] = []
    private var isAtEnd = false
    /// Why the server ended before the last row.
    private var failure: PostgreSQLFailure?

    /// - Parameters:
    ///   - connection: has sent the statement, in single-row mode.
    ///   - isInPipeline: whether it leaves pipeline mode after the last row.
    init(_ connection: OpaquePointer, isInPipeline: Bool) {
        (self.connection, self.isInPipeline) = (connection, isInPipeline)
    }

    /// - Returns: a result with one row, which the caller clears; or the last one, without rows.
    func next() throws(PostgreSQLFailure) -> OpaquePointer? {
        if !fetched.isEmpty { return fetched.removeFirst() }
        if let failure { throw failure }
        return isAtEnd ? nil : try receive()
    }

    /// Fetches what is left, so that the connection can run another statement.
    func fetchRest() {
        while !isAtEnd, failure == nil {
            do {
                if let result = try receive() { fetched.append(result) }
            } catch { failure = error }
        }
    }

    /// Drops the remaining rows.
    func end() {
        for result in fetched { PQclear(result) }
        fetched = []
        if !isAtEnd { drain() }
    }

    private func drain() {
        while let result = PQgetResult(connection) { PQclear(result) }
        noteEnd()
    }

    private func noteEnd() {
        isAtEnd = true
        if isInPipeline { PostgreSQLPipeline.leave(connection) }
    }

    private func receive() throws(PostgreSQLFailure) -> OpaquePointer? {
        guard let result = PQgetResult(connection) else {
            noteEnd()
            return nil
        }
        if [PGRES_SINGLE_TUPLE, PGRES_TUPLES_OK, PGRES_COMMAND_OK].contains(PQresultStatus(result)) { return result }
        drain()
        let failure = PostgreSQLFailure(result, on: connection)
        PQclear(result)
        throw failure
    }
}
