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

        /// As the documentation of properties writes it.
        var documentedName: String {
            switch self {
            case .startswith: "startsWith"
            case .endswith: "endsWith"
            default: rawValue
            }
        }
    }

    /// Whether the object fits.
    func matches(_ entry: DirectoryEntry) -> Bool {
        switch self {
        case .and(let one, let other): one.matches(entry) && other.matches(entry)
        case .or(let one, let other): one.matches(entry) || other.matches(entry)
        case .not(let one): !one.matches(entry)
        case .compare(let path, _, _), .any(let path, _):
            matches(value: Self.value(at: path.dropFirst(), in: entry.value(path.first ?? "")))
        }
    }

    /// Whether an element of a list fits.
    private func matches(element: JSONValue) -> Bool {
        switch self {
        case .and(let one, let other): one.matches(element: element) && other.matches(element: element)
        case .or(let one, let other): one.matches(element: element) || other.matches(element: element)
        case .not(let one): !one.matches(element: element)
        case .compare(let path, _, _), .any(let path, _): matches(value: Self.value(at: path[...], in: element))
        }
    }

    /// Whether what stands at the end of the path fits.
    private func matches(value: JSONValue) -> Bool {
        switch self {
        case .compare(_, let comparison, let wanted): Self.compare(value, comparison, wanted)
        case .any(_, let inner): value.array?.contains { inner.matches(element: $0) } ?? false
        case .and, .or, .not: false
        }
    }

    /// Whether it needs Graph's slower index, and with it `ConsistencyLevel: eventual`.
    var isAdvanced: Bool {
        switch self {
        case .and(let one, let other), .or(let one, let other): one.isAdvanced || other.isAdvanced
        case .not: true
        case .compare(let path, let comparison, let values):
            [.ne, .endswith].contains(comparison) || values.contains(.null) || path.last == Self.countName
        case .any(_, let inner): inner.isAdvanced
        }
    }

    /// `assignedLicenses/$count` asks for the length of a list.
    static let countName = "$count"

    private static func value(at path: ArraySlice<String>, in value: JSONValue) -> JSONValue {
        path.reduce(value) { value, name in
            name == countName ? .integer(Int64(value.array?.count ?? 0)) : value[name] ?? .null
        }
    }

    private static func compare(_ value: JSONValue, _ comparison: Comparison, _ wanted: [JSONValue]) -> Bool {
        guard let first = wanted.first else { return false }
        switch comparison {
        case .eq: return isEqual(value, first)
        case .ne: return !isEqual(value, first)
        case .in: return wanted.contains { isEqual(value, $0) }
        case .startswith: return value.string?.lowercased().hasPrefix(first.string?.lowercased() ?? "\0") ?? false
        case .endswith: return value.string?.lowercased().hasSuffix(first.string?.lowercased() ?? "\0") ?? false
        case .ge: return value.string.map { $0.lowercased() >= first.string?.lowercased() ?? "" } ?? false
        case .le: return value.string.map { $0.lowercased() <= first.string?.lowercased() ?? "" } ?? false
        }
    }

    private static func isEqual(_ one: JSONValue, _ other: JSONValue) -> Bool {
        if case .string(let one) = one, case .string(let other) = other {
            return one.lowercased() == other.lowercased()
        }
        return one == other
    }
}

extension DirectoryEntry {
    /// A property, the id included; null where there is none.
    func value(_ name: String) -> JSONValue { name == "id" ? .string(id) : properties[name] ?? .null }
}

extension FilterExpression {
    /// The unique value that the whole filter asks for, if it is that simple: found by index in place of a search.
    var uniqueKey: UniqueKey? {
        switch self {
        case .compare(let path, .eq, let values):
            guard path.count == 1, let text = values.first?.string?.lowercased() else { return nil }
            switch path[0] {
            case "userPrincipalName": return .userPrincipalName(text)
            case "onPremisesImmutableId": return .immutableID(text)
            case "uniqueName": return .uniqueName(text)
            default: return nil
            }
        case .any(["identities"], .and(let one, let other)):
            guard let issuer = [one, other].lazy.compactMap({ $0.text(of: "issuer") }).first,
                let assigned = [one, other].lazy.compactMap({ $0.text(of: "issuerAssignedId") }).first
            else { return nil }
            return .identity(issuer: issuer, assigned: assigned)
        default: return nil
        }
    }

    private func text(of name: String) -> String? {
        guard case .compare([name], .eq, let values) = self else { return nil }
        return values.first?.string?.lowercased()
    }
}
