/// Why a run was started.
package enum RunTrigger: String, Sendable, CaseIterable {
    case manual, schedule, save, change
    /// A plan that was only to be shown.
    case preview
    /// A person approved what an earlier run held back.
    case approval
}

/// Where a run stands.
package enum RunStatus: String, Sendable, CaseIterable {
    case discovering, planning
    /// A plan that was shown and not applied.
    case planned
    case awaitingApproval = "awaiting_approval"
    case applying
    case succeeded
    /// Ended with failures of single objects.
    case warning
    /// Stopped as a whole, for the reason in its message.
    case failed
    /// The process ended before the run did.
    case interrupted
    /// A person approved what it held back; a run of its own carries that out.
    case approved
    /// A person decided that what it held back is not to be done.
    case rejected
    /// A newer full sync has taken its place, or what it planned by has changed.
    case superseded
    /// Nobody approved it in time.
    case expired

    /// Whether nothing more will happen to the run.
    package var isFinal: Bool {
        switch self {
        case .planned, .succeeded, .warning, .failed, .interrupted, .approved, .rejected, .superseded, .expired: true
        case .discovering, .planning, .awaitingApproval, .applying: false
        }
    }
}

/// One sync of a provider: discover, plan, apply.
package struct Run: Hashable, Sendable {
    package let id: RunID
    package let provider: ProviderID
    package let trigger: RunTrigger
    /// Whether it looks at everything in scope, or at some objects alone.
    package let isFull: Bool
    package var status: RunStatus
    /// Why the run stopped or waits; empty otherwise.
    package var message: String
    /// How many objects it has looked at, those with nothing to do included.
    package var examinedUsers: Int
    package var examinedGroups: Int
    package let startedAt: Timestamp
    /// When its work ended; a run that waits for approval has done what it may.
    package var finishedAt: Timestamp?

    package init(
        id: RunID = .random(),
        provider: ProviderID,
        trigger: RunTrigger,
        isFull: Bool = true,
        status: RunStatus = .discovering,
        message: String = "",
        examinedUsers: Int = 0,
        examinedGroups: Int = 0,
        startedAt: Timestamp,
        finishedAt: Timestamp? = nil
    ) {
        self.id = id
        self.provider = provider
        self.trigger = trigger
        self.isFull = isFull
        self.status = status
        self.message = message
        self.examinedUsers = examinedUsers
        self.examinedGroups = examinedGroups
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }
}

/// How many actions of a run there are of one verb, kind and outcome.
package struct ActionCount: Hashable, Sendable {
    package let verb: ActionVerb
    package let kind: ObjectKind
    package let status: OutcomeStatus
    package let count: Int
    /// Links carried by these actions, for membership verbs and creates.
    package let links: Int

    package init(verb: ActionVerb, kind: ObjectKind, status: OutcomeStatus, count: Int, links: Int) {
        self.verb = verb
        self.kind = kind
        self.status = status
        self.count = count
        self.links = links
    }
}
