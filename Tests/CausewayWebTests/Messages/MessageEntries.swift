import CausewayJSON
import Foundation

@testable import CausewayWeb

/// The content of the German catalog of messages.
struct MessageEntries {
    /// Patterns with their translations.
    let patterns: [String: String]
    /// Patterns of texts that sources put together from single words.
    let composed: [String: String]

    init() throws {
        let file = WebResources.built.folder.appending(path: "texts/messages.de.json")
        let members = try JSONValue(parsing: Data(contentsOf: file)).object ?? [:]
        func entries(_ key: String) -> [String: String] { members[key]?.object?.compactMapValues(\.string) ?? [:] }
        patterns = members.keys.filter { $0.hasPrefix("Causeway") }.map(entries).reduce(into: [:]) {
            $0.merge($1) { $1 }
        }
        composed = entries("composed")
    }

    /// A pattern as sources have it: without the names of its values, and without blanks at its ends.
    static func shape(_ pattern: String) -> String {
        pattern.replacing(/\{[a-z0-9_]+\}/, with: "{}").trimmingCharacters(in: .whitespaces)
    }

    /// The English patterns with so many words that no other text has them, as regular expressions.
    var sentences: [String] {
        patterns.filter { $0.key != $0.value }.keys.map(Self.shape).filter { $0.matches(of: /[A-Za-z]{2,}/).count >= 4 }
            .map { shape in
                shape.components(separatedBy: "{}").map(NSRegularExpression.escapedPattern).joined(separator: ".+?")
            }
            .sorted()
    }
}
