import CausewayJSON

/// Writes values as Python's `marshal` reads them, straight to bytes: this runs for every object of every sync.
///
/// Python reads it in half the time of JSON. The names of members are sent once in a message and referred to from then on (CPython,
/// Python/marshal.c; version 4 of the format, which every supported Python reads).
struct MarshalWriter {
    private(set) var bytes: [UInt8] = []
    /// The names written so far, by their place among all references.
    private var names: [String: UInt32]

    /// - Parameter capacity: the expected number of bytes.
    init(capacity: Int = 256) {
        names = Dictionary(minimumCapacity: 64)
        bytes.reserveCapacity(capacity)
    }

    mutating func beginTuple(_ count: Int) { write(.tuple, UInt32(count)) }

    mutating func beginList(_ count: Int) { write(.list, UInt32(count)) }

    /// Members follow, each a name and a value, and then ``endDictionary()``.
    mutating func beginDictionary() { bytes.append(MarshalCode.dictionary.rawValue) }

    mutating func endDictionary() { bytes.append(MarshalCode.end.rawValue) }

    /// A name that was written, by its place among all of them.
    mutating func write(nameAt place: Int) { write(.reference, UInt32(place)) }

    mutating func write(name: String) {
        if let place = names[name] { return write(.reference, place) }
        names[name] = UInt32(names.count)
        var name = name
        name.withUTF8 { text in
            let isShort = text.count < 256 && text.allSatisfy { $0 < 0x80 }
            bytes.append((isShort ? MarshalCode.shortName : .text).rawValue | MarshalCode.canBeReferredTo)
            if isShort { bytes.append(UInt8(text.count)) } else { write(UInt32(text.count)) }
            bytes.append(contentsOf: text)
        }
    }

    mutating func writeNone() { bytes.append(MarshalCode.none.rawValue) }

    mutating func write(_ value: Bool) { bytes.append((value ? MarshalCode.true : .false).rawValue) }

    mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { text in
            write(.text, UInt32(text.count))
            bytes.append(contentsOf: text)
        }
    }

    /// A text of this many letters of ASCII, which the closure appends.
    mutating func writeASCII(_ count: Int, _ append: (inout [UInt8]) -> Void) {
        write(.text, UInt32(count))
        append(&bytes)
    }

    mutating func write(_ value: Int64) {
        if let short = Int32(exactly: value) { return write(.integer, UInt32(bitPattern: short)) }
        // Digits of 15 bits, the lowest first; the sign is that of their number.
        var (rest, digits) = (value.magnitude, [UInt16]())
        while rest > 0 {
            digits.append(UInt16(rest & 0x7FFF))
            rest >>= 15
        }
        write(.long, UInt32(bitPattern: Int32(value < 0 ? -digits.count : digits.count)))
        for digit in digits { bytes += [UInt8(digit & 0xFF), UInt8(digit >> 8)] }
    }

    mutating func write(_ value: Double) {
        bytes.append(MarshalCode.double.rawValue)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A value of JSON; the members of an object are sorted by name.
    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: writeNone()
        case .bool(let value): write(value)
        case .integer(let value): write(value)
        case .number(let value): value.isFinite ? write(value) : writeNone()
        case .string(let text): write(text)
        case .array(let values):
            beginList(values.count)
            for value in values { write(value) }
        case .object(let members): write(members)
        }
    }

    /// An object, its members sorted by name.
    mutating func write(_ members: [String: JSONValue]) {
        beginDictionary()
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            write(name: name)
            write(value)
        }
        endDictionary()
    }

    private mutating func write(_ code: MarshalCode, _ number: UInt32) {
        // One piece: each appending has a price.
        let piece = UInt64(code.rawValue) | UInt64(number) << 8
        withUnsafeBytes(of: piece.littleEndian) {
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[..<5]))
        }
    }

    private mutating func write(_ number: UInt32) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
}

/// The kinds of values in Python's `marshal`, as far as they are exchanged.
enum MarshalCode: UInt8 {
    case none = 0x4E
    case `true` = 0x54
    case `false` = 0x46
    case integer = 0x69
    case long = 0x6C
    case double = 0x67
    /// With four bytes of length, in UTF-8.
    case text = 0x75
    /// With one byte of length, in ASCII; Python keeps it as it keeps the names of attributes.
    case shortName = 0x5A
    case bytes = 0x73
    case tuple = 0x28
    case list = 0x5B
    case dictionary = 0x7B
    /// The end of a dictionary.
    case end = 0x30
    case reference = 0x72

    /// Added to the code of a value that references may name.
    static let canBeReferredTo: UInt8 = 0x80
}
