import CausewayGraphTypes
import CausewayJSON

/// What Graph shows of an object: the default set, or what was selected. Secrets are never stored, so never shown.
struct EntryView: Sendable {
    let kind: EntryKind
    private let defaults: [String]
    private let types: PropertyTypeRules
    private let empty: [String: JSONValue]

    init(kind: EntryKind, types: GraphTypes, rules: PropertyTypeRules) {
        self.kind = kind
        self.types = rules
        defaults = (kind == .user ? types.user : types.group).defaultProperties.filter { $0 != "id" }
        // An absent list is shown as an empty one, any other absent value as null.
        empty = types.properties(of: kind.typeName).mapValues { $0.isCollection ? [] : .null }
    }

    /// Reads `$select`.
    ///
    /// - Returns: nil for the default set.
    func selection(_ text: String?) throws(GraphProblem) -> [String]? {
        guard let text, !text.isEmpty else { return nil }
        let names = text.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        for name in names where !types.exists(name) && name != "id" && name != "*" {
            throw .malformed("Could not find a property named '\(name)' on type '\(kind.typeName)'.")
        }
        return names.contains("*") ? nil : names
    }

    func json(_ entry: DirectoryEntry, _ selection: [String]?) -> JSONValue {
        var members: [String: JSONValue] = ["id": .string(entry.id)]
        for name in selection ?? defaults where name != "id" {
            members[name] = entry.properties[name] ?? empty[name] ?? .null
        }
        return .object(members)
    }
}
