import CausewayJSON

/// Reads what Python's `marshal` writes in its version 2, which has no references: one pass over bytes that stay in place.
///
/// They come from untrusted code, so every length is checked before it is used.
struct MarshalReader {
    /// The bytes end too early, or are of another kind than expected.
    struct Unreadable: Error {}

    private static let deepest = 128

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// - Parameter bytes: in place as long as the reader is.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Whether nothing is left.
    var isAtEnd: Bool { position == bytes.count }

    /// The code of the next value, which stays.
    var next: MarshalCode? { position < bytes.count ? MarshalCode(rawValue: bytes[position]) : nil }

    /// Begins a tuple.
    ///
    /// - Returns: how many elements follow.
    mutating func tuple() throws(Unreadable) -> Int { try begin(.tuple) }

    /// Begins a list.
    ///
    /// - Returns: how many elements follow.
    mutating func list() throws(Unreadable) -> Int { try begin(.list) }

    /// Reads bytes.
    mutating func data() throws(Unreadable) -> UnsafeRawBufferPointer {
        try take(.bytes)
        return try piece(count())
    }

    mutating func integer() throws(Unreadable) -> Int64 {
        guard case .integer(let value) = try value() else { throw Unreadable() }
        return value
    }

    /// Reads a value of JSON: none, a truth value, a whole number of 64 bits, a text, a list, or a dictionary with texts as names.
    mutating func value() throws(Unreadable) -> JSONValue { try value(depth: 0) }

    private mutating func value(depth: Int) throws(Unreadable) -> JSONValue {
        guard depth < Self.deepest, let code = next else { throw Unreadable() }
        switch code {
        case .none, .true, .false:
            position += 1
            return code == .none ? .null : .bool(code == .true)
        case .integer:
            position += 1
            return .integer(Int64(Int32(bitPattern: try number())))
        case .long: return .integer(try long())
        case .text: return .string(try text())
        case .list:
            // Nothing is reserved for the count: lists in lists could each claim as much as is left.
            let count = try list()
            var values: [JSONValue] = []
            for _ in 0..<count { values.append(try value(depth: depth + 1)) }
            return .array(values)
        case .dictionary:
            position += 1
            var members: [String: JSONValue] = [:]
            while next != .end { members[try text()] = try value(depth: depth + 1) }
            position += 1
            return .object(members)
        case .double, .shortName, .bytes, .tuple, .end, .reference: throw Unreadable()
        }
    }

    private mutating func text() throws(Unreadable) -> String {
        try take(.text)
        guard let text = String(utf8: try piece(count()).assumingMemoryBound(to: UInt8.self)) else {
            throw Unreadable()
        }
        return text
    }

    /// Digits of 15 bits, the lowest first.
    private mutating func long() throws(Unreadable) -> Int64 {
        try take(.long)
        let length = Int(Int32(bitPattern: try number()))
        var magnitude: UInt64 = 0
        let digits = try piece(2 * abs(length))
        for place in stride(from: digits.count - 2, through: 0, by: -2) {
            guard magnitude >> 49 == 0 else { throw Unreadable() }
            magnitude = magnitude << 15 | UInt64(digits[place]) | UInt64(digits[place + 1]) << 8
        }
        guard magnitude <= UInt64(Int64.max) + (length < 0 ? 1 : 0) else { throw Unreadable() }
        return Int64(bitPattern: length < 0 ? 0 &- magnitude : magnitude)
    }

    private mutating func begin(_ code: MarshalCode) throws(Unreadable) -> Int {
        try take(code)
        let count = try count()
        guard count <= bytes.count - position else { throw Unreadable() }
        return count
    }

    private mutating func take(_ code: MarshalCode) throws(Unreadable) {
        guard next == code else { throw Unreadable() }
        position += 1
    }

    private mutating func count() throws(Unreadable) -> Int { Int(try number()) }

    private mutating func number() throws(Unreadable) -> UInt32 {
        UInt32(littleEndian: try piece(4).loadUnaligned(as: UInt32.self))
    }

    private mutating func piece(_ count: Int) throws(Unreadable) -> UnsafeRawBufferPointer {
        guard count <= bytes.count - position else { throw Unreadable() }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}
