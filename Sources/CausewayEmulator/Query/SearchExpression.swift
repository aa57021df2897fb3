import CausewayGraphTypes
import CausewayJSON

/// An OData `$search` of directory objects: `"displayName:smith" AND ("mail:a" OR "mail:b")` (Graph, "Use the $search query
/// parameter").
indirect enum SearchExpression: Sendable, Equatable {
    case and(SearchExpression, SearchExpression)
    case or(SearchExpression, SearchExpression)
    /// Words, each of which must be the beginning of a word of the property; or, for properties that are not words, their beginning.
    case clause(property: String, SearchWords)

    private static let wordProperties: Set<String> = ["displayName", "description"]

    func matches(_ entry: DirectoryEntry) -> Bool {
        switch self {
        case .and(let one, let other): one.matches(entry) && other.matches(entry)
        case .or(let one, let other): one.matches(entry) || other.matches(entry)
        case .clause(let property, let value):
            if property == "any" {
                Self.wordProperties.contains { Self.matches(entry, $0, value) }
            } else {
                Self.matches(entry, property, value)
            }
        }
    }

    private static func matches(_ entry: DirectoryEntry, _ property: String, _ wanted: SearchWords) -> Bool {
        let values = entry.value(property).array?.compactMap(\.string) ?? [entry.value(property).string ?? ""]
        guard wordProperties.contains(property) else {
            return values.contains { $0.lowercased().hasPrefix(wanted.text) }
        }
        return values.contains { SearchWords($0).fit(wanted) }
    }
}

/// Reads `$search`.
struct SearchParser {
    private enum Token: Equatable {
        case clause(String), word(String), opening, closing
    }

    private var tokens: ArraySlice<Token>
    private var nodes = NodeCount()
    private let vocabulary: Vocabulary

    private init(_ tokens: [Token], _ vocabulary: Vocabulary) {
        (self.tokens, self.vocabulary) = (tokens[...], vocabulary)
    }

    /// - Throws: ``GraphProblem`` with Graph's text.
    static func parse(_ text: String, _ vocabulary: Vocabulary) throws(GraphProblem) -> SearchExpression {
        var parser = SearchParser(try tokens(of: text), vocabulary)
        let expression = try parser.disjunction()
        guard parser.tokens.isEmpty else { throw invalid }
        return expression
    }

    private static let invalid = GraphProblem.malformed("Syntax error: the $search clause is invalid.")

    private static func tokens(of text: String) throws(GraphProblem) -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let first = rest.first {
            switch first {
            case " ": rest.removeFirst()
            case "(", ")":
                tokens.append(first == "(" ? .opening : .closing)
                rest.removeFirst()
            case "\"":
                rest.removeFirst()
                tokens.append(.clause(try clause(&rest)))
            default:
                let word = rest.prefix { !" ()\"".contains($0) }
                tokens.append(.word(String(word)))
                rest = rest.dropFirst(word.count)
            }
        }
        return tokens
    }

    /// The rest of a clause up to its closing quotes; a backslash precedes quotes and backslashes that belong to it.
    private static func clause(_ rest: inout Substring) throws(GraphProblem) -> String {
        var text = ""
        while let next = rest.popFirst() {
            switch next {
            case "\"": return text
            case "\\":
                guard let escaped = rest.popFirst() else { throw invalid }
                text.append(escaped)
            default: text.append(next)
            }
        }
        throw invalid
    }

    private mutating func disjunction() throws(GraphProblem) -> SearchExpression {
        var left = try conjunction()
        while tokens.first == .word("OR") {
            tokens.removeFirst()
            left = .or(left, try conjunction())
        }
        return left
    }

    private mutating func conjunction() throws(GraphProblem) -> SearchExpression {
        var left = try operand()
        while tokens.first == .word("AND") {
            tokens.removeFirst()
            left = .and(left, try operand())
        }
        return left
    }

    private mutating func operand() throws(GraphProblem) -> SearchExpression {
        try nodes.enter()
        defer { nodes.leave() }
        switch tokens.popFirst() {
        case .opening:
            let inner = try disjunction()
            guard tokens.popFirst() == .closing else { throw Self.invalid }
            return inner
        case .clause(let text):
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Self.invalid }
            let name = vocabulary.spelling(of: parts[0])
            guard name == "any" || vocabulary.canSearch(name) else {
                throw .unsupportedQuery("The property '\(name)' cannot be searched.")
            }
            return .clause(property: name, SearchWords(parts[1]))
        default: throw Self.invalid
        }
    }
}
