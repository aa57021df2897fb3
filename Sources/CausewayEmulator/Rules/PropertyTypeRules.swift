import CausewayGraphTypes
import CausewayJSON
import Foundation

/// What Graph checks of any value by its type data alone: whether the property exists, its type, its length, whether it may be
/// written.
struct PropertyTypeRules: Sendable {
    private let typeName: String
    private let resourceName: String
    private let types: GraphTypes
    private let properties: [String: GraphProperty]
    private let readOnly: Set<String>
    private let required: Set<String>

    init(kind: EntryKind, types: GraphTypes) {
        let resource = kind == .user ? types.user : types.group
        self.init(
            typeName: kind.typeName,
            resourceName: kind.resourceName,
            types: types,
            readOnly: resource.documentedReadOnly,
            required: Set(resource.requiredOnCreate)
        )
    }

    /// - Parameters:
    ///   - readOnly: properties that the documentation calls read-only, in addition to those of the types.
    ///   - required: properties that every object must have, which can never be null.
    init(
        typeName: String,
        resourceName: String,
        types: GraphTypes,
        readOnly: Set<String> = [],
        required: Set<String> = []
    ) {
        (self.typeName, self.resourceName, self.types) = (typeName, resourceName, types)
        (self.readOnly, self.required) = (readOnly, required)
        properties = types.properties(of: typeName)
    }

    func exists(_ name: String) -> Bool { properties[name] != nil }

    /// Checks one property of a body.
    func check(_ name: String, _ value: JSONValue) throws(GraphProblem) {
        guard let property = properties[name] else {
            if name.isExtensionName { return try check(extension: value, name) }
            throw .malformed(
                "One or more property values specified are invalid: the property '\(name)' does not exist on type "
                    + "'\(typeName)'."
            )
        }
        guard !property.isReadOnly, !readOnly.contains(name) else { throw .readOnly(name) }
        guard !value.isNull || !required.contains(name) else { throw invalid(name) }
        try check(value, of: property)
    }

    /// Checks one property of a change, which must be among those that can be changed; directory extensions always can.
    func checkChange(_ name: String, _ value: JSONValue, updatable: Set<String>) throws(GraphProblem) {
        try check(name, value)
        guard updatable.contains(name) || name.isExtensionName else { throw .readOnly(name) }
    }

    /// A body with its moments in UTC, as Graph stores and shows them (Graph, user resource type: "date and time information in ISO 8601
    /// format, always in UTC").
    func inUTC(_ body: [String: JSONValue]) -> [String: JSONValue] {
        var body = body
        for (name, value) in body where properties[name]?.type == "Edm.DateTimeOffset" {
            if let text = value.string, let date = Date(graphText: text) {
                body[name] = .string(text.contains(".") ? date.graphTextWithFraction : date.graphText)
            }
        }
        return body
    }

    private func invalid(_ name: String) -> GraphProblem { .invalidValue(name, ofResource: resourceName) }

    /// Directory extensions contain plain values, texts of up to 256 characters (Graph, "Add custom data to resources").
    private func check(extension value: JSONValue, _ name: String) throws(GraphProblem) {
        switch value {
        case .string(let text) where text.isEmpty || text.utf16.count > 256: throw invalid(name)
        case .object: throw invalid(name)
        default: return
        }
    }

    private func check(_ value: JSONValue, of property: GraphProperty) throws(GraphProblem) {
        guard property.isCollection else { return try check(element: value, property, limit: property.maxLength) }
        guard case .array(let values) = value else { throw invalid(property.name) }
        if let limit = property.maxItems, values.count > limit { throw invalid(property.name) }
        for value in values { try check(element: value, property, limit: property.itemMaxLength) }
    }

    private func check(element value: JSONValue, _ property: GraphProperty, limit: Int?) throws(GraphProblem) {
        if value.isNull {
            guard property.isNullable, !property.cannotBeCleared else { throw invalid(property.name) }
        } else if property.type.hasPrefix("Edm.") {
            let isFine = EdmValue.isValid(value, type: property.type)
            guard isFine, value.string?.utf16.count ?? 0 <= limit ?? .max else { throw invalid(property.name) }
            if property.isCountryCode, types.countries.code(value.string ?? "") == nil { throw invalid(property.name) }
        } else {
            try check(complex: value, property.type, at: property.name)
        }
    }

    private func check(complex value: JSONValue, _ type: String, at name: String) throws(GraphProblem) {
        if let type = types.types[type], type.kind == .enumeration {
            guard let member = value.string, type.members.contains(member) else { throw invalid(name) }
            return
        }
        guard case .object(let members) = value else { throw invalid(name) }
        let known = types.properties(of: type)
        for (member, value) in members where !member.hasPrefix("@odata.") {
            guard let property = known[member] else {
                throw .malformed("The property '\(member)' does not exist on type '\(type)'.")
            }
            try check(value, of: property)
        }
    }
}

extension String {
    /// `extension_{application id without dashes}_{name}`
    fileprivate var isExtensionName: Bool { wholeMatch(of: #/extension_[0-9a-f]{32}_[A-Za-z0-9_]+/#) != nil }
}
