import CausewayJSON
import CausewayStore
import Foundation

/// The `attributes` filter: JSON text of names and the values that they must have. `a__b` reaches into objects and `a__0` into lists;
/// `a__gt`, `a__gte`, `a__lt` and `a__lte` compare.
enum AttributeFilter {
    /// Django's other look-ups, which are refused instead of being taken for names.
    private static let unknown: Set<String> = [
        "contained_by", "contains", "endswith", "has_any_keys", "has_key", "has_keys", "icontains", "iendswith",
        "iexact", "in",
        "iregex", "isnull", "istartswith", "range", "regex", "startswith",
    ]

    /// - Throws: ``APIError`` if the text is not such JSON, or asks for an unsupported look-up.
    static func conditions(_ text: String?) throws -> [AttributeCondition] {
        guard let text, !text.isEmpty else { return [] }
        guard let members = (try? JSONValue(parsing: text))?.object else {
            throw APIError.invalid("attributes", "Value must be a dictionary, and not have any duplicate keys.")
        }
        return try members.sorted { $0.key < $1.key }.map { try condition($0.key, $0.value) }
    }

    private static func condition(_ name: String, _ value: JSONValue) throws -> AttributeCondition {
        let path = name.components(separatedBy: "__")
        guard path.count > 1, let last = path.last else { return (path, value) }
        guard !unknown.contains(last) else {
            let known = AttributeComparison.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid("attributes", "Unsupported lookup '\(last)'; supported: \(known).")
        }
        if let comparison = AttributeComparison(rawValue: last), comparison != .exact, !value.isComparable {
            throw APIError.invalid("attributes", "'\(name)' needs a number or a text to compare with.")
        }
        return (path, value)
    }
}

extension JSONValue {
    fileprivate var isComparable: Bool {
        switch self {
        case .string, .integer, .number: true
        case .null, .bool, .array, .object: false
        }
    }
}
