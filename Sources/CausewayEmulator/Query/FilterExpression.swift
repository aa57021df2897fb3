import CausewayJSON

/// An OData `$filter`, as far as Graph documents it for users and groups.
indirect enum FilterExpression: Sendable, Equatable {
    case and(FilterExpression, FilterExpression)
    case or(FilterExpression, FilterExpression)
    case not(FilterExpression)
    case compare(path: [String], Comparison, [JSONValue])
    /// `identities/any(i:i/issuer eq 'mail')`; inside, paths start at the element.
    case any(path: [String], FilterExpression)

    enum Comparison: String, Sendable {
        case eq, ne, `in`, startswith, endswith, ge, le
    }

    /// Whether the object fits.
    func matches(_ value: JSONValue) -> Bool {
        switch self {
        case .and(let one, let other): one.matches(value) && other.matches(value)
        case .or(let one, let other): one.matches(value) || other.matches(value)
        case .not(let one): !one.matches(value)
        case .compare(let path, let comparison, let wanted):
            Self.compare(Self.value(at: path, in: value), comparison, wanted)
        case .any(let path, let inner): Self.value(at: path, in: value).array?.contains { inner.matches($0) } ?? false
        }
    }

    /// Whether it needs Graph's slower index, and with it `ConsistencyLevel: eventual`.
    var isAdvanced: Bool {
        switch self {
        case .and(let one, let other), .or(let one, let other): one.isAdvanced || other.isAdvanced
        case .not: true
        case .compare(_, let comparison, _): comparison == .ne || comparison == .endswith
        case .any(_, let inner): inner.isAdvanced
        }
    }

    /// Every property that it asks for, outermost names only.
    var properties: Set<String> {
        switch self {
        case .and(let one, let other), .or(let one, let other): one.properties.union(other.properties)
        case .not(let one): one.properties
        case .compare(let path, _, _), .any(let path, _): Set(path.prefix(1))
        }
    }

    private static func value(at path: [String], in value: JSONValue) -> JSONValue {
        path.reduce(value) { $0[$1] ?? .null }
    }

    private static func compare(_ value: JSONValue, _ comparison: Comparison, _ wanted: [JSONValue]) -> Bool {
        guard let first = wanted.first else { return false }
        switch comparison {
        case .eq: return isEqual(value, first)
        case .ne: return !isEqual(value, first)
        case .in: return wanted.contains { isEqual(value, $0) }
        case .startswith: return value.string?.lowercased().hasPrefix(first.string?.lowercased() ?? "\0") ?? false
        case .endswith: return value.string?.lowercased().hasSuffix(first.string?.lowercased() ?? "\0") ?? false
        case .ge: return (value.string ?? "") >= (first.string ?? "")
        case .le: return (value.string ?? "") <= (first.string ?? "")
        }
    }

    private static func isEqual(_ one: JSONValue, _ other: JSONValue) -> Bool {
        if case .string(let one) = one, case .string(let other) = other {
            return one.lowercased() == other.lowercased()
        }
        return one == other
    }
}
