package import CausewayJSON

/// The link between a local object and its Entra object.
///
/// It outlives the local object: what was deleted here must still be deleted in Entra, however often that takes.
package struct ObjectLink: Hashable, Sendable {
    package let id: LinkID
    package let provider: ProviderID
    package let kind: ObjectKind
    /// The local object; nil once it was deleted.
    package var object: ObjectReference?
    /// The id that Graph gave the object.
    package var entraID: EntraObjectID
    /// The known values of the Entra object: Graph's property names and values.
    package var known: [String: JSONValue]
    /// Where the Entra object is, according to the mirror.
    package var presence: EntraPresence
    /// Whether Causeway suspended the account because its user left or became inactive, so that a return reactivates it.
    package var isSuspended: Bool
    /// Whether a mapping skipped the object when it was last evaluated without an error.
    package var isSkipped: Bool
    /// Whether the Entra object existed before the link, and a person has yet to decide about what the link would take away from it.
    package var asksFirst: Bool

    package init(
        id: LinkID = .random(),
        provider: ProviderID,
        kind: ObjectKind,
        object: ObjectReference?,
        entraID: EntraObjectID,
        known: [String: JSONValue],
        presence: EntraPresence = .present,
        isSuspended: Bool = false,
        isSkipped: Bool = false,
        asksFirst: Bool = false
    ) {
        self.id = id
        self.provider = provider
        self.kind = kind
        self.object = object
        self.entraID = entraID
        self.known = known
        self.presence = presence
        self.isSuspended = isSuspended
        self.isSkipped = isSkipped
        self.asksFirst = asksFirst
    }
}
