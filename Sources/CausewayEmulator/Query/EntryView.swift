import CausewayGraphTypes
import CausewayJSON

/// What Graph shows of an object: the default set, or what was selected. Secrets are never stored, so never shown.
struct EntryView: Sendable {
    let kind: EntryKind
    /// What is shown where nothing was selected, besides the id.
    let defaults: [String]
    private let empty: [String: JSONValue]
    private let singleGetOnly: Set<String>
    private let neverReturned: Set<String>

    private static let servicePrincipalDefaults = [
        "accountEnabled", "appDisplayName", "appId", "displayName", "servicePrincipalType",
    ]

    init(kind: EntryKind, types: GraphTypes) {
        self.kind = kind
        let properties = types.properties(of: kind.typeName)
        defaults =
            switch kind {
            case .user: types.user.defaultProperties.filter { $0 != "id" }
            case .group: types.group.defaultProperties.filter { $0 != "id" }
            case .servicePrincipal: Self.servicePrincipalDefaults
            }
        // An absent list is shown as an empty one, any other absent value as null.
        empty = properties.mapValues { $0.isCollection && !$0.neverReturned ? [] : .null }
        neverReturned = Set(properties.filter { $0.value.neverReturned }.keys)
        singleGetOnly = Set(properties.filter { $0.value.isSingleGetOnly }.keys)
    }

    /// - Parameters:
    ///   - selection: nil for the default set.
    ///   - isAlone: whether it is the answer's only object; a few properties are shown only then.
    func json(_ entry: DirectoryEntry, _ selection: [String]?, isAlone: Bool = true) -> [String: JSONValue] {
        var members: [String: JSONValue] = ["id": .string(entry.id)]
        for name in selection ?? defaults where isAlone || !singleGetOnly.contains(name) {
            if let value = value(entry, name) { members[name] = value }
        }
        return members
    }

    private func value(_ entry: DirectoryEntry, _ name: String) -> JSONValue? {
        switch name {
        case "id": .string(entry.id)
        case "deletedDateTime": JSONValue(entry.deletedAt?.graphText)
        case _ where neverReturned.contains(name): .null
        default: entry.properties[name] ?? empty[name]
        }
    }

    /// The name of the type, as it stands where several types may.
    var typeAnnotation: JSONValue { .string("#\(kind.typeName)") }
}
