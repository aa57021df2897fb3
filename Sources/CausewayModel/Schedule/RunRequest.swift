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
    /// Which of two requests gives the run its name and its rights: an approval, which no other run carries out, before a person's
    /// word, that before a save, a save before the rest.
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
