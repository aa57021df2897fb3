import CLibpq

/// The fields of the row that is being visited.
final class PostgreSQLFields: SQLFields {
    /// A result with one row at least.
    private var result: OpaquePointer?
    private var row: Int32 = 0
    private let types: [PostgreSQLType]

    /// - Parameter result: has the columns of all rows that follow.
    init(columnsOf result: OpaquePointer) {
        types = (0..<PQnfields(result)).map { PostgreSQLType(PQftype(result, $0)) }
    }

    func show(_ row: Int32, of result: OpaquePointer) { (self.result, self.row) = (result, row) }

    func value(at position: Int) -> SQLValue {
        let column = Int32(position)
        guard let result, PQgetisnull(result, row, column) == 0, let text = PQgetvalue(result, row, column) else {
            return .null
        }
        let bytes = UnsafeRawBufferPointer(start: text, count: Int(PQgetlength(result, row, column)))
        return types[position].value(of: bytes)
    }

    static func names(of result: OpaquePointer) -> [String] {
        (0..<PQnfields(result)).map { PQfname(result, $0).map { String(cString: $0) } ?? "" }
    }
}

/// How a type of PostgreSQL is read from its text form.
///
/// Source: https://www.postgresql.org/docs/15/catalog-pg-type.html; the object ids of built-in types never change.
enum PostgreSQLType {
    case bool, integer, number, bytes, text

    init(_ id: Oid) {
        switch id {
        case 16: self = .bool
        case 20, 21, 23, 26: self = .integer
        // Sums of BIGINT columns are NUMERIC.
        case 700, 701, 1700: self = .number
        case 17: self = .bytes
        default: self = .text
        }
    }

    func value(of bytes: UnsafeRawBufferPointer) -> SQLValue {
        switch self {
        case .bool: return .bool(bytes.first == UInt8(ascii: "t"))
        case .bytes: return .blob(Self.decodedHex(bytes))
        case .integer, .number:
            let text = String(decoding: bytes, as: UTF8.self)
            return Int64(text).map(SQLValue.integer) ?? Double(text).map(SQLValue.number) ?? .text(text)
        case .text: return .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// The bytes of `\x6162`.
    private static func decodedHex(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        stride(from: 2, to: text.count - 1, by: 2).map { digit(text[$0]) << 4 | digit(text[$0 + 1]) }
    }

    private static func digit(_ character: UInt8) -> UInt8 {
        character <= UInt8(ascii: "9") ? character - UInt8(ascii: "0") : character - UInt8(ascii: "a") + 10
    }
}
