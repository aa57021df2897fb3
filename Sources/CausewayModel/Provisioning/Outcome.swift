/// The result of an action.
package enum OutcomeStatus: String, Sendable, CaseIterable {
    /// In the plan, not yet sent.
    case planned
    /// In the plan, but the guard holds it back until a person approves.
    case held
    /// Sent, no answer yet: after a crash, a look at the tenant must resolve it.
    case sent
    case applied
    /// Entra was as it should be already.
    case unchanged
    case skipped
    /// Will be retried in a later run.
    case retry
    case failed

    /// What a run that has ended should have done and has not, or not for certain.
    package static let unfinished: Set<OutcomeStatus> = [.failed, .retry, .sent]

    /// Whether it belongs to ``unfinished``.
    package var isUnfinished: Bool { Self.unfinished.contains(self) }
}

/// The result of an action, with the reason if it is not done.
package struct Outcome: Hashable, Sendable {
    package let status: OutcomeStatus
    /// What happened, in a sentence that names the attribute if there is one; empty when applied.
    package let message: String
    /// What the administrator can do about it; empty if there is nothing to do.
    package let remedy: String
    /// The Graph property at fault, if one is.
    package let attribute: String?
    /// The kind of failure; nil if nothing failed.
    package let rule: FailureRule?

    /// - Parameter rule: may be left out if the message never contains a value.
    package init(
        _ status: OutcomeStatus,
        message: String = "",
        remedy: String = "",
        attribute: String? = nil,
        rule: FailureRule? = nil
    ) {
        self.status = status
        self.message = message
        self.remedy = remedy
        self.attribute = attribute
        self.rule = rule ?? (status.isUnfinished && !message.isEmpty ? FailureRule(title: message) : nil)
    }

    package static let applied = Outcome(.applied)
}
