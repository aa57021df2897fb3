/// Some rows of a table, one after the other in the order of its key.
struct RowPage: Sendable {
    let table: TableShape
    /// Those of the first row, of the second, and so on.
    private(set) var values: [SQLValue] = []
    private(set) var count = 0
    private var bytes = 0

    private static let mostRows = 2000
    private static let mostBytes = 4 << 20

    static let firstLimit = 200

    init(of table: TableShape) { self.table = table }

    /// Adds a row, unless those that are there take too much memory already: then it comes with the next page.
    mutating func add(_ row: SQLRow) {
        guard bytes < Self.mostBytes else { return }
        for position in table.columns.indices {
            let value = row.value(at: position)
            bytes += value.size
            values.append(value)
        }
        count += 1
    }

    /// How many rows the next page may have, so that pages of long rows stay small in memory. The next rows may be longer than these.
    var nextLimit: Int {
        count == 0 ? Self.firstLimit : min(Self.mostRows, count * 2, max(1, Self.mostBytes * count / bytes))
    }

    /// The key of its last row; nil if it has none.
    var lastKey: [SQLValue]? {
        guard count > 0 else { return nil }
        let row = values.count - table.columns.count
        return table.keyPositions.map { values[row + $0] }
    }

    /// The values of some columns in each row, followed by those of its key; rows without any are left out.
    func parts(_ columns: [String]) -> [[SQLValue]] {
        let wanted = columns.compactMap(table.columns.firstIndex(of:))
        return (0..<count).compactMap { row in
            let begin = row * table.columns.count
            let parts = wanted.map { values[begin + $0] }
            return parts.allSatisfy { $0 == .null } ? nil : parts + table.keyPositions.map { values[begin + $0] }
        }
    }

    /// The same rows without the values of some columns.
    func without(_ columns: [String]) -> RowPage {
        let unwanted = columns.compactMap(table.columns.firstIndex(of:))
        guard !unwanted.isEmpty else { return self }
        var page = self
        for row in 0..<count {
            for position in unwanted { page.values[row * table.columns.count + position] = .null }
        }
        return page
    }
}

extension SQLValue {
    /// About how many bytes of memory it takes.
    fileprivate var size: Int {
        switch self {
        case .text(let text): text.utf8.count + 24
        case .blob(let bytes): bytes.count + 24
        case .null, .integer, .number, .bool: 24
        }
    }
}

extension DatabaseConnection {
    /// The next rows of a table.
    ///
    /// - Parameter key: that of the row before; nil for the first rows.
    func page(of table: TableShape, after key: [SQLValue]?, limit: Int) throws -> RowPage {
        var page = RowPage(of: table)
        try query(table.page(isFirst: key == nil), (key ?? []) + [.integer(Int64(limit))]) { page.add($0) }
        return page
    }

    func lastKey(of table: TableShape) throws -> [SQLValue]? {
        var key: [SQLValue]?
        try query(table.lastKey, []) { row in key = table.key.indices.map(row.value(at:)) }
        return key
    }

    func insert(_ page: RowPage) throws {
        var next = 0
        for rows in page.table.chunks(of: page.count) {
            let end = next + rows * page.table.columns.count
            try execute(page.table.insertion(of: rows), Array(page.values[next..<end]))
            next = end
        }
    }
}
