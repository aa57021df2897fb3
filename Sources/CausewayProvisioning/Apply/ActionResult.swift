import CausewayGraph
import CausewayJSON
import CausewayModel

/// The result of an action: its outcome, and what is now known of the Entra object.
struct ActionResult: Sendable {
    let prepared: PreparedAction
    let outcome: Outcome
    /// A creation's new object, or an existing object that turned out to be it.
    var created: (id: EntraObjectID, known: [String: JSONValue])?
    /// Whether it was made just now, so that nobody else can have changed it.
    var isFresh = false
    /// Members that are now known to be there.
    var added: [EntraObjectID] = []
    /// The properties that Graph accepted; nil if it accepted all of them.
    var accepted: Set<String>?
    /// What Graph refused.
    var refused: [RefusedPart] = []
    /// Whether the outcome says what was refused, so that the plan needs no further lines about it.
    var outcomeNamesRefused = false

    /// The desired values by property: more than the action sends if a creation had to leave some out.
    var desired: [String: JSONValue]

    init(_ prepared: PreparedAction, _ outcome: Outcome) {
        desired = prepared.action.known
        self.prepared = prepared
        self.outcome = outcome
    }

    /// Whether Entra is now as the action wants it.
    var isDone: Bool { outcome.status == .applied || outcome.status == .unchanged }
}
