/// The fields of a row by position, as an engine has them. Positions count from 0.
package protocol SQLFields {
    /// - Returns: nil for a value of a type that ``SQLValue`` does not have.
    func value(at position: Int) -> SQLValue?
}

/// A row of a result, read by the names of its columns. Valid only while it is visited.
package struct SQLRow {
    private let columns: ResultColumns
    private let fields: any SQLFields

    package init(_ columns: ResultColumns, _ fields: any SQLFields) { (self.columns, self.fields) = (columns, fields) }

    /// What a column has.
    ///
    /// - Throws: ``StoreError`` where the statement gives no such column, or several.
    func value(_ name: StaticString) throws -> SQLValue {
        guard let value = fields.value(at: try columns.position(of: name)) else {
            throw damaged(name, "is a number with a fraction")
        }
        return value
    }

    /// The error for a column whose value is not what its reader expects.
    ///
    /// - Parameter fault: what is wrong with it, as the end of a sentence.
    func damaged(_ name: StaticString, _ fault: String) -> StoreError {
        StoreError(
            .unreadable,
            "A stored row is damaged: its column '\(name)' \(fault). Restore the database from a backup. "
                + "The row was read by: \(columns.statement)"
        )
    }
}

/// The columns of a statement's result, by name.
///
/// A name is looked for once. From then on it is known by the address of its literal: rows are many, and comparing texts for each
/// of them costs as much as reading them.
package final class ResultColumns {
    private let sql: String
    private let names: [String]
    private var known: [(literal: UnsafePointer<UInt8>, position: Int)] = []

    /// - Parameters:
    ///   - sql: the statement, for errors.
    ///   - names: in the order of the result.
    package init(of sql: String, _ names: [String]) { (self.sql, self.names) = (sql, names) }

    /// The statement on one line.
    var statement: String { sql.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    func position(of name: StaticString) throws -> Int {
        let literal = name.utf8Start
        for column in known where column.literal == literal { return column.position }
        let position = try find(name.description)
        known.append((literal, position))
        return position
    }

    private func find(_ name: String) throws -> Int {
        guard let position = names.firstIndex(of: name) else {
            throw StoreError(.engine, "This statement gives no column '\(name)': \(statement)")
        }
        guard position == names.lastIndex(of: name) else {
            throw StoreError(.engine, "This statement gives several columns '\(name)': \(statement)")
        }
        return position
    }
}
