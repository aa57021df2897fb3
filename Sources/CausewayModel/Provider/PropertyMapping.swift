/// A named Python expression that turns a user or group into Graph properties.
package struct PropertyMapping: Hashable, Sendable {
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

    /// Whether the expression contains anything except blank lines and comments, which authentik refuses to compile, too.
    private var hasStatement: Bool {
        expression.split(whereSeparator: \.isNewline).contains { line in
            line.first { !$0.isWhitespace }.map { $0 != "#" } ?? false
        }
    }

    /// Checks what can be checked without an interpreter.
    ///
    /// - Throws: ``ValidationError`` with every field that breaks a rule.
    package func validate() throws(ValidationError) {
        var error = ValidationError()
        error.require(!name.isEmpty, "name", "This field may not be blank.")
        error.require(!expression.allSatisfy(\.isWhitespace), "expression", "This field may not be blank.")
        error.require(
            expression.allSatisfy(\.isWhitespace) || hasStatement,
            "expression",
            "It contains only comments; a mapping returns properties, or at least 'return {}'."
        )
        try error.throwIfAny()
    }
}

extension PropertyMapping {
    /// The fields that people set.
    package static let fields: [Field<PropertyMapping>] = [
        .text("name", \.name), .text("expression", \.expression),
    ]
}
