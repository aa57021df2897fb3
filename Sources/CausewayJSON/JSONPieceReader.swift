/// Reads a JSON text that arrives in pieces, with the same result as ``JSONValue/init(parsing:)-(Sequence<UInt8>)``.
///
/// Elements of the outermost object's arrays are read as soon as they are complete, straight from their piece. So
/// at most one element of a long list, which spans two pieces, is kept as text.
public struct JSONPieceReader: Sendable {
    private enum Phase: Sendable {
        /// Before the first byte that is not white space.
        case start
        /// In a member of the outermost object, from its name to the comma or brace after it.
        case member
        /// In an array of the outermost object.
        case elements
        /// After such an array.
        case afterArray
        /// After the outermost object.
        case end
        /// The text is not an object: it is kept whole.
        case other
    }

    private var phase = Phase.start
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// The part of the present unit that came with earlier pieces.
    private var pending: [UInt8] = []
    private var members: [String: JSONValue] = [:]
    private var name = ""
    private var elements: [JSONValue] = []
    /// Whether a comma came last, so that another member or element must follow.
    private var isOpen = false
    /// Bytes in the pieces before this one.
    private var offset = 0

    public init() {}

    /// Reads the next piece.
    ///
    /// - Throws: ``JSONError`` as soon as it is clear that this is not a JSON text; its offset counts from the start of all pieces.
    public mutating func take(_ piece: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        var unit = 0
        var position = 0
        while position < piece.count {
            let byte = piece[position]
            if isInString {
                skipInString(byte)
            } else if try turns(at: byte, piece, unit..<position) {
                unit = position + 1
            }
            position += 1
        }
        pending.append(contentsOf: piece[unit...])
        offset += piece.count
    }

    /// The value, after the last piece.
    ///
    /// - Throws: ``JSONError`` if the text ends too early.
    public mutating func finish() throws(JSONError) -> JSONValue {
        switch phase {
        case .other: return try JSONValue(parsing: pending)
        case .end where Self.isBlank(pending): return .object(members)
        case .end: throw JSONError("more text after the value", at: offset)
        default: throw JSONError("the text ends too early", at: offset)
        }
    }

    private mutating func skipInString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
        }
    }

    /// Examines a byte outside strings.
    ///
    /// - Returns: whether the unit before it is complete, including the byte.
    private mutating func turns(at byte: UInt8, _ piece: UnsafeBufferPointer<UInt8>, _ unit: Range<Int>)
        throws(JSONError)
        -> Bool
    {
        switch phase {
        case .start: return start(byte)
        case .other, .end: return false
        case .afterArray: return try behindArray(byte, at: unit.upperBound)
        case .member, .elements: break
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "["):
            if phase == .member, depth == 1 { return try beginArray(text(piece, unit), at: unit.upperBound) }
            depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            guard depth == (phase == .member ? 1 : 2) else {
                depth -= 1
                return false
            }
            try endUnit(byte, piece, unit)
            return true
        case UInt8(ascii: ",") where depth == (phase == .member ? 1 : 2):
            try endUnit(byte, piece, unit)
            return true
        default: break
        }
        return false
    }

    private mutating func start(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x0A, 0x0D, 0x09: return false
        case UInt8(ascii: "{"):
            phase = .member
            depth = 1
            return true
        default:
            phase = .other
            return false
        }
    }

    // MARK: Units

    /// All bytes of the present unit.
    private func text(_ piece: UnsafeBufferPointer<UInt8>, _ unit: Range<Int>) -> [UInt8] {
        pending + piece[unit]
    }

    private mutating func endUnit(_ byte: UInt8, _ piece: UnsafeBufferPointer<UInt8>, _ unit: Range<Int>)
        throws(JSONError)
    {
        let position = unit.upperBound
        if phase == .member {
            guard byte != UInt8(ascii: "]") else { throw JSONError("',' or '}' was expected", at: offset + position) }
            try endMember(text(piece, unit), isLast: byte != UInt8(ascii: ","), at: position)
        } else {
            guard byte != UInt8(ascii: "}") else { throw JSONError("',' or ']' was expected", at: offset + position) }
            if pending.isEmpty {
                try endElement(
                    UnsafeBufferPointer(rebasing: piece[unit]),
                    isLast: byte != UInt8(ascii: ","),
                    at: position
                )
            } else {
                try endElement(text(piece, unit), isLast: byte != UInt8(ascii: ","), at: position)
            }
        }
        pending.removeAll(keepingCapacity: true)
    }

    private mutating func endMember(_ text: [UInt8], isLast: Bool, at position: Int) throws(JSONError) {
        if Self.isBlank(text) {
            guard isLast, !isOpen else { throw JSONError("a member name was expected", at: offset + position) }
        } else {
            let member = try parsed([UInt8(ascii: "{")] + text + [UInt8(ascii: "}")], at: position)
            members.merge(member.object ?? [:]) { $1 }
        }
        isOpen = !isLast
        if isLast { phase = .end }
    }

    private mutating func endElement(_ text: some Collection<UInt8>, isLast: Bool, at position: Int) throws(JSONError) {
        if Self.isBlank(text) {
            guard isLast, !isOpen else { throw JSONError("a value was expected", at: offset + position) }
        } else {
            elements.append(try parsed(text, at: position))
        }
        isOpen = !isLast
        guard isLast else { return }
        members[name] = .array(elements)
        elements = []
        phase = .afterArray
    }

    /// - Parameter text: what comes before the bracket: a name and a colon.
    private mutating func beginArray(_ text: [UInt8], at position: Int) throws(JSONError) -> Bool {
        let probe = try parsed([UInt8(ascii: "{")] + text + Array("0}".utf8), at: position)
        guard let name = probe.object?.keys.first else {
            throw JSONError("a member name was expected", at: offset + position)
        }
        self.name = name
        phase = .elements
        depth = 2
        isOpen = false
        pending.removeAll(keepingCapacity: true)
        return true
    }

    private mutating func behindArray(_ byte: UInt8, at position: Int) throws(JSONError) -> Bool {
        switch byte {
        case 0x20, 0x0A, 0x0D, 0x09: break
        case UInt8(ascii: ","):
            phase = .member
            isOpen = true
        case UInt8(ascii: "}"): phase = .end
        default: throw JSONError("',' or '}' was expected", at: offset + position)
        }
        depth = 1
        return true
    }

    private func parsed(_ text: some Collection<UInt8>, at end: Int) throws(JSONError) -> JSONValue {
        do throws(JSONError) { return try JSONValue(parsing: text) } catch {
            throw JSONError(error.problem, at: max(0, offset + end - text.count + error.offset))
        }
    }

    private static func isBlank(_ text: some Collection<UInt8>) -> Bool {
        text.allSatisfy { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
    }
}
