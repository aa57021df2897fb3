/// A line of the journal: an object changed. It is written in the transaction that changes the object. What changed is read from
/// the object itself; the journal contains only identities.
package struct JournalEntry: Hashable, Sendable {
    /// How the object changed.
    package enum Change: String, Sendable, CaseIterable {
        case created, updated, deleted
        /// The members of a group changed.
        case members
    }

    /// Ever growing; gaps mean nothing.
    package let sequence: Int64
    package let object: ObjectReference
    package let change: Change
    /// Whose membership changed; nil if it may be any member's.
    package let member: ObjectReference?

    package init(sequence: Int64, object: ObjectReference, change: Change, member: ObjectReference? = nil) {
        self.sequence = sequence
        self.object = object
        self.change = change
        self.member = member
    }
}
