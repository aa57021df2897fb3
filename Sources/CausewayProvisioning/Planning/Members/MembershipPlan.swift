import CausewayModel
import CausewayStore

/// Adds members to one group in the fewest writes: twenty to a request, in whatever order they come. Pure.
struct MemberBundles {
    let group: Group
    /// The group's Entra id; nil while it is still to be created.
    let entraID: EntraObjectID?
    private var waiting: [MemberReference] = []

    init(group: Group, entraID: EntraObjectID?) { (self.group, self.entraID) = (group, entraID) }

    /// Adds further members.
    ///
    /// - Returns: the requests that are full.
    mutating func add(_ members: [MemberReference]) -> [Action] {
        waiting += members
        var full: [Action] = []
        while waiting.count >= GroupPlan.membersPerRequest { full.append(next()) }
        return full
    }

    /// The rest.
    mutating func finish() -> [Action] { waiting.isEmpty ? [] : [next()] }

    private mutating func next() -> Action {
        let members = Array(waiting.prefix(GroupPlan.membersPerRequest))
        waiting.removeFirst(members.count)
        return MembershipPlan(group: group, entraID: entraID).action(.addMembers, .memberMissing, members)
    }
}

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
