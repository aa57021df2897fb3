import CausewayJSON
import CausewayModel
import CausewayStore

/// A group whose members are planned.
struct MemberTarget: Sendable {
    let group: Group
    /// Its Entra id, where it has one or is given one by this plan.
    let entraID: EntraObjectID?
    /// Whether the Entra group was there before the link, and nobody has decided yet on what that takes away.
    let asksFirst: Bool
    /// Which of its members are looked at.
    let members: MemberSelection
    /// What the Entra object is known to be.
    let known: [String: JSONValue]

    var reference: ObjectReference { ObjectReference(group.id) }

    /// An action that sends nothing, to say something of the group's members.
    func line(_ reason: ActionReason) -> Action {
        MembershipPlan(group: group, entraID: entraID).action(.skip, reason, [])
    }
}
