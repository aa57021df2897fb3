package import CausewayJSON

/// What became of a difference that somebody else made.
package enum DriftStatus: String, Sendable, CaseIterable {
    /// Seen; the next run deals with it.
    case open
    /// Left as it is and shown, since the provider only reports.
    case reported
    /// Left as it is for good, until the directory says something else.
    case accepted
    /// Entra holds again what the directory says.
    case restored
    /// The directory changed, or was made to agree: there is nothing to decide any more.
    case overtaken

    /// Whether the difference is still there.
    package var isStanding: Bool { self == .open || self == .reported || self == .accepted }
}

/// A difference that somebody else made in Entra to something that we manage: an attribute, or a member of a group.
package struct Drift: Hashable, Sendable {
    /// The store's number of it.
    package let id: Int64
    package let kind: ObjectKind
    package let entraID: EntraObjectID
    /// The Graph property; `members` for a membership.
    package let attribute: String
    /// Whose membership it is.
    package let member: EntraObjectID?
    package let old: JSONValue
    package let new: JSONValue
    package let seen: Timestamp
    package let status: DriftStatus

    package init(
        id: Int64,
        kind: ObjectKind,
        entraID: EntraObjectID,
        attribute: String,
        member: EntraObjectID? = nil,
        old: JSONValue,
        new: JSONValue,
        seen: Timestamp,
        status: DriftStatus
    ) {
        self.id = id
        self.kind = kind
        self.entraID = entraID
        self.attribute = attribute
        self.member = member
        self.old = old
        self.new = new
        self.seen = seen
        self.status = status
    }
}
