import Crypto

/// The rows of a table, counted and with a checksum that is the same on every engine.
package struct TableSum: Sendable, Equatable {
    package let table: String
    package let rows: Int
    /// SHA-256 of all values in the order of the key, in hexadecimal.
    package let checksum: String
}

/// Computes a ``TableSum`` row by row.
struct TableHash {
    private var hash = SHA256()
    private var waiting: [UInt8] = []
    private(set) var rows = 0

    private static let piece = 1 << 16
    /// How many rows are read at a time.
    fileprivate static let page = 5000

    /// - Parameter columns: how many the row has.
    mutating func add(_ row: SQLRow, columns: Int) {
        for position in 0..<columns { add(row.value(at: position)) }
        rows += 1
        if waiting.count >= Self.piece { flush() }
    }

    /// Each value is its kind and, unless the kind says it, its length; so no two lists of values have the same bytes.
    private mutating func add(_ value: SQLValue) {
        switch value {
        case .null: waiting.append(0)
        case .integer(let integer): add(1, UInt64(bitPattern: integer))
        // Truth values are integers in SQLite.
        case .bool(let bool): add(1, bool ? 1 : 0)
        case .number(let number): add(2, number.bitPattern)
        case .text(let text):
            add(3, UInt64(text.utf8.count))
            waiting += text.utf8
        case .blob(let bytes):
            add(4, UInt64(bytes.count))
            waiting += bytes
        }
    }

    private mutating func add(_ kind: UInt8, _ number: UInt64) {
        waiting.append(kind)
        for shift in stride(from: 56, through: 0, by: -8) {
            waiting.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
    }

    private mutating func flush() {
        hash.update(data: waiting)
        waiting.removeAll(keepingCapacity: true)
    }

    mutating func sum(of table: String) -> TableSum {
        flush()
        let digits = hash.finalize().map { String($0, radix: 16) }.map { $0.count == 1 ? "0\($0)" : $0 }
        return TableSum(table: table, rows: rows, checksum: digits.joined())
    }
}

extension DatabaseConnection {
    /// - Parameter counted: is told now and then how many more rows were read.
    func sum(of table: TableShape, counted: (Int) -> Void) throws -> TableSum {
        var hash = TableHash()
        var last: [SQLValue]?
        repeat {
            let (before, key) = (hash.rows, last)
            last = nil
            // Page by page, since a server bounds the time of a statement.
            let arguments = (key ?? []) + [.integer(Int64(TableHash.page))]
            try query(table.page(isFirst: key == nil), arguments) { row in
                hash.add(row, columns: table.columns.count)
                if hash.rows - before == TableHash.page { last = table.keyPositions.map(row.value(at:)) }
            }
            counted(hash.rows - before)
        } while last != nil
        return hash.sum(of: table.name)
    }
}
