import CausewayModel

/// A line of a file that cannot be used, and why.
package struct LineProblem: Error, Hashable, Sendable {
    /// From 1 on.
    package let line: Int
    package let reason: String

    package init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }
}

/// A record of a CSV file with the number of the line it starts on.
struct CSVRecord: Equatable {
    let line: Int
    let fields: [String]
}

/// Reads records (RFC 4180 and its variants): the separator is detected, quoted fields may contain separators, line
/// ends and doubled quotes, and empty lines are skipped. A quote that is never closed costs only its own line.
struct CSVReader {
    private var file: TextFile
    private let separator: UInt8
    /// Lines that were read into a quoted field that turned out not to end.
    private var returned: [Line] = []

    private typealias Line = (number: Int, bytes: ArraySlice<UInt8>)

    /// How many lines a quoted field may span.
    private static let mostLines = 100

    /// The record with the column names.
    let header: CSVRecord

    /// - Throws: ``ImportFileError`` if the file cannot be read or has no header.
    init(path: String) throws {
        file = try TextFile(path: path)
        var line = try Self.firstLine(&file)
        var declared: UInt8?
        while let prelude = Prelude(file.encoding.text(line.bytes)) {
            if case .separator(let sign) = prelude { declared = sign }
            line = try Self.firstLine(&file)
        }
        separator = declared ?? Self.separator(of: line.bytes)
        let fields = CSVLine.fields(of: line.bytes, separator)
        guard case .complete(let cells) = fields else {
            throw ImportFileError("The header of \(path) has a quote that is not closed.")
        }
        let encoding = file.encoding
        header = CSVRecord(line: line.number, fields: cells.map { encoding.text($0).trimmed })
    }

    /// A line before the header.
    private enum Prelude {
        /// `sep=;`, for Excel.
        case separator(UInt8)
        /// The version of Entra's templates; the type that Windows PowerShell's `Export-Csv` writes.
        case version, type

        init?(_ line: String) {
            let text = line.trimmed.lowercased().drop { $0 == "\"" }
            if text.hasPrefix("sep="), let sign = text.utf8.last {
                self = .separator(sign)
            } else if text.hasPrefix("version:v") {
                self = .version
            } else if text.hasPrefix("#type ") {
                self = .type
            } else {
                return nil
            }
        }
    }

    private static func firstLine(_ file: inout TextFile) throws -> Line {
        while let line = try file.nextLine() {
            if line.bytes.contains(where: { $0 > 32 }) { return line }
        }
        throw ImportFileError("\(file.path) has no header; its first line must name the columns.")
    }

    /// The character that separates most columns, outside quoted text.
    private static func separator(of line: ArraySlice<UInt8>) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in line {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, ",;\t|".utf8.contains(byte) { counts[byte, default: 0] += 1 }
        }
        return ",;\t|".utf8.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) } ?? UInt8(ascii: ",")
    }

    /// The next record, or what is wrong with it; nil at the end of the file.
    mutating func next() throws -> Result<CSVRecord, LineProblem>? {
        while let line = try nextLine() {
            guard line.bytes.contains(where: { $0 > 32 && $0 != separator }) else { continue }
            return try record(startingWith: line)
        }
        return nil
    }

    private mutating func record(startingWith first: Line) throws -> Result<CSVRecord, LineProblem> {
        var bytes = Array(first.bytes)
        var further: [Line] = []
        while true {
            switch CSVLine.fields(of: bytes[...], separator) {
            case .complete(let cells):
                guard cells.count <= header.fields.count || cells[header.fields.count...].allSatisfy(\.isEmpty) else {
                    let reason = "it has \(cells.count) fields, the header has \(header.fields.count)"
                    return .failure(LineProblem(line: first.number, reason: reason))
                }
                return .success(CSVRecord(line: first.number, fields: cells.map { file.encoding.text($0).trimmed }))
            case .strayText:
                // The quote that seemed to close it may open a field of a later line.
                returned = further + returned
                return .failure(LineProblem(line: first.number, reason: "there is text after a closing quote"))
            case .open:
                guard further.count < Self.mostLines, let line = try nextLine() else {
                    returned = further + returned
                    return .failure(LineProblem(line: first.number, reason: "a quote is not closed"))
                }
                further.append(line)
                bytes.append(10)
                bytes.append(contentsOf: line.bytes)
            }
        }
    }

    private mutating func nextLine() throws -> Line? {
        returned.isEmpty ? try file.nextLine() : returned.removeFirst()
    }
}

/// Splits the bytes of a record into fields. Pure.
enum CSVLine {
    case complete([[UInt8]])
    /// It ends inside a quoted field.
    case open
    case strayText

    private static let quote = UInt8(ascii: "\"")

    static func fields(of line: ArraySlice<UInt8>, _ separator: UInt8) -> CSVLine {
        var fields: [[UInt8]] = []
        var position = line.startIndex
        while true {
            let field: [UInt8]
            if position < line.endIndex, line[position] == quote {
                guard let (text, after) = quoted(line[(position + 1)...]) else { return .open }
                field = text
                position = line[after...].firstIndex { $0 != 32 } ?? line.endIndex
                guard position == line.endIndex || line[position] == separator else { return .strayText }
            } else {
                let end = line[position...].firstIndex(of: separator) ?? line.endIndex
                field = Array(line[position..<end])
                position = end
            }
            fields.append(field)
            guard position < line.endIndex else { return .complete(fields) }
            position += 1
        }
    }

    /// The text up to the closing quote, and the position after that quote.
    private static func quoted(_ rest: ArraySlice<UInt8>) -> (text: [UInt8], after: Int)? {
        var text: [UInt8] = []
        var position = rest.startIndex
        while let end = rest[position...].firstIndex(of: quote) {
            text.append(contentsOf: rest[position..<end])
            guard end + 1 < rest.endIndex, rest[end + 1] == quote else { return (text, end + 1) }
            text.append(quote)
            position = end + 2
        }
        return nil
    }
}
