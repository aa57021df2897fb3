extension JSONValue {
    /// Reads one JSON text (RFC 8259, UTF-8), with only white space around it.
    ///
    /// If members have the same name, the last one counts. Nesting deeper than 128 levels is refused, so that a hostile text
    /// cannot exhaust the stack.
    ///
    /// - Throws: ``JSONError`` if the bytes are not such a text.
    public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
        let parsed = bytes.withContiguousStorageIfAvailable { buffer -> Result<JSONValue, JSONError> in
            do throws(JSONError) { return .success(try JSONParser.parse(buffer)) } catch { return .failure(error) }
        }
        if let parsed {
            self = try parsed.get()
        } else {
            try self.init(parsing: Array(bytes))
        }
    }

    /// Reads one JSON text from a string.
    ///
    /// - Throws: ``JSONError`` if the string is not such a text.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// A recursive-descent parser over bytes that stay in place; one pass, one byte of look-ahead.
struct JSONParser {
    private static let deepest = 128

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// The members read so far of the objects that are still open, the innermost object's last. A dictionary is made once their number
    /// is known: growing one costs more than reading its members.
    private var open: [(name: String, value: JSONValue)] = []

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("more text after the value") }
        return value
    }

    private func error(_ problem: String) -> JSONError { JSONError(problem, at: position) }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// The next byte that is not white space, without consuming it.
    private mutating func peek() throws(JSONError) -> UInt8 {
        skipSpace()
        guard position < bytes.count else { throw error("the text ends too early") }
        return bytes[position]
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= Self.deepest else { throw error("nesting deeper than \(Self.deepest) levels") }
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("a value was expected")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { throw error("the text ends too early") }
        for index in 0..<length where bytes[position + index] != word.utf8Start[index] {
            throw error("a value was expected")
        }
        position += length
        return value
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        if try peek() == UInt8(ascii: "}") {
            position += 1
            return .object([:])
        }
        let first = open.count
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw error("a member name was expected") }
            let name = try string()
            guard try peek() == UInt8(ascii: ":") else { throw error("':' was expected") }
            position += 1
            open.append((name, try value(depth: depth + 1)))
            if try endOfList(UInt8(ascii: "}")) { return .object(closeObject(from: first)) }
        }
    }

    /// The members from an index on, of which the last of a name counts.
    private mutating func closeObject(from first: Int) -> [String: JSONValue] {
        var members = [String: JSONValue](minimumCapacity: open.count - first)
        for (name, value) in open[first...] { members[name] = value }
        open.removeSubrange(first...)
        return members
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        if try peek() == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            if try endOfList(UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    /// Consumes a comma (false) or the closing bracket (true).
    private mutating func endOfList(_ closing: UInt8) throws(JSONError) -> Bool {
        let byte = try peek()
        guard byte == closing || byte == UInt8(ascii: ",") else {
            throw error("',' or '\(Character(UnicodeScalar(closing)))' was expected")
        }
        position += 1
        return byte == closing
    }
}

// MARK: - Numbers

extension JSONParser {
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        try digits()
        if position - firstDigit > 1, bytes[firstDigit] == UInt8(ascii: "0") {
            throw JSONError("a number with a leading zero", at: firstDigit)
        }
        let isWhole = try !fractionOrExponent()
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw JSONError("a number out of range", at: start) }
        return .number(value)
    }

    private mutating func fractionOrExponent() throws(JSONError) -> Bool {
        var found = false
        if current == UInt8(ascii: ".") {
            found = true
            position += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            found = true
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return found
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        guard position > start else { throw error("a digit was expected") }
    }
}

// MARK: - Strings

extension JSONParser {
    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                let text = try utf8(start..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw error("a control character in a string")
            default: position += 1
            }
        }
        throw error("a string without an end")
    }

    private func utf8(_ range: Range<Int>) throws(JSONError) -> String {
        guard let text = String(utf8: UnsafeBufferPointer(rebasing: bytes[range])) else {
            throw JSONError("a string that is not UTF-8", at: range.lowerBound)
        }
        return text
    }

    /// The rarer form: the text is put together piece by piece.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<position])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: text, as: UTF8.self) else {
                    throw JSONError("a string that is not UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"):
                text.append(contentsOf: UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter)
            case 0..<0x20: throw error("a control character in a string")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error("a string without an end")
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        position += 1
        guard let byte = current else { throw error("a string without an end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw JSONError("an unknown escape in a string", at: position - 1)
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let start = position
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        // A surrogate: only a high one followed by a low one makes a character.
        guard unit < 0xDC00, current == UInt8(ascii: "\\") else { throw JSONError("half a surrogate pair", at: start) }
        position += 1
        guard current == UInt8(ascii: "u") else { throw JSONError("half a surrogate pair", at: start) }
        position += 1
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        else { throw JSONError("half a surrogate pair", at: start) }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw error("four hexadecimal digits were expected") }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Self.hexadecimalDigit(byte) else { throw error("four hexadecimal digits were expected") }
            value = value << 4 | digit
        }
        position += 4
        return value
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
