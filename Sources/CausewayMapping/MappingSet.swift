package import CausewayModel

/// The mappings that a provider applies to objects of one kind. They are evaluated in the order of their names, whatever their
/// order here (authentik).
package struct MappingSet: Hashable, Sendable {
    package let kind: ObjectKind
    package let mappings: [PropertyMapping]
    /// The provider as mappings see it; without secrets.
    package let provider: EntraProvider

    package init(kind: ObjectKind, mappings: [PropertyMapping], provider: EntraProvider) {
        self.kind = kind
        self.mappings = mappings
        self.provider = provider
    }

    /// Whether any expression may ask for the groups of a user; if not, they need not be read.
    package var asksForGroups: Bool { kind == .user && mappings.contains { $0.expression.contains("group") } }

    /// Whether any expression may ask for the connection; if not, nothing of it is sent.
    var asksForConnection: Bool { mappings.contains { $0.expression.contains("connection") } }
}
