import CausewayModel
import CausewayStore

/// The decision about one object, and the actions on it. A class, since it is large and passed on by every stage.
final class ObjectPlan: Sendable {
    let object: PlannedObject
    let decision: Decision
    let actions: ObjectActions
    /// Whether the mappings make the user its own manager.
    let isOwnManager: Bool

    init(object: PlannedObject, decision: Decision, actions: ObjectActions, isOwnManager: Bool) {
        (self.object, self.decision, self.actions) = (object, decision, actions)
        self.isOwnManager = isOwnManager
    }

    /// Warnings about the object, in addition to the actions.
    var notes: [String] {
        (decision.given?.notes ?? [])
            + (isOwnManager ? ["'manager' names the user itself; return another user, or None."] : [])
            + actions.notes
    }

    /// Whether it makes an object in Entra or restores one.
    var brings: Bool {
        actions.lines.contains { [.create, .restore].contains($0.action.verb) && $0.outcome.status == .planned }
    }

    /// The same plan with other actions.
    func with(_ actions: ObjectActions) -> ObjectPlan {
        ObjectPlan(object: object, decision: decision, actions: actions, isOwnManager: isOwnManager)
    }

    /// The group to create, if it is one and nothing prevents it.
    var groupCreation: (group: GroupID, creation: GroupCreation)? {
        guard let group = object.reference.group, case .create(let desired, let reason) = decision, brings else {
            return nil
        }
        return (group, GroupCreation(desired: desired, reason: reason))
    }
}

/// A group to create, once its members are known.
struct GroupCreation: Sendable {
    let desired: DesiredObject
    let reason: ActionReason
}
