import CausewayJSON
import CausewayModel
import Foundation

/// What the API and the engine say, in one of the interface's languages.
///
/// Messages are English where they are made, stored and returned. The catalog translates a message when a page shows it, so that
/// stored messages have the language of each viewer.
struct MessageCatalog: Sendable {
    /// The longest first: if two explain equally much of a text, the longer one does so more precisely.
    let patterns: [MessagePattern]
    /// Single words that stand for placeholders, such as `user`.
    let words: [String: String]
    /// What joins the elements of lists: `" and "`.
    let joints: [(english: [UInt8], translation: String)]
    /// Patterns by the beginning of their first literal.
    private let byBeginning: [[UInt8]: [Int]]
    /// Patterns with less than that before their first placeholder, by the end of their last literal.
    private let byEnd: [[UInt8]: [Int]]
    /// Patterns with little before and behind their placeholders.
    private let others: [Int]

    /// So much of a pattern's beginning or end is in the index.
    private static let indexed = 3
    /// Longer texts, in bytes, are data more than sentences; they stay as they are.
    private static let longest = 4000

    /// - Parameter json: patterns by module, with `words` and `joints`.
    init(_ json: JSONValue) {
        let members = json.object ?? [:]
        words = members["words"]?.object?.compactMapValues(\.string) ?? [:]
        joints = (members["joints"]?.object?.compactMapValues(\.string) ?? [:]).sorted { $0.key.count > $1.key.count }
            .map { (Array($0.key.utf8), $0.value) }
        patterns = members.filter { !["words", "joints"].contains($0.key) }.sorted { $0.key < $1.key }
            .flatMap { $0.value.object?.compactMapValues(\.string).sorted { $0.key < $1.key } ?? [] }
            .map { MessagePattern($0.key, $0.value) }
            .sorted { $0.weight > $1.weight }
        var (beginnings, ends, others) = ([[UInt8]: [Int]](), [[UInt8]: [Int]](), [Int]())
        for (index, pattern) in patterns.enumerated() {
            let (first, last) = (pattern.literals[0], pattern.literals[pattern.literals.count - 1])
            if first.count >= Self.indexed {
                beginnings[Array(first.prefix(Self.indexed)), default: []].append(index)
            } else if last.count >= Self.indexed {
                ends[Array(last.suffix(Self.indexed)), default: []].append(index)
            } else {
                others.append(index)
            }
        }
        (byBeginning, byEnd, self.others) = (beginnings, ends, others)
    }

    /// The catalog of a language; nil if messages are in that language already.
    ///
    /// - Throws: ``WebInterfaceError`` if it cannot be read.
    static func find(_ resources: WebResources, _ language: Language) throws -> MessageCatalog? {
        guard language != .english else { return nil }
        let file = resources.folder.appending(path: "texts/messages.\(language.rawValue).json")
        do { return MessageCatalog(try JSONValue(parsing: Data(contentsOf: file))) } catch {
            throw WebInterfaceError("\(file.path) cannot be read (\(error)); install the program again")
        }
    }

    /// A message in the language. What no pattern fits stays English.
    func translation(of text: String) -> MessageText {
        guard text.utf8.count <= Self.longest, text.contains(where: \.isLetter) else {
            return MessageText(parts: [.init(text: text, isEnglish: true)])
        }
        var reader = MessageReader(text, self)
        return reader.read()
    }

    /// The patterns that may fit a text.
    func candidates(_ bytes: ArraySlice<UInt8>) -> [Int] {
        (byBeginning[Array(bytes.prefix(Self.indexed))] ?? []) + (byEnd[Array(bytes.suffix(Self.indexed))] ?? [])
            + others
    }
}

/// A translated message: what is translated, and what stayed English.
struct MessageText: Sendable, Equatable {
    var parts: [Part]

    struct Part: Sendable, Equatable {
        let text: String
        let isEnglish: Bool
    }

    var text: String { parts.map(\.text).joined() }

    /// Whether a part stayed English.
    var hasEnglish: Bool { parts.contains(where: \.isEnglish) }
}
