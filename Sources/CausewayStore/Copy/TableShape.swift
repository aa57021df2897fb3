/// A table as both engines describe it, and the statements that treat all tables alike.
struct TableShape: Sendable, Equatable {
    let name: String
    /// By name: the engines list them in different orders.
    let columns: [String]
    /// The columns of the primary key, in its order.
    let key: [String]
    let nullable: Set<String>
    /// Whether the engine counts the key up.
    let isCounted: Bool
    /// The tables that its columns refer to.
    let references: [Reference]

    struct Reference: Sendable, Hashable {
        let column: String
        let table: String
    }

    /// Where the columns of the key are among all columns.
    var keyPositions: [Int] { key.compactMap(columns.firstIndex(of:)) }

    private static func quoted(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }

    private var keyColumns: String { Self.quoted(key) }

    /// All rows in the order of the key.
    var selection: String { "SELECT \(Self.quoted(columns)) FROM \"\(name)\" ORDER BY \(keyColumns)" }

    /// The next rows; its arguments are the key of the row before, unless these are the first.
    func page(isFirst: Bool, limit: Int) -> String {
        let places = Array(repeating: "?", count: key.count).joined(separator: ", ")
        let condition = isFirst ? "" : " WHERE (\(keyColumns)) > (\(places))"
        return "SELECT \(Self.quoted(columns)) FROM \"\(name)\"\(condition) ORDER BY \(keyColumns) LIMIT \(limit)"
    }

    /// The key of the last row.
    var lastKey: String {
        "SELECT \(keyColumns) FROM \"\(name)\" ORDER BY \(key.map { "\"\($0)\" DESC" }.joined(separator: ", ")) LIMIT 1"
    }

    var count: String { "SELECT COUNT(*) AS count FROM \"\(name)\"" }

    var deletion: String { "DELETE FROM \"\(name)\"" }

    /// Adds several rows at once.
    func insertion(of rows: Int) -> String {
        let row = "(\(Array(repeating: "?", count: columns.count).joined(separator: ", ")))"
        let all = Array(repeating: row, count: rows).joined(separator: ", ")
        return "INSERT INTO \"\(name)\" (\(Self.quoted(columns))) VALUES \(all)"
    }

    /// Sets some columns of a row; its arguments are their values and the key.
    func update(of changed: [String]) -> String {
        let changes = changed.map { "\"\($0)\" = ?" }.joined(separator: ", ")
        return "UPDATE \"\(name)\" SET \(changes) WHERE \(key.map { "\"\($0)\" = ?" }.joined(separator: " AND "))"
    }

    /// Numbers of rows that together are a number of rows, few of them different: each is a statement that an engine prepares.
    func chunks(of rows: Int) -> [Int] {
        var (left, chunks) = (rows, [Int]())
        var size = 1
        while size * 2 * columns.count <= Self.mostArguments { size *= 2 }
        while left > 0 {
            while size > left { size /= 2 }
            chunks.append(size)
            left -= size
        }
        return chunks
    }

    /// SQLite takes 32,766, PostgreSQL 65,535; beyond some thousands nothing becomes faster.
    private static let mostArguments = 4096
}

extension DatabaseConnection {
    /// All tables, by name.
    func tables() throws -> [TableShape] {
        var columns: [String: [(name: String, isNullable: Bool, key: Int64)]] = [:]
        try query(dialect.catalog, []) { row in
            let column = (
                name: try row.text("column_name"), isNullable: try row.bool("is_nullable"),
                key: try row.integer("key_position")
            )
            columns[try row.text("table_name"), default: []].append(column)
        }
        var references: [String: Set<TableShape.Reference>] = [:]
        try query(dialect.references, []) { row in
            let reference = TableShape.Reference(column: try row.text("column_name"), table: try row.text("target"))
            references[try row.text("table_name"), default: []].insert(reference)
        }
        var counted: Set<String> = []
        try query(dialect.identityTables, []) { counted.insert(try $0.text("table_name")) }
        return columns.map { name, columns in
            TableShape(
                name: name,
                columns: columns.map(\.name).sorted(),
                key: columns.filter { $0.key > 0 }.sorted { $0.key < $1.key }.map(\.name),
                nullable: Set(columns.filter { $0.isNullable && $0.key == 0 }.map(\.name)),
                isCounted: counted.contains(name),
                references: (references[name] ?? []).sorted { ($0.column, $0.table) < ($1.column, $1.table) }
            )
        }
        .sorted { $0.name < $1.name }
    }

    func hasTable(_ name: String) throws -> Bool {
        var isThere = false
        try query(dialect.presence(of: name), []) { _ in isThere = true }
        return isThere
    }

    /// - Parameter sql: a statement that gives one row with one number.
    func number(_ sql: String) throws -> Int64 {
        var number: Int64 = 0
        try query(sql, []) { row in
            if case .integer(let value) = row.value(at: 0) { number = value }
        }
        return number
    }
}
