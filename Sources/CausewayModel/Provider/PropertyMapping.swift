import CausewayJSON

/// A named Python expression that turns a user or group into Graph properties.
package struct PropertyMapping: FieldRecord {
    package let id: MappingID
    /// Marks a mapping that comes with the product, such as `goauthentik.io/providers/microsoft_entra/user`; nil for
    /// those that administrators wrote.
    package var managed: String?
    /// Unique; mappings are evaluated in the order of their names.
    package var name: String
    /// The body of a Python function that returns a dict.
    package var expression: String

    package init(id: MappingID = .random(), managed: String? = nil, name: String, expression: String) {
        self.id = id
        self.managed = managed
        self.name = name
        self.expression = expression
    }
}

extension PropertyMapping {
    /// The fields that people set. The rules are those that need no interpreter.
    package static let fields: [Field<PropertyMapping>] = [
        .text("name", \.name, isRequired: true).form(""),
        .text("expression", \.expression, isRequired: true, violation: commentViolation).form("", as: .code),
    ]

    package static var blank: PropertyMapping { PropertyMapping(name: "", expression: "") }

    /// authentik, too, refuses to compile an expression of blank lines and comments alone.
    @Sendable private static func commentViolation(_ expression: String) -> String? {
        let hasStatement = expression.split(whereSeparator: \.isNewline).contains { line in
            line.first { !$0.isWhitespace }.map { $0 != "#" } ?? false
        }
        return hasStatement ? nil : "It contains only comments; a mapping returns properties, or at least 'return {}'."
    }
}

extension PropertyMapping {
    /// The fields that differ from an earlier state, and what manages it.
    package func allChanges(since before: PropertyMapping) -> [FieldChange] {
        let managed = FieldChange("managed", from: JSONValue(before.managed), to: JSONValue(managed))
        return changes(since: before) + [managed].compactMap(\.self)
    }
}
