import CausewayGraphTypes
import CausewayJSON

/// Which filters Graph accepts, and what they require: the properties must exist, and each must be documented to support the operator, in
/// the table of ``QueryTable`` or in the descriptions of the properties of user, group and service principal.
struct FilterRules: Sendable {
    let vocabulary: Vocabulary
    /// Whether a query that Graph's pages contradict each other about is an advanced query.
    var isStrict = false

    /// - Returns: Graph's refusal without the advanced query parameters; nil if these are not needed.
    /// - Throws: ``GraphProblem`` if Graph would not accept the filter at all.
    func check(_ filter: FilterExpression) throws(GraphProblem) -> GraphProblem? {
        switch filter {
        case .and(let one, let other), .or(let one, let other):
            let refusals = (try check(one), try check(other))
            return refusals.0 ?? refusals.1
        case .not(let one):
            try requireNegation(of: one)
            _ = try check(one)
            return .missingParameters(for: "Operator 'not'")
        case .compare(let path, let comparison, let values):
            if path.last == FilterExpression.countName { return try checkCount(path, comparison, values) }
            let property = try property(path)
            guard property.name != Self.innerList[0] else { throw unsupported(property.name) }
            return try check(comparison, values, of: property)
        case .any(let path, let inner):
            let property = try property(path)
            guard property.isCollection || path == Self.innerList else { throw unsupported(property.name) }
            if property.name == "identities" { try checkIdentities(inner) }
            var refusal: GraphProblem?
            for (_, comparison, values) in inner.comparisons {
                let found = try check(comparison, values, of: property)
                refusal = refusal ?? found
            }
            return refusal
        }
    }

    /// The only list inside another value; it is compared with `any`.
    private static let innerList = ["authorizationInfo", "certificateUserIds"]

    private func property(_ path: [String]) throws(GraphProblem) -> GraphProperty {
        let name = path.first ?? ""
        guard let property = vocabulary.properties[name] else { throw unknown(name) }
        return property
    }

    private func unknown(_ name: String) -> GraphProblem {
        .malformed("Could not find a property named '\(name)' on type '\(vocabulary.typeName)'.")
    }

    // MARK: Operators

    private func check(_ comparison: FilterExpression.Comparison, _ values: [JSONValue], of property: GraphProperty)
        throws(GraphProblem) -> GraphProblem?
    {
        if let mismatch = Self.mismatch(values, property) { throw mismatch }
        var isAdvanced = [.ne, .endswith].contains(comparison)
        if values.contains(.null) {
            guard let support = nullSupport(of: property) else { throw unsupported(property.name) }
            isAdvanced = isAdvanced || needsMore(support)
        }
        let refusal = GraphProblem.missingParameters(for: "Operator '\(comparison.documentedName)'")
        guard !values.allSatisfy(\.isNull) else { return isAdvanced ? refusal : nil }
        guard let support = support(comparison, of: property) else { throw unsupported(property.name) }
        if isAdvanced { return refusal }
        // Graph names the property if the operator works with others.
        return needsMore(support) ? unsupported(property.name) : nil
    }

    /// OData's refusal of values of another type than the property's.
    private static func mismatch(_ values: [JSONValue], _ property: GraphProperty) -> GraphProblem? {
        for value in values {
            let found: String? =
                switch (property.type, value) {
                case ("Edm.Boolean", .string): "Edm.String"
                case ("Edm.Boolean", .integer): "Edm.Int32"
                case ("Edm.String", .bool): "Edm.Boolean"
                case ("Edm.String", .integer): "Edm.Int32"
                default: nil
                }
            guard let found else { continue }
            return .malformed(
                "A binary operator with incompatible types was detected. Found operand types '\(property.type)' and '\(found)'."
            )
        }
        return nil
    }

    private func needsMore(_ support: QuerySupport) -> Bool {
        switch support {
        case .byDefault: false
        case .advanced: true
        case .disputed: isStrict
        }
    }

    private func support(_ comparison: FilterExpression.Comparison, of property: GraphProperty) -> QuerySupport? {
        let row = QueryTable.filtering(property.name, of: vocabulary.kind)
        let isEqualitySupported = row?.eq != nil || names(property, "eq")
        switch comparison {
        case .eq, .in: return row?.eq ?? described("eq", property, row)
        case .ne:
            return (isEqualitySupported && !property.isCollection) || names(property, "ne") ? .advanced : nil
        case .startswith: return row?.startsWith ?? described("startsWith", property, row)
        case .ge: return row?.order ?? described("ge", property, row)
        case .le: return row?.order ?? described("le", property, row)
        case .endswith: return names(property, "endsWith") ? .advanced : nil
        }
    }

    /// An operator that only the property's description names behaves like `eq`, as far as the pages say.
    private func described(_ name: String, _ property: GraphProperty, _ row: QueryTable.Row?) -> QuerySupport? {
        guard names(property, name) else { return nil }
        return row?.eq == .advanced ? .advanced : .disputed
    }

    private func nullSupport(of property: GraphProperty) -> QuerySupport? {
        let row = QueryTable.filtering(property.name, of: vocabulary.kind)
        return row?.null ?? (names(property, "eq on null values") ? .advanced : nil)
    }

    /// `owners/$count eq 0`: what may be counted, and up to which number.
    private func checkCount(_ path: [String], _ comparison: FilterExpression.Comparison, _ values: [JSONValue])
        throws(GraphProblem) -> GraphProblem?
    {
        let name = path.first ?? ""
        guard vocabulary.properties[name] != nil || vocabulary.isRelation(name) else { throw unknown(name) }
        guard path.count == 2, [.eq, .ne].contains(comparison),
            let limit = QueryTable.counting(name, of: vocabulary.kind),
            let number = values.first?.integer, (0...limit).contains(number)
        else { throw unsupported(name) }
        return .missingParameters(for: "Operator '\(comparison.documentedName)'")
    }

    /// Issuers that may be used without what they assigned.
    private static let lonelyIssuers: Set<JSONValue> = ["google.com", "facebook.com", "mail", "phone", .null]

    /// What an issuer assigned is found together with the issuer, and a principal name by its own property (Graph, objectIdentity resource
    /// type, "Filtering").
    private func checkIdentities(_ inner: FilterExpression) throws(GraphProblem) {
        let comparisons = inner.comparisons.map { ($0.path.first ?? "", $0.values) }
        let wanted = Dictionary(comparisons, uniquingKeysWith: { $0 + $1 })
        let isFine =
            if wanted["issuerAssignedId"] != nil { wanted["issuer"] != nil } else {
                Self.lonelyIssuers.isSuperset(of: wanted["issuer"] ?? [])
            }
        guard isFine, wanted["signInType"]?.contains("userPrincipalName") != true else {
            throw unsupported("identities")
        }
    }

    /// All properties that support `eq` also support `ne` or `not`.
    private func requireNegation(of filter: FilterExpression) throws(GraphProblem) {
        switch filter {
        // Everything that can be counted can be negated.
        case .compare(let path, _, _) where path.last == FilterExpression.countName: return
        case .compare(let path, _, _), .any(let path, _):
            let property = try property(path)
            let row = QueryTable.filtering(property.name, of: vocabulary.kind)
            guard row?.eq != nil || ["not", "NOT", "eq"].contains(where: { names(property, $0) }) else {
                throw unsupported(property.name)
            }
        case .and(let one, let other), .or(let one, let other):
            try requireNegation(of: one)
            try requireNegation(of: other)
        case .not(let one): try requireNegation(of: one)
        }
    }

    // MARK: Descriptions

    /// What is documented loosely counts for what it says.
    private static let synonyms = [
        "eq": ["eq", "eq including on null values"],
        "eq on null values": ["eq on null values", "eq including on null values"],
    ]

    private func names(_ property: GraphProperty, _ name: String) -> Bool {
        (Self.synonyms[name] ?? [name]).contains(where: property.filterOperators.contains)
    }

    private func unsupported(_ name: String) -> GraphProblem {
        let resource = vocabulary.kind?.resourceName ?? "DirectoryObject"
        return .unsupportedQuery(
            "Unsupported or invalid query filter clause specified for property '\(name)' of resource '\(resource)'."
        )
    }
}

extension FilterExpression {
    /// Every comparison in it.
    fileprivate var comparisons: [(path: [String], Comparison, values: [JSONValue])] {
        switch self {
        case .and(let one, let other), .or(let one, let other): one.comparisons + other.comparisons
        case .not(let one): one.comparisons
        case .compare(let path, let comparison, let values): [(path, comparison, values)]
        case .any(_, let inner): inner.comparisons
        }
    }
}
