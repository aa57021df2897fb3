/// A line of the journal: that an object changed, written in the transaction that changed it. What changed is read from
/// the object itself; the journal carries identities only.
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
    /// Whose membership changed; nil where it may be anybody's.
    package let member: ObjectReference?

    package init(sequence: Int64, object: ObjectReference, change: Change, member: ObjectReference? = nil) {
        self.sequence = sequence
        self.object = object
        self.change = change
        self.member = member
    }
}
