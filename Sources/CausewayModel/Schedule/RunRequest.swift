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
        case .approval: 3
        case .manual: 2
        case .save: 1
        // Changes and previews start their runs without a request.
        case .schedule, .change, .preview: 0
        }
    }
}
