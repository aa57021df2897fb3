/// A part of an Entra object that Graph has refused to write, so that it is not sent again until something that matters has changed.
package struct Refusal: Hashable, Sendable {
    /// Which part of an object was refused.
    package enum Part: Hashable, Sendable {
        /// A property, by Graph's name; `manager` is one too.
        case attribute(String)
        /// A member that was to be added to a group.
        case member(EntraObjectID)
        /// A member that was to be removed from a group.
        case formerMember(EntraObjectID)
    }

    package let part: Part
    /// The fingerprint of the desired value, the value in Entra, and everything else that decides whether it may be written.
    package let fingerprint: String
    /// Why Graph refused it.
    package let outcome: Outcome
    package let since: Timestamp

    package init(part: Part, fingerprint: String, outcome: Outcome, since: Timestamp) {
        self.part = part
        self.fingerprint = fingerprint
        self.outcome = outcome
        self.since = since
    }
}
