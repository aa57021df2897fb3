import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// The actions that make a group in Entra what the directory says, except its members. Pure.
struct GroupPlan: AttributePlan {
    let difference: AttributeDifference

    init(types: GraphTypes) { difference = AttributeDifference(kind: .group, types: types) }

    /// The most members that one request may carry (Graph: create group, add members).
    static let membersPerRequest = 20

    /// The creation of a group without its members.
    func creation(of group: Group, desired: DesiredObject, reason: ActionReason) -> Action {
        creation(of: group, desired: desired, members: [], level: 0, reason: reason)
    }

    /// The creation of a group with the first of its members. Its unique name makes a repeated creation harmless: Entra refuses
    /// the second one, and the first is found by that name.
    func creation(
        of group: Group,
        desired: DesiredObject,
        members: [MemberReference],
        level: Int,
        reason: ActionReason
    ) -> Action {
        var properties = desired.properties
        if (properties["uniqueName"] ?? .null).isNull {
            properties["uniqueName"] = .string(MatchRules.uniqueName(of: group))
        }
        return Action(
            phase: .groups,
            level: level,
            verb: .create,
            kind: .group,
            object: ObjectReference(group.id),
            name: group.name,
            reason: reason,
            changes: properties.sorted { $0.key < $1.key }
                .map { AttributeChange(attribute: $0.key, old: nil, new: $0.value) },
            members: members,
            secrets: desired.secrets
        )
    }

    /// Restores the group from the recycle bin, then changes what differs.
    func restoration(
        of group: Group,
        desired: DesiredObject,
        from entra: MirrorObject,
        reason: ActionReason,
        sieve: WritableChanges
    ) -> AttributeActions {
        let restore = Action(
            phase: .groups,
            verb: .restore,
            kind: .group,
            object: ObjectReference(group.id),
            name: group.name,
            entraID: entra.entraID,
            reason: reason
        )
        let sifted = sieve.sift(difference.changes(from: entra.known, to: desired.properties), of: entra.known)
        let updates = updates(of: group, sifted.send, at: entra.entraID, reason: .attributesDiffer, level: 1)
        return AttributeActions(actions: [restore] + updates, sifted: sifted)
    }

    func updates(
        of group: Group,
        _ changes: [AttributeChange],
        at entraID: EntraObjectID,
        reason: ActionReason,
        level: Int
    ) -> [Action] {
        guard !changes.isEmpty else { return [] }
        return [
            Action(
                phase: .groups,
                level: level,
                verb: .update,
                kind: .group,
                object: ObjectReference(group.id),
                name: group.name,
                entraID: entraID,
                reason: reason,
                changes: changes
            )
        ]
    }
}
