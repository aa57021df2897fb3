package import CausewayJSON

/// The status of a difference that someone else made.
package enum DriftStatus: String, Sendable, CaseIterable {
    /// Found; the next run handles it.
    case open
    /// Left as it is and shown, since the provider only reports.
    case reported
    /// Left as it is for good, until the directory changes.
    case accepted
    /// Entra has the directory's value again.
    case restored
    /// The directory changed, or both sides agree: there is nothing left to decide.
    case overtaken

    /// Whether the difference is still there.
    package var isUnresolved: Bool { self == .open || self == .reported || self == .accepted }
}

/// A difference that someone else made in Entra to something that Causeway manages: an attribute, or a member of a group.
package struct Drift: Hashable, Sendable {
    /// Its number in the store.
    package let id: Int64
    package let kind: ObjectKind
    package let entraID: EntraObjectID
    /// The Graph property; `members` for a membership.
    package let attribute: String
    /// The member.
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
