import CausewayModel

/// The links that a plan makes: with objects that it creates or restores, and with those that it found in the tenant.
struct PlannedLinks: Sendable {
    /// The local objects that get a link.
    private(set) var objects: Set<ObjectReference> = []
    /// The Entra objects that were found, by local object.
    private(set) var found: [ObjectReference: EntraObjectID] = [:]
    /// The local objects, by Entra object.
    private(set) var owners: [EntraObjectID: ObjectReference] = [:]
    /// The local objects whose Entra object comes back from the recycle bin, by Entra object.
    private(set) var restored: [EntraObjectID: ObjectReference] = [:]
    /// Those whose Entra object existed before the provider managed it.
    private(set) var asking: Set<ObjectReference> = []

    mutating func add(_ decision: Decision, of object: ObjectReference) {
        switch decision {
        case .create: objects.insert(object)
        case .restore(let entra, _, _):
            objects.insert(object)
            restored[entra.entraID] = object
        case .keep(let link, .some, _):
            objects.insert(object)
            found[object] = link.entraID
            owners[link.entraID] = object
            if link.asksFirst { asking.insert(object) }
        case .keep(_, nil, _), .leaveAlone: break
        }
    }

    /// Removes objects that are neither created nor restored after all.
    mutating func remove(_ void: [ObjectReference]) {
        objects.subtract(void)
        restored = restored.filter { objects.contains($0.value) }
    }
}
