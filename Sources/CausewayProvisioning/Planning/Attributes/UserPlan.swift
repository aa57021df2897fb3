import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// The actions that make a user in Entra what the directory says. Pure: everything it needs is given.
struct UserPlan: AttributePlan {
    let difference: AttributeDifference

    init(types: GraphTypes) { difference = AttributeDifference(kind: .user, types: types) }

    /// The creation of an account that Entra does not have.
    func creation(of user: User, desired: DesiredObject, reason: ActionReason) -> Action {
        Action(
            phase: .users,
            verb: .create,
            kind: .user,
            object: ObjectReference(user.id),
            name: user.username,
            reason: reason,
            changes: desired.properties.sorted { $0.key < $1.key }
                .map { AttributeChange(attribute: $0.key, old: nil, new: $0.value) },
            secrets: desired.secrets
        )
    }

    /// Restores the account from the recycle bin under the user's current name, then changes what differs.
    func restoration(
        of user: User,
        desired: DesiredObject,
        from entra: MirrorObject,
        reason: ActionReason,
        sieve: WritableChanges
    ) -> AttributeActions {
        var name: [AttributeChange] = []
        if let wanted = desired.properties["userPrincipalName"], !wanted.isNull {
            name.append(
                AttributeChange(attribute: "userPrincipalName", old: entra.known["userPrincipalName"], new: wanted)
            )
        }
        let restore = action(.restore, on: user, entra.entraID, phase: .users, reason, name)
        var known = entra.known
        known.merge(name.map { ($0.attribute, $0.new) }) { $1 }
        let sifted = sieve.sift(difference.changes(from: known, to: desired.properties), of: known)
        let updates = updates(of: user, sifted.send, at: entra.entraID, reason: .attributesDiffer, level: 1)
        return AttributeActions(actions: [restore] + updates, sifted: sifted)
    }

    /// Suspend and reactivate are separate requests, so that they succeed whatever happens to the rest.
    func updates(
        of user: User,
        _ changes: [AttributeChange],
        at entraID: EntraObjectID,
        reason: ActionReason,
        level: Int
    ) -> [Action] {
        let switching = changes.filter(\.switchesSignIn)
        let others = changes.filter { !$0.switchesSignIn }
        var actions: [Action] = []
        if !others.isEmpty {
            actions.append(
                action(.update, on: user, entraID, phase: .users, level: level, reason, others)
            )
        }
        if let change = switching.first {
            let enables = change.new == true
            actions.append(
                action(
                    enables ? .reactivate : .suspend,
                    on: user,
                    entraID,
                    phase: enables ? .users : .suspensions,
                    // Graph may refuse two writes to one object at the same time: the reactivation waits for the update.
                    level: enables ? level + 1 : 0,
                    reason == .drifted ? .drifted : Self.reason(enables: enables, user),
                    [change]
                )
            )
        }
        return actions
    }

    /// A mapping may suspend a user who is active here.
    private static func reason(enables: Bool, _ user: User) -> ActionReason {
        if enables { return .reactivated }
        return user.isActive ? .attributesDiffer : .deactivated
    }

    private func action(
        _ verb: ActionVerb,
        on user: User,
        _ entraID: EntraObjectID,
        phase: ActionPhase,
        level: Int = 0,
        _ reason: ActionReason,
        _ changes: [AttributeChange]
    ) -> Action {
        Action(
            phase: phase,
            level: level,
            verb: verb,
            kind: .user,
            object: ObjectReference(user.id),
            name: user.username,
            entraID: entraID,
            reason: reason,
            changes: changes
        )
    }
}
