/// A statement with the values of its arguments.
package struct SQLStatement: Hashable, Sendable {
    let sql: String
    let arguments: [SQLValue]

    init(_ sql: String, _ arguments: [SQLValue]) { (self.sql, self.arguments) = (sql, arguments) }
}
