import Foundation
import Testing

/// Every text that a person reads: documents, pages, messages, comments.
@Suite("The language of the project")
struct LanguageTests {
    /// Words and phrases that read like a translation.
    private static let banned = [
        "anew", "afresh", "whoever", "whomever", "beside", "nobody", "somebody", "came of", "comes of", "come of",
        "became of", "becomes of", "become of", "of ours", "is to be", "are to be", "in step", "under way",
        "in place of", "meanwhile", "thereby", "thereof", "likewise", "as it were", "made good", "spoken of",
    ]

    /// British spellings: the project is spelled as Microsoft's documentation is.
    private static let british = [
        "behaviour", "behaviours", "colour", "colours", "coloured", "judgement", "organisation", "organisations",
        "recognise",
        "recognised", "synchronise", "synchronised", "unauthorised", "neighbour", "neighbours", "misspelt",
    ]

    /// Phrases in which such a word is right: ordinary English, a term of another field, and a released migration, which never changes.
    private static let allowed = ["nobody else", "line feed", "the next sync plans anew"]

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("no text has a banned word, or a synonym that the glossary forbids")
    func words() throws {
        let pattern = try Self.pattern(forbidden: Self.forbidden())
        let texts = try Self.texts()
        #expect(texts.count > 500)
        for text in texts {
            let found = Self.lines(of: text.prose, matching: pattern)
            #expect(found.isEmpty, "\(text.path): \(found.joined(separator: "; "))")
        }
    }

    @Test("the glossary marks the synonyms that can be checked")
    func glossary() throws {
        let forbidden = try Self.forbidden()
        #expect(forbidden.count > 20 && Set(forbidden).isSuperset(of: ["settling time", "foreign change", "discard"]))
    }

    @Test(
        "comments and sentences are checked, code and names in it are not",
        arguments: [
            ("let beside = 1 // made anew", true), ("let text = \"It is made anew.\"", true),
            ("let anew = \"anew\"", false), ("// the function `anew`", false), ("print(\"\\(anew) is a name\")", false),
            ("let data = \"to nobody@company.com\"", false), ("// nobody else", false), ("// nobody's", true),
            ("// Discarded by a person.", true),
        ]
    )
    func reading(_ source: String, _ isFound: Bool) throws {
        let pattern = try Self.pattern(forbidden: ["discard"])
        let prose = Self.withoutNames(SourceProse.text(of: source, comment: "//"))
        #expect(Self.lines(of: prose, matching: pattern).isEmpty != isFound)
    }

    // MARK: Words

    /// The synonyms in bold in the glossary's column "Not".
    private static func forbidden() throws -> [String] {
        let glossary = try String(contentsOf: root.appending(path: "docs/glossary.md"), encoding: .utf8)
        let rows = glossary.split(separator: "\n").filter { $0.hasPrefix("| ") }
        let cells = rows.compactMap { $0.split(separator: "|", omittingEmptySubsequences: false).dropLast().last }
        let bold = #/\*\*([^*]+)\*\*/#
        return cells.flatMap { (cell: Substring) -> [String] in cell.matches(of: bold).map { String($0.output.1) } }
    }

    /// Finds the words alone, not as a part of a name, an address or a query.
    private static func pattern(forbidden: [String]) throws -> NSRegularExpression {
        let words = (banned + british).joined(separator: "|")
        let synonyms = forbidden.joined(separator: "|")
        let pattern = #"(?<![\w/'=+;:])(?:(?:\#(words))|(?:\#(synonyms))(?:s|d|ed|ing)?)(?![\w@+]|\.\w|'(?!s\b))"#
        return try NSRegularExpression(pattern: pattern, options: .caseInsensitive)
    }

    /// The lines with a match, each with its number.
    private static func lines(of prose: String, matching pattern: NSRegularExpression) -> [String] {
        let text = allowed.reduce(prose) { $0.replacingOccurrences(of: $1, with: "…", options: .caseInsensitive) }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { number, line in
            guard !line.isEmpty else { return nil }
            let text = String(line)
            let range = NSRange(text.startIndex..., in: text)
            guard pattern.firstMatch(in: text, range: range) != nil else { return nil }
            return "line \(number + 1), \(text.trimmingCharacters(in: .whitespaces))"
        }
    }

    // MARK: Texts

    private struct Text {
        let path: String
        let prose: String
    }

    private static func texts() throws -> [Text] {
        let folder = root.path(percentEncoded: false)
        let places = ["docs", "findings", "Sources", "Tests"].flatMap { place in
            ((try? FileManager.default.subpathsOfDirectory(atPath: folder + place)) ?? []).map { "\(place)/\($0)" }
        }
        let documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
        return try (documents + places).compactMap { path in
            guard let read = reader(of: path) else { return nil }
            let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
            return Text(path: path, prose: withoutNames(read(text)))
        }
    }

    /// How the prose of a file is found; nil for files that are not read. The glossary and this test have the words themselves.
    private static func reader(of path: String) -> ((String) -> String)? {
        if path == "docs/glossary.md" || path.hasSuffix("/LanguageTests.swift") { return nil }
        if path.hasSuffix(".md") { return markdown }
        if path.hasSuffix(".swift") { return { text in SourceProse.text(of: text, comment: "//") } }
        if path.hasPrefix("Sources/"), path.hasSuffix(".py") {
            return { text in SourceProse.text(of: text, comment: "#") }
        }
        if path.hasSuffix("texts/en.json") { return withoutKeys }
        guard path.contains("/openapi/"), path.hasSuffix(".json") else { return nil }
        return descriptions
    }

    /// Without blocks of code and targets of links.
    private static func markdown(_ text: String) -> String {
        var isCode = false
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if line.hasPrefix("```") { isCode.toggle() }
            return isCode ? "" : String(line)
        }
        return lines.joined(separator: "\n").replacing(#/\]\([^)\n]*\)/#, with: "]")
    }

    private static func withoutKeys(_ text: String) -> String { text.replacing(#/"\w+": /#, with: "") }

    private static func descriptions(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { $0.contains("\"description\": ") ? String($0) : "" }.joined(separator: "\n")
    }

    /// Without names of code in backquotes.
    private static func withoutNames(_ prose: String) -> String { prose.replacing(#/`[^`\n]*`/#, with: "…") }
}

/// What a person reads of a source file: its comments, and its literals with a space in them. Line numbers stay as they are.
private struct SourceProse {
    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let three = [quote, quote, quote]

    private let bytes: [UInt8]
    private let comment: [UInt8]
    private var position = 0
    private var prose: [UInt8] = []

    /// - Parameter comment: the sign that begins a comment.
    static func text(of source: String, comment: String) -> String {
        var reader = SourceProse(bytes: Array(source.utf8), comment: Array(comment.utf8))
        reader.read()
        return String(decoding: reader.prose, as: UTF8.self)
    }

    private init(bytes: [UInt8], comment: [UInt8]) { (self.bytes, self.comment) = (bytes, comment) }

    private mutating func read() {
        while position < bytes.count {
            if bytes[position] == Self.quote {
                readLiteral(closing: isAt(Self.three) ? Self.three : [Self.quote])
            } else if bytes[position] == comment.first, isAt(comment) {
                while position < bytes.count, bytes[position] != Self.newline { take() }
            } else {
                skip()
            }
        }
    }

    /// A literal of one line ends with its line, so that a quote that this reader does not understand costs that line alone.
    private mutating func readLiteral(closing: [UInt8]) {
        let start = prose.count
        position += closing.count
        while position < bytes.count, bytes[position] != Self.quote || !isAt(closing) {
            if closing.count == 1, bytes[position] == Self.newline { return }
            if bytes[position] == UInt8(ascii: "\\") { skipEscape() } else { take() }
        }
        position += closing.count
        if !prose[start...].contains(UInt8(ascii: " ")) {
            prose.replaceSubrange(start..., with: prose[start...].filter { $0 == Self.newline })
        }
        prose.append(UInt8(ascii: " "))
    }

    /// An escaped sign, or an interpolation up to its closing parenthesis.
    private mutating func skipEscape() {
        position += 1
        var depth = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "(") { depth += 1 }
            if bytes[position] == UInt8(ascii: ")") { depth -= 1 }
            skip()
            if depth <= 0 { break }
        }
        prose.append(contentsOf: "…".utf8)
    }

    private mutating func skip() {
        if bytes[position] == Self.newline { prose.append(Self.newline) }
        position += 1
    }

    private mutating func take() {
        prose.append(bytes[position])
        position += 1
    }

    private func isAt(_ sign: [UInt8]) -> Bool { bytes[position...].starts(with: sign) }
}
