import CausewayModel

/// A query, and the value that its rows make.
struct RowQuery<Value> {
    /// Nil if nothing need be asked.
    let statement: SQLStatement?
    /// The value without any row.
    let start: Value
    let add: (inout Value, SQLRow) throws -> Void
}

extension RowQuery {
    /// A query about some users.
    ///
    /// - Parameters:
    ///   - sql: ends where the list of their keys follows.
    ///   - end: what follows the list.
    init(
        of users: [UserID],
        _ sql: String,
        _ end: String = "",
        start: Value,
        add: @escaping (inout Value, SQLRow) throws -> Void
    ) {
        let list = SQLList(users.map { SQLValue($0) })
        let statement = SQLStatement("\(sql) \(list.sql) \(end)", list.arguments)
        self.init(statement: users.isEmpty ? nil : statement, start: start, add: add)
    }
}

extension Transaction {
    /// The values of queries that need not wait for each other. They go to a server together.
    func together<each Value>(_ queries: repeat RowQuery<each Value>) throws -> (repeat each Value) {
        let results = (repeat RowResult(each queries))
        var asked: [(statement: SQLStatement, visit: (SQLRow) throws -> Void)] = []
        repeat (each results).ask(&asked)
        try connection.queryAll(asked.map(\.statement)) { try asked[$0].visit($1) }
        return (repeat (each results).value)
    }
}

/// The value of a query while its rows arrive.
private final class RowResult<Value> {
    private let query: RowQuery<Value>
    private(set) var value: Value

    init(_ query: RowQuery<Value>) { (self.query, value) = (query, query.start) }

    func ask(_ asked: inout [(statement: SQLStatement, visit: (SQLRow) throws -> Void)]) {
        guard let statement = query.statement else { return }
        asked.append((statement, { [self] row in try query.add(&value, row) }))
    }
}
