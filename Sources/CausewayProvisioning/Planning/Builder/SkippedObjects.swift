import CausewayModel

/// Objects that the mappings of a plan skip: those that a mapping skips now, and those whose mapping fails after it skipped
/// them, since a failure says nothing new.
struct SkippedObjects: Sendable {
    private var present: Set<ObjectReference> = []
    /// Linked objects that were skipped until now and are no longer: much may have happened to them in that time.
    private(set) var noLongerSkipped: [ObjectReference: EntraObjectID] = [:]
    /// Linked objects that were not skipped before.
    private(set) var newlySkipped: Set<EntraObjectID> = []

    func contains(_ object: ObjectReference) -> Bool { present.contains(object) }

    mutating func add(_ plan: ObjectPlan) {
        let wasSkipped = plan.object.storedLink?.isSkipped ?? false
        let isSkipped =
            switch plan.decision {
            case .leaveAlone(.skippedByMapping, _, _): true
            case .leaveAlone(.mappingFailed, _, _): wasSkipped
            default: false
            }
        if isSkipped { present.insert(plan.object.reference) }
        guard let link = plan.object.storedLink, isSkipped != wasSkipped else { return }
        if isSkipped {
            newlySkipped.insert(link.entraID)
        } else {
            noLongerSkipped[plan.object.reference] = link.entraID
        }
    }
}
