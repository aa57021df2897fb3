import CausewayJSON
import Foundation

/// Reads `$filter` (OData 4.01, 5.1.1) into an expression.
struct FilterParser {
    private var tokens: ArraySlice<Token>
    private var nodes = NodeCount()

    private enum Token: Equatable {
        case word(String)
        case text(String)
        case sign(Character)
    }

    private init(_ tokens: [Token]) { self.tokens = tokens[...] }

    /// - Throws: ``GraphProblem`` with Graph's text.
    static func parse(_ text: String) throws(GraphProblem) -> FilterExpression {
        var parser = FilterParser(try tokens(of: text))
        let expression = try parser.disjunction(variable: nil)
        guard parser.tokens.isEmpty else { throw invalid }
        return expression
    }

    /// How many values `in` accepts.
    private static let valueLimit = 15
    private static let invalid = GraphProblem.malformed("Invalid filter clause.")

    private static func tokens(of text: String) throws(GraphProblem) -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let first = rest.first {
            if first == "'" {
                guard let (literal, after) = literal(at: rest) else { throw invalid }
                tokens.append(.text(literal))
                rest = after
            } else if first.isWhitespace {
                rest.removeFirst()
            } else if "(),:".contains(first) {
                tokens.append(.sign(first))
                rest.removeFirst()
            } else {
                // A colon ends a name, but not a time.
                let signs = first.isNumber ? "(),'" : "(),:'"
                let word = rest.prefix { !$0.isWhitespace && !signs.contains($0) }
                tokens.append(.word(String(word)))
                rest = rest.dropFirst(word.count)
            }
        }
        return tokens
    }

    /// A quoted text; a doubled quote means one.
    private static func literal(at text: Substring) -> (String, Substring)? {
        var value = ""
        var rest = text.dropFirst()
        while let next = rest.popFirst() {
            guard next == "'" else {
                value.append(next)
                continue
            }
            guard rest.first == "'" else { return (value, rest) }
            value.append("'")
            rest.removeFirst()
        }
        return nil
    }

    private mutating func disjunction(variable: String?) throws(GraphProblem) -> FilterExpression {
        var left = try conjunction(variable: variable)
        while take(word: "or") { left = .or(left, try conjunction(variable: variable)) }
        return left
    }

    private mutating func conjunction(variable: String?) throws(GraphProblem) -> FilterExpression {
        var left = try term(variable: variable)
        while take(word: "and") { left = .and(left, try term(variable: variable)) }
        return left
    }

    private mutating func term(variable: String?) throws(GraphProblem) -> FilterExpression {
        try nodes.enter()
        defer { nodes.leave() }
        if take(word: "not") { return .not(try term(variable: variable)) }
        if take("(") {
            let inner = try disjunction(variable: variable)
            guard take(")") else { throw Self.invalid }
            return inner
        }
        guard case .word(let word)? = tokens.popFirst() else { throw Self.invalid }
        if let function = FilterExpression.Comparison(rawValue: word.lowercased()), take("(") {
            return try call(function, variable)
        }
        if word.lowercased().hasSuffix("/any"), take("(") {
            return try lambda(String(word.dropLast("/any".count)), variable)
        }
        return try comparison(of: word, variable)
    }

    private mutating func call(
        _ function: FilterExpression.Comparison,
        _ variable: String?
    ) throws(GraphProblem) -> FilterExpression {
        guard case .word(let path)? = tokens.popFirst(), take(","), case .text(let value)? = tokens.popFirst(),
            take(")")
        else { throw Self.invalid }
        return .compare(path: Self.path(path, variable), function, [.string(value)])
    }

    private mutating func lambda(_ path: String, _ outer: String?) throws(GraphProblem) -> FilterExpression {
        guard case .word(let name)? = tokens.popFirst(), take(":") else { throw Self.invalid }
        let inner = try disjunction(variable: name)
        guard take(")") else { throw Self.invalid }
        return .any(path: Self.path(path, outer), inner)
    }

    private mutating func comparison(of path: String, _ variable: String?) throws(GraphProblem) -> FilterExpression {
        guard case .word(let word)? = tokens.popFirst(),
            let comparison = FilterExpression.Comparison(rawValue: word.lowercased())
        else { throw Self.invalid }
        guard comparison == .in else {
            return .compare(path: Self.path(path, variable), comparison, [try value()])
        }
        guard take("(") else { throw Self.invalid }
        var values = [try value()]
        while take(",") { values.append(try value()) }
        guard take(")"), values.count <= Self.valueLimit else { throw Self.invalid }
        return .compare(path: Self.path(path, variable), .in, values)
    }

    private mutating func value() throws(GraphProblem) -> JSONValue {
        switch tokens.popFirst() {
        case .text(let text): return .string(text)
        case .word(let word):
            switch word.lowercased() {
            case "true": return true
            case "false": return false
            case "null": return .null
            default:
                // Numbers, times and ids have no quotes, and texts always do (OData 4.01, ABNF, primitiveLiteral).
                if let number = Int64(word) { return .integer(number) }
                guard word.first?.isNumber == true || UUID(uuidString: word) != nil else { throw Self.invalid }
                return .string(word)
            }
        default: throw Self.invalid
        }
    }

    private static func path(_ text: String, _ variable: String?) -> [String] {
        let parts = text.split(separator: "/").map(String.init)
        return parts.first == variable ? Array(parts.dropFirst()) : parts
    }

    private mutating func take(_ sign: Character) -> Bool {
        guard tokens.first == .sign(sign) else { return false }
        tokens.removeFirst()
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard case .word(let next)? = tokens.first, next.lowercased() == word else { return false }
        tokens.removeFirst()
        return true
    }
}

/// How much of an expression was read, so that no text, however long or nested, can exhaust the stack.
struct NodeCount {
    private var all = 0
    private var depth = 0

    private static let limit = 100
    private static let deepest = 20

    mutating func enter() throws(GraphProblem) {
        (all, depth) = (all + 1, depth + 1)
        guard all <= Self.limit else { throw .malformed("The node count limit of '\(Self.limit)' has been exceeded.") }
        guard depth <= Self.deepest else { throw .malformed("The recursion limit has been exceeded.") }
    }

    mutating func leave() { depth -= 1 }
}
