import CausewayModel

/// What brings the members of one group to what they should be, in the fewest writes. Pure.
struct MembershipPlan {
    /// A member that the group should have, with its Entra id where it has one already.
    typealias Desired = (member: ObjectReference, entraID: EntraObjectID?)

    let group: Group
    let policy: DriftPolicy

    /// Missing members, twenty to a request.
    ///
    /// - Parameters:
    ///   - missing: what is to be added, in order.
    ///   - entraID: the group's Entra id; nil while it is still to be created.
    func additions(of missing: [MemberReference], at entraID: EntraObjectID?) -> [Action] {
        stride(from: 0, to: missing.count, by: GroupPlan.membersPerRequest).map { start in
            let members = missing[start..<min(start + GroupPlan.membersPerRequest, missing.count)]
            return action(.addMembers, .memberships, .memberMissing, Array(members), at: entraID)
        }
    }

    /// Members that should not be there, one to a request: Graph has no way to remove several at once.
    ///
    /// - Parameters:
    ///   - extra: Entra ids of members that the directory does not have.
    ///   - isOurs: whether an Entra object is linked to an object of the directory.
    func removals(of extra: Set<EntraObjectID>, at entraID: EntraObjectID, isOurs: (EntraObjectID) throws -> Bool)
        rethrows
        -> [Action]
    {
        try extra.sorted { $0.rawValue < $1.rawValue }
            // A member that someone else put there stays unless drift is put back.
            .filter { try policy == .restore || isOurs($0) }
            .map { action(.removeMember, .removals, .memberExtra, [.remote($0)], at: entraID) }
    }

    private func action(
        _ verb: ActionVerb,
        _ phase: ActionPhase,
        _ reason: ActionReason,
        _ members: [MemberReference],
        at entraID: EntraObjectID?
    ) -> Action {
        Action(
            phase: phase,
            verb: verb,
            kind: .group,
            object: ObjectReference(group.id),
            name: group.name,
            entraID: entraID,
            reason: reason,
            members: members
        )
    }
}
