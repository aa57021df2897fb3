import CausewayGraphTypes
import CausewayJSON

/// An OData `$search` of directory objects: `"displayName:smith" AND ("mail:a" OR "mail:b")` (Graph, "Use the $search query
/// parameter").
indirect enum SearchExpression: Sendable, Equatable {
    case and(SearchExpression, SearchExpression)
    case or(SearchExpression, SearchExpression)
    /// Words, each of which a word of the property must start with; or, of properties that are not words, its beginning.
    case clause(property: String, value: String)

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

    private static func matches(_ entry: DirectoryEntry, _ property: String, _ value: String) -> Bool {
        let values = entry.value(property).array?.compactMap(\.string) ?? [entry.value(property).string ?? ""]
        guard wordProperties.contains(property) else { return values.contains { $0.lowercased().hasPrefix(value) } }
        return values.contains { text in
            let words = words(text)
            return Self.words(value).allSatisfy { wanted in words.contains { $0.hasPrefix(wanted) } }
        }
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}

/// Reads `$search`.
struct SearchParser {
    private enum Token: Equatable {
        case clause(String), word(String), opening, closing
    }

    private var tokens: ArraySlice<Token>
    private var nodes = NodeCount()
    private let properties: [String: GraphProperty]

    private init(_ tokens: [Token], _ properties: [String: GraphProperty]) {
        (self.tokens, self.properties) = (tokens[...], properties)
    }

    /// - Throws: ``GraphProblem`` in Graph's words.
    static func parse(_ text: String, properties: [String: GraphProperty]) throws(GraphProblem) -> SearchExpression {
        var parser = SearchParser(try tokens(of: text), properties)
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
                let clause = rest.dropFirst().prefix { $0 != "\"" }
                rest = rest.dropFirst(clause.count + 1)
                guard rest.popFirst() == "\"" else { throw invalid }
                tokens.append(.clause(String(clause)))
            default:
                let word = rest.prefix { !" ()\"".contains($0) }
                tokens.append(.word(String(word)))
                rest = rest.dropFirst(word.count)
            }
        }
        return tokens
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
            guard parts[0] == "any" || properties[parts[0]]?.isSearchable == true else {
                throw .unsupportedQuery("The property '\(parts[0])' cannot be searched.")
            }
            return .clause(property: parts[0], value: parts[1].lowercased())
        default: throw Self.invalid
        }
    }
}
