import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// The actions that make a group in Entra what the directory says, its members aside. Pure.
struct GroupPlan {
    let difference: AttributeDifference

    init(types: GraphTypes) { difference = AttributeDifference(kind: .group, types: types) }

    /// The most members that one request may carry (Graph: create group, add members).
    static let membersPerRequest = 20

    /// The creation of a group with the first of its members. Its unique name makes a repeated create harmless: Entra refuses
    /// the second one, and the first is found by that name.
    func creation(
        of group: Group,
        desired: DesiredObject,
        members: [MemberReference],
        level: Int,
        reason: ActionReason
    ) -> Action {
        var properties = desired.properties
        if (properties["uniqueName"] ?? .null).isNull { properties["uniqueName"] = .string(Self.uniqueName(of: group)) }
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

    /// The way back from the recycle bin, then whatever differs.
    func restoration(
        of group: Group,
        desired: DesiredObject,
        from entra: MirrorObject,
        _ reason: ActionReason,
        _ sieve: WriteSieve
    ) -> (actions: [Action], sifted: WriteSieve.Sifted) {
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
        return ([restore] + update(of: group, sifted.send, at: entra.entraID, .attributesDiffer, level: 1), sifted)
    }

    /// What differs at a group that exists.
    ///
    /// - Returns: the actions, what becomes of the drift that stands, and what is not sent.
    func changes(
        of group: Group,
        desired: DesiredObject,
        link: Connection,
        _ judge: DriftJudge,
        _ drifts: [Drift],
        _ sieve: WriteSieve
    ) -> (actions: [Action], verdicts: [DriftVerdict], sifted: WriteSieve.Sifted) {
        let all = difference.changes(from: link.known, to: desired.properties)
        let judged = judge.judge(all, desired: desired.properties, drifts: drifts)
        let reason: ActionReason = judged.isDrift ? .drifted : .attributesDiffer
        let sifted = sieve.sift(judged.send, of: link.known)
        return (update(of: group, sifted.send, at: link.entraID, reason), judged.verdicts, sifted)
    }

    private func update(
        of group: Group,
        _ changes: [AttributeChange],
        at entraID: EntraObjectID,
        _ reason: ActionReason,
        level: Int = 0
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

    /// The alternate key we give to every group we create: its key in the directory, which no other group has and which
    /// stays when it is renamed.
    static func uniqueName(of group: Group) -> String { group.id.text }
}
