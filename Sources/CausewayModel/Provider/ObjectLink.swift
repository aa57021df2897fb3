package import CausewayJSON

/// The link between a local object and its Entra object.
///
/// It outlives the local object: what was deleted here must still be deleted there, however often that takes.
package struct ObjectLink: Hashable, Sendable {
    package let id: LinkID
    package let provider: ProviderID
    package let kind: ObjectKind
    /// The local object; nil once that was deleted.
    package var object: ObjectReference?
    /// The id that Graph gave the object.
    package var entraID: EntraObjectID
    /// What the mirror last learned the Entra object to be: Graph's property names and values.
    package var known: [String: JSONValue]
    /// Where the mirror last saw the Entra object.
    package var presence: EntraPresence
    /// Whether we disabled the account because its person left or became inactive, so that coming back enables it again.
    package var isSuspended: Bool
    /// Whether a mapping left the object alone when it was last evaluated without an error.
    package var isSkipped: Bool
    /// Whether the Entra object was there before the link, and what the link would take away from it is still to be decided on.
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
