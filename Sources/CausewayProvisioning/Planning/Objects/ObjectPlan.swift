import CausewayModel
import CausewayStore

/// What was decided about one object, and what is to be done about it.
struct ObjectPlan: Sendable {
    let object: PlannedObject
    let decision: Decision
    let actions: ObjectActions
    /// Whether the mappings make the user its own manager.
    var isOwnManager = false

    /// What people should know of the object beside what is done.
    var notes: [String] {
        (decision.given?.notes ?? [])
            + (isOwnManager ? ["'manager' names the user itself; give somebody else, or None for nobody."] : [])
            + actions.notes
    }

    /// Whether it makes an object in Entra or brings one back.
    var brings: Bool {
        actions.lines.contains { [.create, .restore].contains($0.action.verb) && $0.outcome.status == .planned }
    }

    /// The same with something else to be done.
    func with(_ actions: ObjectActions) -> ObjectPlan {
        ObjectPlan(object: object, decision: decision, actions: actions, isOwnManager: isOwnManager)
    }

    /// The group that is to be created, where it is one and nothing is in the way.
    var groupCreation: (group: GroupID, creation: GroupCreation)? {
        guard let group = object.reference.group, case .create(let desired, let reason) = decision, brings else {
            return nil
        }
        return (group, GroupCreation(desired: desired, reason: reason))
    }
}

/// A group that is to be created, once its members are known.
struct GroupCreation: Sendable {
    let desired: DesiredObject
    let reason: ActionReason
}
