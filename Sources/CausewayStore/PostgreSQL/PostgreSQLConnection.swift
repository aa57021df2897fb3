/// A session inside a transaction, as the store uses it. When the task is canceled, no further statement begins, and the transaction is rolled
/// back.
struct PostgreSQLConnection: DatabaseConnection {
    let dialect = SQLDialect.postgreSQL
    private let session: PostgreSQLSession

    init(_ session: PostgreSQLSession) { self.session = session }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws {
        try Task.checkCancellation()
        try session.execute(sql, arguments)
    }

    func executeAndCount(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        try Task.checkCancellation()
        return try session.executeAndCount(sql, arguments)
    }

    func require(_ sql: String, _ arguments: [SQLValue], orThrow error: StoreError) throws {
        try Task.checkCancellation()
        try session.require(sql, arguments, orThrow: error)
    }

    func settle() throws { try session.settle() }

    func query(_ sql: String, _ arguments: [SQLValue], visit: (SQLRow) throws -> Void) throws {
        try Task.checkCancellation()
        try session.query(sql, arguments, visit: visit)
    }

    func queryAll(_ statements: [SQLStatement], visit: (Int, SQLRow) throws -> Void) throws {
        try Task.checkCancellation()
        try session.queryAll(statements, visit: visit)
    }
}
