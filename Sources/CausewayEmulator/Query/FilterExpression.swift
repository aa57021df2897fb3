import CausewayJSON
import Foundation

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

    /// Whether the object matches.
    ///
    /// - Parameter linkCount: the number of objects that a relation leads to, by its name.
    func matches(_ entry: DirectoryEntry, linkCount: (String) -> Int) -> Bool {
        switch self {
        case .and(let one, let other):
            one.matches(entry, linkCount: linkCount) && other.matches(entry, linkCount: linkCount)
        case .or(let one, let other):
            one.matches(entry, linkCount: linkCount) || other.matches(entry, linkCount: linkCount)
        case .not(let one): !one.matches(entry, linkCount: linkCount)
        case .compare(let path, _, _) where Self.isLinkCount(path):
            matches(value: .integer(Int64(linkCount(path[0]))))
        case .compare(let path, _, _), .any(let path, _):
            matches(value: Self.value(at: path.dropFirst(), in: entry.value(path.first ?? "")))
        }
    }

    /// Whether an element of a list matches.
    private func matches(element: JSONValue) -> Bool {
        switch self {
        case .and(let one, let other): one.matches(element: element) && other.matches(element: element)
        case .or(let one, let other): one.matches(element: element) || other.matches(element: element)
        case .not(let one): !one.matches(element: element)
        case .compare(let path, _, _), .any(let path, _): matches(value: Self.value(at: path[...], in: element))
        }
    }

    /// Whether the value at the end of the path matches.
    private func matches(value: JSONValue) -> Bool {
        switch self {
        case .compare(_, let comparison, let wanted): Self.compare(value, comparison, wanted)
        case .any(_, let inner): value.array?.contains { inner.matches(element: $0) } ?? false
        case .and, .or, .not: false
        }
    }

    /// The same with the documented spelling of property names.
    func spelled(as spelling: (String) -> String) -> FilterExpression {
        func spelled(_ path: [String]) -> [String] { path.prefix(1).map(spelling) + path.dropFirst() }
        return switch self {
        case .and(let one, let other): .and(one.spelled(as: spelling), other.spelled(as: spelling))
        case .or(let one, let other): .or(one.spelled(as: spelling), other.spelled(as: spelling))
        case .not(let one): .not(one.spelled(as: spelling))
        case .compare(let path, let comparison, let values): .compare(path: spelled(path), comparison, values)
        case .any(let path, let inner): .any(path: spelled(path), inner)
        }
    }

    /// `assignedLicenses/$count` asks for the length of a list, `owners/$count` for the number of links.
    static let countName = "$count"

    private static func isLinkCount(_ path: [String]) -> Bool {
        path.count == 2 && path[1] == countName && QueryTable.isCountedRelation(path[0])
    }

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
        case .ge: return value.string.map { !precedes($0, first.string ?? "") } ?? false
        case .le: return value.string.map { !precedes(first.string ?? "", $0) } ?? false
        }
    }

    private static func isEqual(_ one: JSONValue, _ other: JSONValue) -> Bool {
        guard case .string(let one) = one, case .string(let other) = other else { return one == other }
        if one.lowercased() == other.lowercased() { return true }
        return moments(one, other).map { $0 == $1 } ?? false
    }

    private static func precedes(_ one: String, _ other: String) -> Bool {
        moments(one, other).map { $0 < $1 } ?? (one.lowercased() < other.lowercased())
    }

    /// Two texts as times, if they are times: one moment can be written in several ways.
    private static func moments(_ one: String, _ other: String) -> (Date, Date)? {
        guard one.first?.isNumber == true, let one = Date(graphText: one), let other = Date(graphText: other) else {
            return nil
        }
        return (one, other)
    }
}

extension DirectoryEntry {
    /// A property, including the id and the date of deletion; null if there is none.
    func value(_ name: String) -> JSONValue {
        switch name {
        case "id": .string(id)
        case "deletedDateTime": JSONValue(deletedAt?.graphText)
        default: properties[name] ?? .null
        }
    }
}
