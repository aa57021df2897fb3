/// A requested full sync that has not been done yet. There is at most one for each provider.
package struct RunRequest: Hashable, Sendable {
    package let trigger: RunTrigger
    package let requestedAt: Timestamp

    package init(trigger: RunTrigger, requestedAt: Timestamp) {
        self.trigger = trigger
        self.requestedAt = requestedAt
    }
}

extension RunTrigger {
    /// Which of two requests determines the run's trigger and rights: an approval, which no other run may apply, before a person's
    /// request, that before a save, a save before the rest.
    package var urgency: Int {
        switch self {
        case .approval: 4
        case .manual: 3
        case .save: 2
        case .change: 1
        case .schedule, .preview: 0
        }
    }
}
