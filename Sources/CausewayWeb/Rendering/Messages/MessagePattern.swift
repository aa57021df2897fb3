/// A message with placeholders, and its translation.
///
/// `Run {run} came first.` is the English pattern of a sentence that the engine makes, `Der Lauf {run} kam zuvor.` its
/// translation. What stands for a placeholder is translated too if it is a message itself, unless the translation quotes it or
/// calls it a name: a value stays as it is.
struct MessagePattern: Sendable {
    /// What English texts have before, between and after the placeholders, in UTF-8. The first and the last can be empty.
    let literals: [[UInt8]]
    /// The placeholders of the English text in their order, one fewer than the literals.
    let names: [String]
    /// Placeholders whose values stay as they are.
    let verbatim: Set<String>
    private let translation: [TranslationPart]

    init(_ english: String, _ translation: String) {
        let parts = Self.parts(of: english)
        var (literals, names) = ([[UInt8]](), [String]())
        var literal = ""
        for part in parts {
            switch part {
            case .literal(let text): literal += text
            case .value(let name):
                literals.append(Array(literal.utf8))
                names.append(name)
                literal = ""
            }
        }
        self.literals = literals + [Array(literal.utf8)]
        self.names = names
        self.translation = Self.parts(of: translation)
        verbatim = Set(
            names.filter { $0.hasSuffix("name") || $0.hasSuffix("names") || Self.quotes($0, in: translation) }
        )
    }

    /// How much of the pattern is literal, blanks not counted. The more there is, the less a match is a coincidence.
    var weight: Int { literals.reduce(0) { $0 + $1.count { $0 != UInt8(ascii: " ") } } }

    /// The translation with the values of the placeholders.
    func filled(_ values: [String: String]) -> String {
        translation.map { part in
            switch part {
            case .literal(let text): text
            case .value(let name): values[name] ?? ""
            }
        }
        .joined()
    }

    private enum TranslationPart: Sendable {
        case literal(String)
        case value(String)
    }

    private static func quotes(_ name: String, in translation: String) -> Bool {
        translation.contains("„{\(name)}“") || translation.contains("'{\(name)}")
    }

    private static func parts(of text: String) -> [TranslationPart] {
        var parts: [TranslationPart] = []
        var rest = text[...]
        while let match = rest.firstMatch(of: /\{([a-z][a-z0-9_]*)\}/) {
            if match.range.lowerBound > rest.startIndex {
                parts.append(.literal(String(rest[..<match.range.lowerBound])))
            }
            parts.append(.value(String(match.output.1)))
            rest = rest[match.range.upperBound...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        return parts
    }
}
