import CausewayJSON

/// Microsoft Graph's directory types as data: the properties, their types, and what the documentation says
/// about them.
///
/// The data is in `graph-types.json` next to this file, derived from Microsoft's metadata (CSDL) and documentation pages; its
/// header names the sources. It is only data: modules that share it learn nothing about each other's behavior. It never changes, and
/// as a class it is passed on without a copy.
public final class GraphTypes: Sendable {
    /// Every type by its qualified name, such as `microsoft.graph.user`.
    public let types: [String: GraphType]
    /// What applies to users in addition to the type itself.
    public let user: GraphResourceRules
    /// What applies to groups in addition to the type itself.
    public let group: GraphResourceRules
    /// The existing country codes.
    public let countries: CountryCodes

    init(types: [String: GraphType], user: GraphResourceRules, group: GraphResourceRules, countries: CountryCodes) {
        (self.types, self.user, self.group, self.countries) = (types, user, group, countries)
    }

    /// The properties of a type and of those it derives from, by name; empty if there is no such type.
    public func properties(of typeName: String) -> [String: GraphProperty] {
        types.properties(of: typeName)
    }
}

extension [String: GraphType] {
    func properties(of typeName: String) -> [String: GraphProperty] {
        guard let type = self[typeName] else { return [:] }
        let inherited = type.base.map(properties(of:)) ?? [:]
        return inherited.merging(type.properties) { $1 }
    }
}

/// An entity, complex or enumeration type of Graph.
public struct GraphType: Sendable {
    /// The kind of the type.
    public enum Kind: String, Sendable {
        case entity, complex
        case enumeration = "enum"
    }

    /// The qualified name, such as `microsoft.graph.user`.
    public let name: String
    public let kind: Kind
    /// The qualified name of the type this one derives from.
    public let base: String?
    /// The type's own properties by name, without the inherited ones.
    public let properties: [String: GraphProperty]
    /// The names an enumeration may take, in order.
    public let members: [String]
    /// Whether a write of a complex value changes only the members that it names. Of other complex types, a member that is left out may
    /// become null (Graph, employeeOrgData).
    public let isMergedByService: Bool
}

/// One property of a Graph type. Flags are false and limits nil if the documentation says nothing.
public struct GraphProperty: Sendable {
    public let name: String
    /// The element's type: `Edm.String`, `Edm.Boolean`, `microsoft.graph.passwordProfile` …
    public let type: String
    /// Whether the value is a list of ``type``.
    public let isCollection: Bool
    public let isNullable: Bool
    public let isReadOnly: Bool
    /// Read-only when the object is mastered on-premises.
    public let isReadOnlyWhenSynced: Bool
    /// May be set once and not changed afterwards.
    public let isWriteOnce: Bool
    /// May not be set to null once it has a value.
    public let cannotBeCleared: Bool
    /// Changing it for a protected user requires more than a Graph permission.
    public let isSensitive: Bool
    public let neverReturned: Bool
    /// Whether Entra compares its texts without letter case.
    public let isCaseless: Bool
    /// Whether its texts are country codes.
    public let isCountryCode: Bool
    /// Whether its texts name a language: `en`, `en-US`.
    public let isLanguage: Bool
    /// The texts that are documented as its only values, whatever the letter case; empty if others are taken.
    public let values: [String]
    /// Documented limits: characters, values, characters per value.
    public let maxLength: Int?
    public let maxItems: Int?
    public let itemMaxLength: Int?
    /// Whether `$search` covers it.
    public let isSearchable: Bool
    /// Whether `$orderby` takes it.
    public let isSortable: Bool
    /// Only returned when a single object is read.
    public let isSingleGetOnly: Bool
    /// The operators documented for `$filter`, as the documentation words them.
    public let filterOperators: [String]
}

/// What the documentation says about creating and updating users or groups.
public final class GraphResourceRules: Sendable {
    /// The properties of the type and of those it derives from, by name.
    public let properties: [String: GraphProperty]
    public let requiredOnCreate: [String]
    /// Returned by a read without `$select`.
    public let defaultProperties: [String]
    public let updatable: Set<String>
    public let notUpdatableAppOnly: Set<String>
    public let notSettableOnCreate: Set<String>
    public let settableOnlyOnCreate: Set<String>
    public let mustBePatchedAlone: Set<String>
    public let writeOnce: Set<String>
    public let sensitive: Set<String>
    public let documentedReadOnly: Set<String>
    /// What no write of the object sets, though the documentation does not call it read-only: another operation sets it, or only the
    /// service itself.
    public let notWritable: Set<String>
    /// What may lack a value, while an existing value may not be set to null.
    public let notClearable: Set<String>
    /// What can be written although the object is synchronized from on-premises; everything else of ``updatable`` cannot.
    public let writableWhenSynced: Set<String>

    /// Reads them from their JSON form.
    init(_ json: JSONValue, _ properties: [String: GraphProperty]) {
        self.properties = properties
        func names(_ key: String) -> [String] { (json[key]?.array ?? []).compactMap(\.string) }
        requiredOnCreate = names("requiredOnCreate")
        defaultProperties = names("defaultProperties")
        updatable = Set(names("updatable"))
        notUpdatableAppOnly = Set(names("notUpdatableAppOnly"))
        notSettableOnCreate = Set(names("notSettableOnCreate"))
        settableOnlyOnCreate = Set(names("settableOnlyOnCreate"))
        mustBePatchedAlone = Set(names("mustBePatchedAlone"))
        writeOnce = Set(names("writeOnce"))
        sensitive = Set(names("sensitive"))
        documentedReadOnly = Set(names("documentedReadOnly"))
        notWritable = Set(names("notWritable"))
        notClearable = Set(names("notClearable"))
        writableWhenSynced = Set(names("writableWhenSynced"))
    }
}
