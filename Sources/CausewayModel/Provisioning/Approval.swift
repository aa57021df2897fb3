/// A person's approval of what the guard of a run held back. It covers that plan, once: it ends when
/// its own follow-up run has answered it, or when anything comes between.
package struct Approval: Hashable, Sendable {
    /// The run whose held actions are approved.
    package let run: RunID
    package let provider: ProviderID
    /// Who approved.
    package let approvedBy: String
    package let approvedAt: Timestamp
    /// From then on it covers nothing.
    package let expiresAt: Timestamp
    /// The run that carries it out; nil before that has begun.
    package var appliedBy: RunID?
    /// When it was spent or became void; nil while it is valid.
    package var endedAt: Timestamp?
    /// Why it ended, in a sentence; empty while it is valid.
    package var ending: String

    package init(
        run: RunID,
        provider: ProviderID,
        approvedBy: String,
        approvedAt: Timestamp,
        expiresAt: Timestamp,
        appliedBy: RunID? = nil,
        endedAt: Timestamp? = nil,
        ending: String = ""
    ) {
        self.run = run
        self.provider = provider
        self.approvedBy = approvedBy
        self.approvedAt = approvedAt
        self.expiresAt = expiresAt
        self.appliedBy = appliedBy
        self.endedAt = endedAt
        self.ending = ending
    }
}

/// Why an approval no longer covers anything.
package enum ApprovalEnding: Hashable, Sendable {
    // Its own run has answered it.
    /// How many of the actions that were approved are done.
    case applied(by: RunID, count: Int, of: Int)
    case nothingLeft(RunID)
    case otherPlan(RunID)
    case failed(RunID)
    case canceled(RunID)
    // Something came before its own run could.
    case overtaken(by: RunID)
    case settingsChanged, unassigned, dryRun, lapsed
    case withdrawn(by: String)
    case restored

    /// Whether what was approved is not applied because of it, which the person who approved must be told.
    package var isVoid: Bool {
        switch self {
        case .applied, .nothingLeft: false
        case .otherPlan, .failed, .canceled, .overtaken, .settingsChanged, .unassigned, .dryRun, .lapsed, .withdrawn,
            .restored:
            true
        }
    }

    /// How the approval ended.
    package var sentence: String { isVoid ? "It is void. \(reason)" : reason }

    /// What has happened.
    package var reason: String {
        switch self {
        case .applied(let run, let count, let all) where count == all:
            "Run \(run.text) applied \(count) \(count == 1 ? "action" : "actions")."
        case .applied(let run, let count, let all): "Run \(run.text) applied \(count) of \(all) actions."
        case .nothingLeft(let run): "Run \(run.text) found nothing left to do."
        case .otherPlan(let run): "The plan of run \(run.text) differs and waits for approval itself."
        case .failed(let run): "Run \(run.text) failed; what is left needs approval again after the next sync."
        case .canceled(let run): "Run \(run.text) was canceled; what is left needs approval again after the next sync."
        case .overtaken(let run): "Run \(run.text) came first."
        case .settingsChanged: "The provider's settings or mappings changed; the next sync plans again."
        case .unassigned: "The provider is no longer assigned to an application."
        case .dryRun: "The provider was set to dry run."
        case .lapsed: "It was not applied in time."
        case .withdrawn(let name): "\(name) withdrew it."
        case .restored: "The database was restored from a backup; the next sync plans again."
        }
    }
}
