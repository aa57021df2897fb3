package import CausewayModel

/// The progress of a run, for people who watch.
package struct SyncProgress: Hashable, Sendable {
    /// What the run is doing.
    package enum Step: Hashable, Sendable {
        case readingUsers, readingGroups, planningUsers, planningGroups, planningMembers
        case applying(ActionPhase)
    }

    package let step: Step
    /// Objects or actions done within the step.
    package let done: Int
    /// How many there are; nil if it is unknown before the end.
    package let total: Int?

    package init(_ step: Step, done: Int, total: Int?) {
        self.step = step
        self.done = done
        self.total = total
    }
}

/// Called often, from any task; must return at once.
package typealias ProgressObserver = @Sendable (SyncProgress) -> Void
