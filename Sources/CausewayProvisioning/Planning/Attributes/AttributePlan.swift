import CausewayGraphTypes
import CausewayJSON
import CausewayModel

/// The actions that make an Entra object of one kind what the directory says: its attributes, whether it exists, whether its account may
/// sign in. Pure: everything it needs is given.
protocol AttributePlan {
    /// The local object: a user or a group.
    associatedtype Local: Sendable

    init(types: GraphTypes)

    var difference: AttributeDifference { get }

    /// The creation of an object that Entra does not have.
    func creation(of local: Local, desired: DesiredObject, reason: ActionReason) -> Action

    /// Restores an object from the recycle bin, then changes what differs.
    func restoration(
        of local: Local,
        desired: DesiredObject,
        from entra: MirrorObject,
        reason: ActionReason,
        sieve: WritableChanges
    ) -> AttributeActions

    /// The actions that send changes of an existing object.
    ///
    /// - Parameter level: 1 if something must be done to the object before.
    func updates(
        of local: Local,
        _ changes: [AttributeChange],
        at entraID: EntraObjectID,
        reason: ActionReason,
        level: Int
    ) -> [Action]
}

/// The plan for the attributes of one object.
struct AttributeActions {
    let actions: [Action]
    /// The new status of the object's drift.
    var driftUpdates: [DriftUpdate] = []
    /// What is not sent, and why.
    let sifted: WritableChanges.Sifted
}

extension AttributePlan {
    /// What differs at an existing object.
    ///
    /// - Parameter drifts: the object's drift that is not resolved.
    func changes(
        of local: Local,
        desired: DesiredObject,
        link: ObjectLink,
        resolver: DriftResolver,
        drifts: [Drift],
        sieve: WritableChanges
    ) -> AttributeActions {
        let all = difference.changes(from: link.known, to: desired.properties)
        let resolution = resolver.resolve(all, desired: desired.properties, drifts: drifts)
        let sifted = sieve.sift(resolution.send, of: link.known)
        let reason: ActionReason = resolution.isDrift ? .drifted : .attributesDiffer
        return AttributeActions(
            actions: updates(of: local, sifted.send, at: link.entraID, reason: reason, level: 0),
            driftUpdates: resolution.updates,
            sifted: sifted
        )
    }
}
