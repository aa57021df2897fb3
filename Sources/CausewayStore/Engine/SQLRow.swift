/// The fields of a row by position, as an engine provides them. Positions count from 0.
package protocol SQLFields: AnyObject {
    func value(at position: Int) -> SQLValue
}

/// A row of a result, read by the names of its columns. Valid only while it is visited.
package struct SQLRow {
    private let columns: ResultColumns
    private let fields: any SQLFields

    package init(_ columns: ResultColumns, _ fields: any SQLFields) { (self.columns, self.fields) = (columns, fields) }

    /// The value of a column.
    ///
    /// - Throws: ``StoreError`` if the statement returns no such column, or several.
    func value(_ name: StaticString) throws -> SQLValue { fields.value(at: try columns.position(of: name)) }

    /// The value at a position, for code that treats all columns alike.
    func value(at position: Int) -> SQLValue { fields.value(at: position) }

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
package final class ResultColumns {
    private let sql: String
    private let names: [String]
    private var known = KnownNames()

    /// - Parameters:
    ///   - sql: the statement, for errors.
    ///   - names: in the order of the result.
    package init(of sql: String, _ names: [String]) { (self.sql, self.names) = (sql, names) }

    /// The statement on one line.
    var statement: String { sql.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    /// The position of a column. A name is looked up once: rows are many, and comparing texts for each costs as much as reading it.
    ///
    /// - Throws: ``StoreError`` if the statement returns no such column, or several.
    func position(of name: StaticString) throws -> Int {
        if let position = known.position(of: name) { return position }
        let position = try find(name.description)
        known.add(name, at: position)
        return position
    }

    private func find(_ name: String) throws -> Int {
        guard let position = names.firstIndex(of: name) else {
            throw StoreError(.engine, "This statement returns no column '\(name)': \(statement)")
        }
        guard position == names.lastIndex(of: name) else {
            throw StoreError(.engine, "This statement returns several columns '\(name)': \(statement)")
        }
        return position
    }
}

/// Names that were found, identified by the addresses of their literals.
private struct KnownNames {
    private struct Name {
        let literal: UnsafePointer<UInt8>
        let position: Int
    }

    private var names: [Name] = []
    /// Where the next name is looked for first: each row is read in the same order.
    private var next = 0

    mutating func position(of name: StaticString) -> Int? {
        for _ in 0..<names.count {
            let known = names[next]
            next = next + 1 < names.count ? next + 1 : 0
            if known.literal == name.utf8Start { return known.position }
        }
        return nil
    }

    mutating func add(_ name: StaticString, at position: Int) {
        names.append(Name(literal: name.utf8Start, position: position))
        next = 0
    }
}
