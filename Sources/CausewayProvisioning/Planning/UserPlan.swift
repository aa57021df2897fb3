import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// The actions that make a user in Entra what the directory says. Pure: everything it needs is given.
struct UserPlan {
    let difference: AttributeDifference

    init(types: GraphTypes) { difference = AttributeDifference(rules: types.user) }

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

    /// What differs at an account that exists. Enabling and disabling travel in requests of their own, so that they succeed
    /// whatever becomes of the rest.
    func changes(of user: User, desired: DesiredObject, known: [String: JSONValue], at entraID: EntraObjectID)
        -> [Action]
    {
        let all = difference.changes(from: known, to: desired.properties)
        let switching = all.filter { $0.attribute == "accountEnabled" }
        let others = all.filter { $0.attribute != "accountEnabled" }
        var actions: [Action] = []
        if !others.isEmpty {
            actions.append(action(.update, on: user, entraID, phase: .users, .attributesDiffer, others))
        }
        if let change = switching.first {
            let enables = change.new == true
            actions.append(
                action(
                    enables ? .reactivate : .suspend,
                    on: user,
                    entraID,
                    phase: enables ? .users : .suspensions,
                    enables ? .reactivated : .deactivated,
                    [change]
                )
            )
        }
        return actions
    }

    private func action(
        _ verb: ActionVerb,
        on user: User,
        _ entraID: EntraObjectID,
        phase: ActionPhase,
        _ reason: ActionReason,
        _ changes: [AttributeChange]
    ) -> Action {
        Action(
            phase: phase,
            // Two writes to one object at the same time may be refused: enabling waits for the update.
            level: verb == .reactivate ? 1 : 0,
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
