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
    /// What its columns refer to.
    let references: [Reference]

    /// A foreign key.
    struct Reference: Sendable, Equatable {
        let columns: [String]
        let table: String
        /// The columns of the other table, in the order of those that refer to them.
        let targets: [String]
    }

    /// The same table, as if it had no such column.
    func without(_ column: String) -> TableShape {
        TableShape(
            name: name,
            columns: columns.filter { $0 != column },
            key: key,
            nullable: nullable,
            isCounted: isCounted,
            references: references
        )
    }

    /// Where the columns of the key are among all columns.
    var keyPositions: [Int] { key.compactMap(columns.firstIndex(of:)) }

    private static func quoted(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }

    private var keyColumns: String { Self.quoted(key) }

    /// The next rows; its arguments are the key of the row before, unless these are the first, and the most rows.
    func page(isFirst: Bool) -> String {
        let places = Array(repeating: "?", count: key.count).joined(separator: ", ")
        let condition = isFirst ? "" : " WHERE (\(keyColumns)) > (\(places))"
        return "SELECT \(Self.quoted(columns)) FROM \"\(name)\"\(condition) ORDER BY \(keyColumns) LIMIT ?"
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
        let references = try references()
        var counted: Set<String> = []
        try query(dialect.identityTables, []) { counted.insert(try $0.text("table_name")) }
        return columns.map { name, columns in
            TableShape(
                name: name,
                columns: columns.map(\.name).sorted(),
                key: columns.filter { $0.key > 0 }.sorted { $0.key < $1.key }.map(\.name),
                nullable: Set(columns.filter { $0.isNullable && $0.key == 0 }.map(\.name)),
                isCounted: counted.contains(name),
                references: references[name] ?? []
            )
        }
        .sorted { $0.name < $1.name }
    }

    /// The foreign keys of every table, in the order of their names.
    private func references() throws -> [String: [TableShape.Reference]] {
        var columns: [(table: String, key: String, target: String, column: String, targetColumn: String)] = []
        try query(dialect.references, []) { row in
            columns.append(
                (
                    try row.text("table_name"), try row.text("key_name"), try row.text("target"),
                    try row.text("column_name"), try row.text("target_column")
                )
            )
        }
        var found: [String: [TableShape.Reference]] = [:]
        for (_, parts) in Dictionary(grouping: columns, by: { [$0.table, $0.key] }) {
            guard let first = parts.first else { continue }
            found[first.table, default: []]
                .append(.init(columns: parts.map(\.column), table: first.target, targets: parts.map(\.targetColumn)))
        }
        return found.mapValues { $0.sorted { $0.columns.lexicographicallyPrecedes($1.columns) } }
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
