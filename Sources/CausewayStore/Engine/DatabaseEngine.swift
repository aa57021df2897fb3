/// A value of an argument or a field, in the types that SQLite and PostgreSQL share.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    /// With a fraction; no table has such values.
    case number(Double)
    case text(String)
    case bool(Bool)
    case blob([UInt8])
}

/// A connection inside a transaction. Statements are plain SQL that both engines understand, with `?` for arguments.
package protocol DatabaseConnection {
    /// What its engine says differently.
    var dialect: SQLDialect { get }

    /// Runs a statement that returns no rows. If it fails, it may be a later statement that says so, or ``settle()``, or the commit.
    func execute(_ sql: String, _ arguments: [SQLValue]) throws

    /// Runs a statement that returns no rows, and waits for it.
    ///
    /// - Returns: how many rows it changed.
    func executeAndCount(_ sql: String, _ arguments: [SQLValue]) throws -> Int

    /// Makes sure that a query finds a row. If it finds none, it may be a later statement that says so, or the commit: nothing is changed.
    func require(_ sql: String, _ arguments: [SQLValue], orThrow error: StoreError) throws

    /// Waits for all statements.
    ///
    /// - Throws: why one of them failed.
    func settle() throws

    /// Runs a statement and visits its rows one by one; nothing is kept in memory.
    func query(_ sql: String, _ arguments: [SQLValue], visit: (SQLRow) throws -> Void) throws

    /// Runs statements, and visits the rows in their order, each with the position of its statement. For statements that find a few rows:
    /// they go to a server together, and their rows are kept in memory until all have arrived.
    func queryAll(_ statements: [SQLStatement], visit: (Int, SQLRow) throws -> Void) throws
}

/// A database that runs closures in transactions: everything that must be consistent is inside one closure. A closure that
/// throws changes nothing. A closure may run again after its transaction was ended by others, or by a lost connection.
package protocol DatabaseEngine: Sendable {
    /// What it says differently.
    var dialect: SQLDialect { get }

    /// Runs a closure that only reads, on one consistent state.
    func read<Value: Sendable>(_ body: @Sendable (any DatabaseConnection) throws -> Value) async throws -> Value

    /// Calls a closure whenever another program has added to the journal, as far as that is announced, until the task is canceled.
    func listen(_ heard: @escaping @Sendable () -> Void) async

    /// Runs a closure that may write; committed when it returns.
    func write<Value: Sendable>(_ body: @Sendable (any DatabaseConnection) throws -> Value) async throws -> Value

    /// Runs a closure that changes single rows, and reads nothing that others change at the same time: so it need not wait until they have
    /// written.
    func writeRows<Value: Sendable>(_ body: @Sendable (any DatabaseConnection) throws -> Value) async throws -> Value

    /// Does a small part of what makes the indexes of words smaller after rows were changed or deleted.
    ///
    /// - Parameter isFirst: whether to begin; otherwise it goes on.
    /// - Returns: false if nothing is left to do.
    func compactIndexes(isFirst: Bool) async throws -> Bool

    /// Closes the database.
    func close() throws
}

extension DatabaseEngine {
    /// An engine with one writer lets nothing overtake it.
    package func writeRows<Value: Sendable>(_ body: @Sendable (any DatabaseConnection) throws -> Value) async throws
        -> Value
    {
        try await write(body)
    }

    /// Most engines do that by themselves.
    package func compactIndexes(isFirst: Bool) async throws -> Bool { false }
}
