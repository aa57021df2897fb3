import CausewayJSON
import CausewayModel
import CausewayStore

/// A group whose members are planned.
struct MemberTarget: Sendable {
    let group: Group
    /// Its Entra id, if it has one or gets one by this plan.
    let entraID: EntraObjectID?
    /// Whether the Entra group existed before the link, and a decision about what that takes away is pending.
    let asksFirst: Bool
    /// Which of its members are compared.
    let members: MemberSelection
    /// The known values of the Entra object.
    let known: [String: JSONValue]

    var reference: ObjectReference { ObjectReference(group.id) }

    /// An action that sends nothing, but reports about the group's members.
    func line(_ reason: ActionReason) -> Action {
        MembershipPlan(group: group, entraID: entraID).action(.skip, reason, [])
    }
}
