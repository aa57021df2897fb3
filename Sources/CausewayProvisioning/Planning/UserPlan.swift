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
    func changes(of user: User, desired: DesiredObject, link: Connection) -> [Action] {
        var wanted = desired.properties
        // Whom we disabled because they left is enabled again, even where no mapping speaks of it.
        if link.isSuspended, wanted["accountEnabled"] == nil { wanted["accountEnabled"] = true }
        return changes(of: user, to: wanted, known: link.known, at: link.entraID)
    }

    /// The way back from the recycle bin: under the name that the person has today, then whatever else differs.
    func restoration(of user: User, desired: DesiredObject, from entra: MirrorObject) -> [Action] {
        var name: [AttributeChange] = []
        if let wanted = desired.properties["userPrincipalName"] {
            name.append(
                AttributeChange(attribute: "userPrincipalName", old: entra.known["userPrincipalName"], new: wanted)
            )
        }
        let restore = action(.restore, on: user, entra.entraID, phase: .users, .returned, name)
        var known = entra.known
        known.merge(name.map { ($0.attribute, $0.new) }) { $1 }
        return [restore] + changes(of: user, to: desired.properties, known: known, at: entra.entraID, after: restore)
    }

    /// - Parameter former: what must be done before.
    private func changes(
        of user: User,
        to wanted: [String: JSONValue],
        known: [String: JSONValue],
        at entraID: EntraObjectID,
        after former: Action? = nil
    ) -> [Action] {
        let level = former == nil ? 0 : 1
        let all = difference.changes(from: known, to: wanted)
        let switching = all.filter { $0.attribute == "accountEnabled" }
        let others = all.filter { $0.attribute != "accountEnabled" }
        var actions: [Action] = []
        if !others.isEmpty {
            actions.append(
                action(.update, on: user, entraID, phase: .users, level: level, .attributesDiffer, others)
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
                    // Two writes to one object at the same time may be refused: enabling waits for the update.
                    level: enables ? level + 1 : 0,
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
