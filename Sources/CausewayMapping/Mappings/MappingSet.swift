package import CausewayJSON
package import CausewayModel

/// The mappings that a provider applies to objects of one kind. They are evaluated in the order of their names, whatever their
/// order here (authentik).
package struct MappingSet: Hashable, Sendable {
    package let kind: ObjectKind
    package let mappings: [PropertyMapping]
    /// The provider as mappings see it; without secrets.
    package let provider: EntraProvider
    package let mappingContext: MappingContext

    /// What a test of mappings passes in addition to the object (authentik, "test property mapping").
    package struct MappingContext: Hashable, Sendable {
        /// Names and values: each is a name in the expressions, and all are in `request.context`.
        package var context: [String: JSONValue] = [:]
        /// A group in addition to the user of the preview.
        package var group: Group?

        package init() {}
    }

    package init(
        kind: ObjectKind,
        mappings: [PropertyMapping],
        provider: EntraProvider,
        mappingContext: MappingContext = MappingContext()
    ) {
        self.kind = kind
        self.mappings = mappings
        self.provider = provider
        self.mappingContext = mappingContext
    }

    /// Whether any expression seems to ask for the groups of a user; if not, they need not be read. An expression that asks for them
    /// in a way that cannot be seen gets them through the pipe.
    package var asksForGroups: Bool { kind == .user && mentions("group", "superuser", "staff") }

    /// Whether any expression may ask for the connection; if not, it is not sent.
    package var asksForLink: Bool { mentions("connection", "context") }

    /// Whether any expression seems to ask when an account was created or changed.
    var asksForTimes: Bool { kind == .user && mentions("date_joined", "last_updated", "password_change_date") }

    /// Whether any expression may skip an object. The words of the expressions show it; expressions that may look names up
    /// in ways that cannot be read count as well.
    package var maySkip: Bool { mentions("Skip", "globals", "locals", "vars", "eval", "exec", "__") }

    private func mentions(_ words: String...) -> Bool {
        mappings.contains { mapping in words.contains { mapping.expression.contains($0) } }
    }
}
