import CausewayGraphTypes
import CausewayJSON

/// What Graph shows of an object: the default set, or the selected properties. Secrets are never stored, so never shown.
struct EntryView: Sendable {
    let kind: EntryKind
    /// What is shown by default, in addition to the id.
    let defaults: [String]
    private let empty: [String: JSONValue]
    /// The members of complex values, unset: a complex value is shown with all of its members.
    private let unsetMembers: [String: [String: JSONValue]]
    private let singleGetOnly: Set<String>
    private let neverReturned: Set<String>

    /// Of service principals everything is shown except this (Graph, service principal resource type).
    private static let selectedOnly: Set<String> = ["customSecurityAttributes"]

    /// What is shown with all its members although none is set; other complex values are null then (Graph, "Manage data that you store in
    /// extension attributes"; recorded answers).
    private static let shownUnset: Set<String> = ["authorizationInfo", "onPremisesExtensionAttributes"]

    init(kind: EntryKind, types: GraphTypes) {
        self.kind = kind
        let properties = types.properties(of: kind.typeName)
        defaults =
            switch kind {
            case .user: types.user.defaultProperties.filter { $0 != "id" }
            case .group: types.group.defaultProperties.filter { $0 != "id" }
            case .servicePrincipal: properties.keys.filter { $0 != "id" && !Self.selectedOnly.contains($0) }.sorted()
            }
        let complex = properties.filter { !$0.value.isCollection && types.types[$0.value.type]?.kind == .complex }
        unsetMembers = complex.mapValues { types.properties(of: $0.type).mapValues(Self.unset) }
        // An absent list is shown as an empty one, any other absent value as null.
        empty = properties.mapValues(Self.unset).merging(
            unsetMembers.filter { Self.shownUnset.contains($0.key) }.mapValues(JSONValue.object)
        ) { $1 }
        neverReturned = Set(properties.filter { $0.value.neverReturned }.keys)
        singleGetOnly = Set(properties.filter { $0.value.isSingleGetOnly }.keys)
    }

    private static func unset(_ property: GraphProperty) -> JSONValue {
        property.isCollection && !property.neverReturned ? [] : .null
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
        default: entry.properties[name].map { whole($0, name) } ?? empty[name]
        }
    }

    /// A complex value with its unset members.
    private func whole(_ value: JSONValue, _ name: String) -> JSONValue {
        guard let members = value.object, let unset = unsetMembers[name] else { return value }
        return .object(unset.merging(members) { $1 })
    }

    /// The name of the type, which is shown if several types are possible.
    var typeAnnotation: JSONValue { .string("#\(kind.typeName)") }
}
