/// A session inside a transaction, as the store uses it.
struct PostgreSQLConnection: DatabaseConnection {
    let dialect = SQLDialect.postgreSQL
    private let session: PostgreSQLSession

    init(_ session: PostgreSQLSession) { self.session = session }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws { try session.execute(sql, arguments) }

    func executeAndCount(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        try session.executeAndCount(sql, arguments)
    }

    func settle() throws { try session.settle() }

    func query(_ sql: String, _ arguments: [SQLValue], visit: (SQLRow) throws -> Void) throws {
        try session.query(sql, arguments, visit: visit)
    }
}
