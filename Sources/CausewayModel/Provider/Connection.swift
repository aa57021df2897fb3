package import CausewayJSON

/// The link between a local object and its Entra object.
///
/// It outlives the local object: what was deleted here must still be deleted there, however often that takes.
package struct Connection: Hashable, Sendable {
    package let id: ConnectionID
    package let provider: ProviderID
    package let kind: ObjectKind
    /// The local object; nil once that was deleted.
    package var object: ObjectReference?
    /// The id that Graph gave the object.
    package var entraID: EntraObjectID
    /// What we last learned the Entra object to be: Graph's property names and values.
    package var known: [String: JSONValue]

    package init(
        id: ConnectionID = .random(),
        provider: ProviderID,
        kind: ObjectKind,
        object: ObjectReference?,
        entraID: EntraObjectID,
        known: [String: JSONValue]
    ) {
        self.id = id
        self.provider = provider
        self.kind = kind
        self.object = object
        self.entraID = entraID
        self.known = known
    }
}
