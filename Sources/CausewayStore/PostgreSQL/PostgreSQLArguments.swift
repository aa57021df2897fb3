/// The arguments of a statement in the forms that libpq takes: texts, and bytes as they are. The server derives the types from
/// the statement.
struct PostgreSQLArguments {
    /// All values one after the other, each with a zero at its end.
    private var memory: [UInt8] = []
    /// Where each value begins; nil for NULL.
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    private static let (text, binary): (Int32, Int32) = (0, 1)

    init(_ values: [SQLValue]) {
        for value in values { add(value) }
    }

    private mutating func add(_ value: SQLValue) {
        switch value {
        case .null: add(nil as [UInt8]?, Self.text)
        case .integer(let integer): add(String(integer).utf8, Self.text)
        case .number(let number): add(String(number).utf8, Self.text)
        case .text(let text): add(text.utf8, Self.text)
        case .bool(let bool): add((bool ? "t" : "f").utf8, Self.text)
        case .blob(let bytes): add(bytes, Self.binary)
        }
    }

    private mutating func add(_ bytes: (some Collection<UInt8>)?, _ format: Int32) {
        offsets.append(bytes == nil ? nil : memory.count)
        if let bytes { memory += bytes }
        memory.append(0)
        lengths.append(Int32(bytes?.count ?? 0))
        formats.append(format)
    }

    /// Calls a function of libpq with the number of arguments, their values, lengths and formats.
    func with<Result>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Result
    ) -> Result {
        memory.withUnsafeBytes { memory in
            let values = offsets.map { offset in
                offset.flatMap { memory.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            }
            return body(Int32(offsets.count), values, lengths, formats)
        }
    }
}
