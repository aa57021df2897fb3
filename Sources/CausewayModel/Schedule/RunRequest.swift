/// A full sync that somebody or something asked for, and that is still to be done. There is one at most for each provider.
package struct RunRequest: Hashable, Sendable {
    package let trigger: RunTrigger
    package let requestedAt: Timestamp

    package init(trigger: RunTrigger, requestedAt: Timestamp) {
        self.trigger = trigger
        self.requestedAt = requestedAt
    }
}

extension RunTrigger {
    /// Which of two requests gives the run its name and its rights: a person's word before a save, a save before the rest.
    package var urgency: Int {
        switch self {
        case .manual, .approval: 3
        case .save: 2
        case .change: 1
        case .schedule, .preview: 0
        }
    }
}
