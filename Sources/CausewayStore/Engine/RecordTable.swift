import CausewayModel

/// A column of a table, and its value in a record.
struct Column<Record>: Sendable {
    /// When a column is written.
    enum Writing: Sendable {
        /// When a row is created, and whenever its record is stored again.
        case always
        /// When a row is created.
        case once
        /// By other statements.
        case never
    }

    let name: StaticString
    let writing: Writing
    /// Whether it is read with the record.
    var isRead = true
    /// Its value in a statement.
    var parameter = "?"
    /// Appends its value, or those of its parameter.
    let write: @Sendable (Record, inout [SQLValue]) throws -> Void
    /// Whether two records have the same value, if that shows before it is converted.
    var isAlike: @Sendable (Record, Record) -> Bool = { _, _ in false }
    /// Sets its value in a record, if the record's initializer does not.
    var read: @Sendable (SQLRow, inout Record) throws -> Void = { _, _ in }
}

extension Column {
    /// A property of a record.
    typealias Property<Value> = any WritableKeyPath<Record, Value> & Sendable

    /// A column that the record's initializer reads.
    init(
        _ name: StaticString,
        _ writing: Writing = .always,
        value: @escaping @Sendable (Record) throws -> SQLValue
    ) {
        (self.name, self.writing) = (name, writing)
        write = { $1.append(try value($0)) }
    }

    /// A column with a part of a record, which the record's initializer reads.
    init<Part: Equatable & Sendable>(
        _ name: StaticString,
        of part: @escaping @Sendable (Record) -> Part,
        value: @escaping @Sendable (Part) throws -> SQLValue
    ) {
        self.init(name) { try value(part($0)) }
        isAlike = { part($0) == part($1) }
    }

    /// A column that is derived from a part of a record: it is written and never read.
    static func derived<Part: Equatable & Sendable>(
        _ name: StaticString,
        of part: @escaping @Sendable (Record) -> Part,
        value: @escaping @Sendable (Part) throws -> SQLValue
    ) -> Column {
        var column = Column(name, of: part, value: value)
        column.isRead = false
        return column
    }

    /// A column that is derived from others: it is written and never read.
    static func derived(
        _ name: StaticString,
        _ writing: Writing = .always,
        value: @escaping @Sendable (Record) throws -> SQLValue
    ) -> Column {
        var column = Column(name, writing, value: value)
        column.isRead = false
        return column
    }

    /// A column whose value is an expression: it is written and never read.
    static func computed(
        _ name: StaticString,
        by expression: String,
        values: @escaping @Sendable (Record) throws -> [SQLValue]
    ) -> Column {
        Column(name: name, writing: .always, isRead: false, parameter: expression, write: { $1 += try values($0) })
    }

    /// A column that other statements write, and that the record's initializer reads.
    static func readOnly(_ name: StaticString) -> Column {
        Column(name: name, writing: .never, write: { _, _ in })
    }

    /// A column that other statements write.
    static func readOnly<Thing>(
        _ name: StaticString,
        _ path: Property<Identifier<Thing, UUIDValue>?>
    ) -> Column {
        Column(name: name, writing: .never, write: { _, _ in }, read: { $1[keyPath: path] = try $0.id(orNil: name) })
    }
}

extension Column {
    /// A column with a time that other statements write.
    static func readOnlyTime(_ name: StaticString, _ path: Property<Timestamp?>) -> Column {
        Column(
            name: name,
            writing: .never,
            write: { _, _ in },
            read: { $1[keyPath: path] = try $0.timestamp(orNil: name) }
        )
    }
}

// MARK: Columns of properties

extension Column {
    static func optionalText(_ name: StaticString, _ path: Property<String?>) -> Column {
        property(name, path, { SQLValue($0) }, { try $0.text(orNil: $1) })
    }

    static func bool(_ name: StaticString, _ path: Property<Bool>) -> Column {
        property(name, path, { .bool($0) }, { try $0.bool($1) })
    }

    static func optionalTime(_ name: StaticString, _ path: Property<Timestamp?>) -> Column {
        property(name, path, { SQLValue($0) }, { try $0.timestamp(orNil: $1) })
    }

    static func optionalWord<Word: RawRepresentable<String> & Sendable>(
        _ name: StaticString,
        _ path: Property<Word?>
    ) -> Column {
        property(name, path, { SQLValue($0?.rawValue) }, { try $0.word(orNil: $1) })
    }

    static func id<Thing>(
        _ name: StaticString,
        _ path: Property<Identifier<Thing, Int64>>
    ) -> Column {
        property(name, path, { SQLValue($0) }, { try $0.id($1) })
    }

    static func optionalID<Thing>(
        _ name: StaticString,
        _ path: Property<Identifier<Thing, Int64>?>
    ) -> Column {
        property(name, path, { SQLValue($0) }, { try $0.id(orNil: $1) })
    }

    static func optionalID<Thing>(
        _ name: StaticString,
        _ path: Property<Identifier<Thing, UUIDValue>?>
    ) -> Column {
        property(name, path, { SQLValue($0) }, { try $0.id(orNil: $1) })
    }

    private static func property<Value>(
        _ name: StaticString,
        _ path: Property<Value>,
        _ write: @escaping @Sendable (Value) -> SQLValue,
        _ read: @escaping @Sendable (SQLRow, StaticString) throws -> Value
    ) -> Column {
        Column(
            name: name,
            writing: .always,
            write: { $1.append(write($0[keyPath: path])) },
            read: { $1[keyPath: path] = try read($0, name) }
        )
    }
}

/// A table whose rows are records. Its columns are declared once, here; the column lists of statements and the order
/// of their arguments follow from it.
struct RecordTable<Record>: Sendable {
    private let name: String
    private let columns: [Column<Record>]
    /// The statement that adds a row; its arguments are ``values(of:)``.
    let insertion: String

    init(_ name: String, _ columns: [Column<Record>]) {
        (self.name, self.columns) = (name, columns)
        let written = columns.filter { $0.writing != .never }
        insertion = """
            INSERT INTO \(name) (\(written.map(\.name.description).joined(separator: ", "))) \
            VALUES (\(written.map(\.parameter).joined(separator: ", ")))
            """
    }

    /// The columns that a record is read from, as a list of a `SELECT`.
    ///
    /// - Parameter alias: the table's in the statement.
    func selection(_ alias: String) -> String {
        columns.filter(\.isRead).map { "\(alias).\($0.name)" }.joined(separator: ", ")
    }

    /// The statement that adds a row, or changes the one that has its key; its arguments are ``values(of:)``.
    ///
    /// - Parameters:
    ///   - key: the columns of the key.
    ///   - further: what else is changed in the existing row.
    func saving(by key: String, _ further: String...) -> String {
        let changes = changing.map { "\($0.name) = excluded.\($0.name)" } + further
        return "\(insertion) ON CONFLICT (\(key)) DO UPDATE SET \(changes.joined(separator: ", "))"
    }

    /// The statement that changes the rows of a condition; its arguments are ``changes(to:)``, and those of the condition.
    func update(where condition: String) -> String {
        let changes = changing.map { "\($0.name) = \($0.parameter)" }
        return "UPDATE \(name) SET \(changes.joined(separator: ", ")) WHERE \(condition)"
    }

    private var changing: [Column<Record>] { columns.filter { $0.writing == .always } }

    /// The values of a new row.
    func values(of record: Record) throws -> [SQLValue] {
        var values: [SQLValue] = []
        values.reserveCapacity(columns.count)
        for column in columns where column.writing != .never { try column.write(record, &values) }
        return values
    }

    /// The changed values of an existing row.
    func changes(to record: Record) throws -> [SQLValue] {
        var values: [SQLValue] = []
        for column in columns where column.writing == .always { try column.write(record, &values) }
        return values
    }

    /// The assignments that make the row of a record that of another one, with their values; none if they are alike. An index of a column
    /// that is not assigned need not be written.
    func difference(of record: Record, from before: Record) throws -> (assignments: [String], values: [SQLValue]) {
        var (assignments, values) = ([String](), [SQLValue]())
        for column in columns where column.writing == .always && !column.isAlike(record, before) {
            var (new, old) = ([SQLValue](), [SQLValue]())
            try column.write(record, &new)
            try column.write(before, &old)
            guard new != old else { continue }
            assignments.append("\(column.name) = \(column.parameter)")
            values += new
        }
        return (assignments, values)
    }

    /// The record of a row.
    ///
    /// - Parameter empty: what its initializer makes of the row.
    func record(_ row: SQLRow, from empty: Record) throws -> Record {
        var record = empty
        for column in columns { try column.read(row, &record) }
        return record
    }
}
