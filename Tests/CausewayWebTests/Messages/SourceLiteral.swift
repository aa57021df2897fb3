import Foundation

/// A literal of a source, with those that are joined to it, and with `{}` for each value in it.
struct SourceLiteral {
    let text: String
    /// The code on its line, or on the lines above, as far as the previous literal's end.
    let before: String
    /// The code behind it, in a few characters.
    let after: String
    let line: Int

    /// All literals of a source, also those within the values of others.
    static func all(inSwift source: String) -> [SourceLiteral] {
        SourceReader(source, comment: Array("//".utf8), isSwift: true).literals()
    }

    /// All literals of a source, without texts in three quotes.
    static func all(inPython source: String) -> [SourceLiteral] {
        SourceReader(source, comment: Array("#".utf8), isSwift: false).literals()
    }

    /// Whether a text could be this literal with some of its values: `create user {name}` is an instance of `create {}`.
    func hasInstance(_ other: String) -> Bool {
        let pieces = text.components(separatedBy: "{}")
        guard pieces.count > 1, let first = pieces.first, let last = pieces.last, other.hasPrefix(first),
            other.hasSuffix(last), other.count >= first.count + last.count
        else { return text == other }
        var rest = other.dropFirst(first.count).dropLast(last.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.range(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}

/// Reads the literals of a source in Swift or Python. It knows just as much of both languages as their literals need.
private struct SourceReader {
    private let bytes: [UInt8]
    private let comment: [UInt8]
    private let isSwift: Bool
    private var position = 0

    private static let quote = UInt8(ascii: "\"")
    private static let newline = UInt8(ascii: "\n")
    private static let backslash = UInt8(ascii: "\\")
    private static let three = [quote, quote, quote]

    init(_ source: String, comment: [UInt8], isSwift: Bool) {
        (bytes, self.comment, self.isSwift) = (Array(source.utf8), comment, isSwift)
    }

    private struct Raw {
        var text: String
        let start: Int
        var end: Int
        /// The code of its values.
        var values: [String]
    }

    func literals() -> [SourceLiteral] {
        var reader = self
        var joined: [Raw] = []
        while let next = reader.next() {
            if let last = joined.last, joins(code(last.end..<next.start)) {
                joined[joined.count - 1] = Raw(
                    text: last.text + next.text,
                    start: last.start,
                    end: next.end,
                    values: last.values + next.values
                )
            } else {
                joined.append(next)
            }
        }
        return joined.flatMap { raw in
            let line = bytes[..<raw.start].count { $0 == Self.newline } + 1
            let own = SourceLiteral(
                text: raw.text,
                before: code(max(0, raw.start - 160)..<raw.start),
                after: code(raw.end..<min(bytes.count, raw.end + 12)),
                line: line
            )
            let nested = raw.values.flatMap { SourceReader($0, comment: comment, isSwift: isSwift).literals() }
                .map { SourceLiteral(text: $0.text, before: $0.before, after: $0.after, line: line + $0.line - 1) }
            return [own] + nested
        }
    }

    /// Whether two literals with this between them are one: Python needs nothing between them.
    private func joins(_ code: String) -> Bool {
        code.trimmingCharacters(in: .whitespacesAndNewlines) == (isSwift ? "+" : "")
    }

    private func code(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private mutating func next() -> Raw? {
        while position < bytes.count {
            if isAt(comment) {
                while position < bytes.count, bytes[position] != Self.newline { position += 1 }
            } else if bytes[position] == Self.quote {
                let start = position
                if isAt(Self.three) {
                    let raw = isSwift ? several(start) : nil
                    if let raw { return raw }
                    skipThree()
                } else if let raw = one(start, hashes: hashes(before: start)) {
                    return raw
                }
            } else {
                position += 1
            }
        }
        return nil
    }

    private func hashes(before start: Int) -> Int {
        var count = 0
        while start - count > 0, bytes[start - count - 1] == UInt8(ascii: "#") { count += 1 }
        return isSwift ? count : 0
    }

    private mutating func skipThree() {
        position += 3
        while position < bytes.count, !isAt(Self.three) { position += 1 }
        position += 3
    }

    /// A literal in one line; nil if it does not end there.
    private mutating func one(_ start: Int, hashes: Int) -> Raw? {
        position += 1
        var text: [UInt8] = []
        var values: [String] = []
        let isFormatted = isSwift || (start > 0 && bytes[start - 1] == UInt8(ascii: "f"))
        let closing = [Self.quote] + Array(repeating: UInt8(ascii: "#"), count: hashes)
        while position < bytes.count, bytes[position] != Self.newline {
            if isAt(closing) {
                position += closing.count
                return Raw(
                    text: String(decoding: text, as: UTF8.self),
                    start: start - hashes,
                    end: position,
                    values: values
                )
            }
            take(&text, &values, isFormatted: isFormatted, isRaw: hashes > 0)
        }
        return nil
    }

    /// A literal in three quotes: without its indentation, and with continued lines in one.
    private mutating func several(_ start: Int) -> Raw? {
        position += 3
        var text: [UInt8] = []
        var values: [String] = []
        while position < bytes.count, !isAt(Self.three) {
            if bytes[position] == Self.backslash, position + 1 < bytes.count, bytes[position + 1] == Self.newline {
                position += 2
                while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
            } else if bytes[position] == Self.newline {
                text.append(Self.newline)
                position += 1
                while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
            } else {
                take(&text, &values, isFormatted: true, isRaw: false)
            }
        }
        position += 3
        let words = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .newlines)
        return Raw(text: words, start: start, end: position, values: values)
    }

    /// One sign, one escaped sign, or one value.
    private mutating func take(_ text: inout [UInt8], _ values: inout [String], isFormatted: Bool, isRaw: Bool) {
        let sign = bytes[position]
        if !isSwift, isFormatted, sign == UInt8(ascii: "{") {
            value(&text, &values, opening: UInt8(ascii: "{"), closing: UInt8(ascii: "}"))
        } else if sign == Self.backslash, !isRaw, position + 1 < bytes.count {
            position += 1
            if isSwift, bytes[position] == UInt8(ascii: "(") {
                return value(&text, &values, opening: UInt8(ascii: "("), closing: UInt8(ascii: ")"))
            }
            let escaped: [UInt8: UInt8] = [UInt8(ascii: "n"): Self.newline, UInt8(ascii: "t"): UInt8(ascii: "\t")]
            text.append(escaped[bytes[position]] ?? bytes[position])
            position += 1
        } else {
            text.append(sign)
            position += 1
        }
    }

    private mutating func value(_ text: inout [UInt8], _ values: inout [String], opening: UInt8, closing: UInt8) {
        let start = position + 1
        var depth = 0
        var isInLiteral = false
        repeat {
            if bytes[position] == Self.quote { isInLiteral.toggle() }
            if !isInLiteral, bytes[position] == opening { depth += 1 }
            if !isInLiteral, bytes[position] == closing { depth -= 1 }
            position += 1
        } while position < bytes.count && depth > 0
        values.append(code(start..<max(start, position - 1)))
        text.append(contentsOf: "{}".utf8)
    }

    private func isAt(_ sign: [UInt8]) -> Bool { bytes[position...].starts(with: sign) }
}
