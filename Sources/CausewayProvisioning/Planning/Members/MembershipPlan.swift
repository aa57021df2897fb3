import CausewayModel
import CausewayStore

/// The actions that change the members of one group. Pure.
struct MembershipPlan {
    let group: Group
    let entraID: EntraObjectID?

    /// Extra members, one to a request: Graph cannot remove several at once.
    ///
    /// - Parameter asksFirst: whether the group existed in Entra before it was linked, and they may have been in it.
    func removals(of extra: [ExtraMember], asksFirst: Bool = false) -> [Action] {
        extra.map { action(.removeMember, .memberExtra, [.remote($0.entraID)], asksFirst: asksFirst) }
    }

    func action(
        _ verb: ActionVerb,
        _ reason: ActionReason,
        _ members: [MemberReference],
        asksFirst: Bool = false
    ) -> Action {
        Action(
            phase: verb == .removeMember ? .removals : .memberships,
            verb: verb,
            kind: .group,
            object: ObjectReference(group.id),
            name: group.name,
            entraID: entraID,
            reason: reason,
            detail: asksFirst ? Action.asksFirstDetail : "",
            members: members,
            asksFirst: asksFirst
        )
    }
}
