/// A column that a list is in the order of.
struct ListTerm: Sendable {
    let column: String
    let isDescending: Bool

    static func ascending(_ column: String) -> ListTerm { ListTerm(column: column, isDescending: false) }

    static func descending(_ column: String) -> ListTerm { ListTerm(column: column, isDescending: true) }

    /// Columns without a value for some rows.
    private static let nullable: Set = ["u.last_login_at_ms", "r.finished_at_ms", "e.client_ip"]

    /// Whether every row has a value, and nothing but the row decides about it.
    fileprivate var isOwnValue: Bool { !Self.nullable.contains(column) && !column.contains("(") }

    fileprivate func sql(_ dialect: SQLDialect) -> String {
        Self.nullable.contains(column)
            ? dialect.order(nullable: column, isDescending: isDescending) : column + (isDescending ? " DESC" : "")
    }
}

extension [ListTerm] {
    func sql(_ dialect: SQLDialect) -> String { map { $0.sql(dialect) }.joined(separator: ", ") }

    /// Whether a comparison of rows finds what follows a row.
    var canContinue: Bool {
        allSatisfy { $0.isOwnValue && $0.isDescending == first?.isDescending }
    }

    /// What follows a row, for its values as arguments.
    var following: String {
        let columns = map(\.column).joined(separator: ", ")
        let places = map { _ in "?" }.joined(separator: ", ")
        return "(\(columns)) \(first?.isDescending == true ? "<" : ">") (\(places))"
    }
}
