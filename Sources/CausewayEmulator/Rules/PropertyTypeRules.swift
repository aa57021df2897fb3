import CausewayGraphTypes
import CausewayJSON

/// What Graph checks of any value by its type data alone: whether the property exists, its type, its length, whether it may be
/// written.
struct PropertyTypeRules: Sendable {
    let kind: EntryKind
    private let types: GraphTypes
    private let properties: [String: GraphProperty]
    private let documentedReadOnly: Set<String>

    init(kind: EntryKind, types: GraphTypes) {
        self.kind = kind
        self.types = types
        properties = types.properties(of: kind.typeName)
        documentedReadOnly = (kind == .user ? types.user : types.group).documentedReadOnly
    }

    func exists(_ name: String) -> Bool { properties[name] != nil }

    /// Checks one property of a body.
    func check(_ name: String, _ value: JSONValue) throws(GraphProblem) {
        guard let property = properties[name] else {
            if name.isExtensionName { return try check(extension: value, name) }
            throw .malformed(
                "One or more property values specified are invalid: the property '\(name)' does not exist on type "
                    + "'\(kind.typeName)'."
            )
        }
        guard !property.isReadOnly, !documentedReadOnly.contains(name) else {
            throw .badRequest(
                "Property '\(name)' is read-only and cannot be set.",
                detail: "ReadOnlyProperty",
                target: name
            )
        }
        try check(value, of: property)
    }

    /// Directory extensions hold plain values, texts of up to 256 characters (Graph, "Add custom data to resources").
    private func check(extension value: JSONValue, _ name: String) throws(GraphProblem) {
        switch value {
        case .string(let text) where text.isEmpty || text.utf16.count > 256: throw .invalidValue(name, of: kind)
        case .object: throw .invalidValue(name, of: kind)
        default: return
        }
    }

    private func check(_ value: JSONValue, of property: GraphProperty) throws(GraphProblem) {
        guard property.isCollection else { return try check(element: value, property, limit: property.maxLength) }
        guard case .array(let values) = value else { throw .invalidValue(property.name, of: kind) }
        if let limit = property.maxItems, values.count > limit { throw .invalidValue(property.name, of: kind) }
        for value in values { try check(element: value, property, limit: property.itemMaxLength) }
    }

    private func check(element value: JSONValue, _ property: GraphProperty, limit: Int?) throws(GraphProblem) {
        let isFine: Bool
        switch (property.type, value) {
        case (_, .null): isFine = !property.cannotBeCleared
        case ("Edm.String", .string(let text)): isFine = !text.isEmpty && text.utf16.count <= limit ?? .max
        case ("Edm.Boolean", .bool), ("Edm.Int32", .integer), ("Edm.Int64", .integer): isFine = true
        case ("Edm.String", _), ("Edm.Boolean", _), ("Edm.Int32", _), ("Edm.Int64", _): isFine = false
        case (let type, _) where type.hasPrefix("Edm."): isFine = value.string != nil || value.integer != nil
        case (let type, _): return try check(complex: value, type, at: property.name)
        }
        if !isFine { throw .invalidValue(property.name, of: kind) }
    }

    private func check(complex value: JSONValue, _ type: String, at name: String) throws(GraphProblem) {
        if types.types[type]?.kind == .enumeration {
            guard value.string != nil else { throw .invalidValue(name, of: kind) }
            return
        }
        guard case .object(let members) = value else { throw .invalidValue(name, of: kind) }
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
