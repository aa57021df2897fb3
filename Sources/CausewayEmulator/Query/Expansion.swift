/// A relation that is shown inside its object, at most twenty links: `manager($levels=max;$select=id,displayName)` (Graph, "Use query
/// parameters to customize responses", expand; "List manager").
struct Expansion: Sendable {
    let relation: String
    var selection: [String]?
    /// How many managers above each other are shown; nil if that was not given, which means one.
    var levels: Int?

    /// How many of a relation are shown.
    static let limit = 20
    private static let mostLevels = 1000

    /// Reads `$expand`: one relation, since Graph accepts no more in a request.
    ///
    /// - Throws: ``GraphProblem`` for what Graph does not accept.
    init?(_ text: String?, _ vocabulary: Vocabulary) throws(GraphProblem) {
        guard let text, !text.isEmpty else { return nil }
        guard let match = text.wholeMatch(of: #/\s*([A-Za-z]+)\s*(?:\(([^()]*)\))?\s*/#) else {
            let parts = text.split(separator: ",")
            let areSeveral = parts.count > 1 && parts.allSatisfy { vocabulary.relation(String($0)) != nil }
            throw areSeveral ? Self.several : Self.invalid
        }
        guard let name = vocabulary.relation(String(match.output.1)) else {
            throw .malformed(
                "Could not find a property named '\(match.output.1)' on type '\(vocabulary.typeName)'."
            )
        }
        relation = name
        for option in match.output.2?.split(separator: ";") ?? [] { try take(option) }
    }

    private static let invalid = GraphProblem.malformed("Syntax error in '$expand'.")
    private static let several = GraphProblem.unsupportedQuery(
        "Only one relationship can be expanded in a single request."
    )

    /// Graph's text for this is not recorded; the code is that of the refusal below.
    private static func noLevels(of relation: String) -> GraphProblem {
        .unsupportedQuery("'$levels' is not supported for the relationship '\(relation)', but for 'manager' alone.")
    }

    /// - Throws: for a chain of managers, which Graph shows of one user at a time ("List manager"; the text is recorded:
    ///   microsoft-graph-docs, issue 18615). One level is not a chain (microsoft-graph-explorer-v4, issue 1029).
    func requireNoChain() throws(GraphProblem) {
        guard levels ?? 1 > 1 else { return }
        throw .unsupportedQuery(
            "Transitive manager's list is only supported on a single user, send the $expand request on /users/{id} endpoint"
        )
    }

    private mutating func take(_ option: Substring) throws(GraphProblem) {
        let parts = option.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
        guard parts.count == 2 else { throw Self.invalid }
        switch parts[0].lowercased() {
        case "$select": selection = parts[1].split(separator: ",").map(String.init)
        case "$levels":
            guard relation == "manager" else { throw Self.noLevels(of: relation) }
            let levels = parts[1].lowercased() == "max" ? Self.mostLevels : Int(parts[1])
            guard let levels, (1...Self.mostLevels).contains(levels) else {
                throw .malformed("The value of '$levels' must be 'max' or a number between 1 and \(Self.mostLevels).")
            }
            self.levels = levels
        default: throw .malformed("The query parameter '\(parts[0])' is not supported in '$expand'.")
        }
    }
}
