/// Why a run was started.
package enum RunTrigger: String, Sendable, CaseIterable {
    case manual, schedule, save, change
    /// A plan that is only shown.
    case preview
    /// A person approved what an earlier run held back.
    case approval
}

/// The status of a run.
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
    /// A person ended it before it was done.
    case canceled
    /// A person approved what it held back; a separate run applies that.
    case approved
    /// A person rejected what it held back.
    case rejected
    /// A newer full sync has replaced it, or the basis of its plan has changed.
    case superseded
    /// It was not approved in time.
    case expired

    /// Whether the run is final.
    package var isFinal: Bool {
        switch self {
        case .planned, .succeeded, .warning, .failed, .interrupted, .canceled, .approved, .rejected, .superseded,
            .expired:
            true
        case .discovering, .planning, .awaitingApproval, .applying: false
        }
    }
}

/// One sync of a provider: discover, plan, apply.
package struct Run: Hashable, Sendable {
    package let id: RunID
    package let provider: ProviderID
    package let trigger: RunTrigger
    /// Whether it covers everything in scope, or only some objects.
    package let isFull: Bool
    package var status: RunStatus
    /// Why the run stopped or waits; empty otherwise.
    package var message: String
    /// How many objects it has examined, including those with nothing to do.
    package var examinedUsers: Int
    package var examinedGroups: Int
    package let startedAt: Timestamp
    /// When its work ended; a run that waits for approval has ended its work.
    package var finishedAt: Timestamp?
    /// When actions of it were deleted because they are old; nil if all are there.
    package var trimmedAt: Timestamp?

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
        finishedAt: Timestamp? = nil,
        trimmedAt: Timestamp? = nil
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
        self.trimmedAt = trimmedAt
    }
}

/// The number of actions of a run of one verb, kind and outcome.
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
