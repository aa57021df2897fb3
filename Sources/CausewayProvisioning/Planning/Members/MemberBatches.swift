import CausewayModel

/// Adds members to one group in the fewest writes: twenty to a request, in whatever order they come. Pure.
struct MemberBatches {
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
