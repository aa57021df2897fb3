import CausewayGraphTypes
import CausewayJSON

/// Which filters Graph takes: the properties must exist, and each must be documented to support the operator (the property
/// descriptions of user and group).
struct FilterRules: Sendable {
    let vocabulary: Vocabulary

    /// - Throws: ``GraphProblem`` where Graph would not take the filter.
    func check(_ filter: FilterExpression) throws(GraphProblem) { try check(filter, isNegated: false) }

    private func check(_ filter: FilterExpression, isNegated: Bool) throws(GraphProblem) {
        switch filter {
        case .and(let one, let other), .or(let one, let other):
            try check(one, isNegated: isNegated)
            try check(other, isNegated: isNegated)
        case .not(let one): try check(one, isNegated: true)
        case .compare(let path, let comparison, let values):
            let property = try property(path)
            let isCount = path.last == FilterExpression.countName
            let operators = isCount ? countOperators(comparison) : [comparison.documentedName]
            try require(operators + (isNegated ? ["not"] : []), of: property)
            if values.contains(.null) { try require(["eq on null values"], of: property) }
        case .any(let path, let inner):
            let property = try property(path)
            guard property.isCollection else { throw unsupported(property.name) }
            try require(inner.comparisons.map(\.documentedName) + (isNegated ? ["not"] : []), of: property)
        }
    }

    private func countOperators(_ comparison: FilterExpression.Comparison) -> [String] {
        ["/$count \(comparison.rawValue) 0"]
    }

    private func property(_ path: [String]) throws(GraphProblem) -> GraphProperty {
        guard let name = path.first, let property = vocabulary.properties[name] else {
            throw .malformed("Could not find a property named '\(path.first ?? "")' on type '\(vocabulary.typeName)'.")
        }
        return property
    }

    /// What is documented loosely counts for what it says.
    private static let synonyms = [
        "eq on null values": ["eq on null values", "eq including on null values"], "not": ["not", "NOT"],
    ]

    private func require(_ operators: [String], of property: GraphProperty) throws(GraphProblem) {
        guard property.name != "id" else { return }
        for name in operators {
            let names = Self.synonyms[name] ?? [name, name == "eq" ? "eq including on null values" : name]
            guard names.contains(where: property.filterOperators.contains) else { throw unsupported(property.name) }
        }
    }

    private func unsupported(_ name: String) -> GraphProblem {
        .unsupportedQuery(
            "Unsupported or invalid query filter clause specified for property '\(name)' of resource '\(vocabulary.kind?.resourceName ?? "DirectoryObject")'."
        )
    }
}

extension FilterExpression {
    /// Every comparison in it.
    fileprivate var comparisons: [Comparison] {
        switch self {
        case .and(let one, let other), .or(let one, let other): one.comparisons + other.comparisons
        case .not(let one): one.comparisons
        case .compare(_, let comparison, _): [comparison]
        case .any(_, let inner): inner.comparisons
        }
    }
}
