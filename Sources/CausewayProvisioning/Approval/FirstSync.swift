import CausewayModel
import CausewayStore

/// The first full sync of a provider whose administrator wants to review it. It waits, with all its actions, until a person has seen
/// a plan and agrees: by applying a plan, by approving, or by starting a sync after a plan was shown. A schedule, a save and an
/// assignment do not count as agreement.
struct FirstSync {
    let provider: EntraProvider
    let run: Run

    func mustWait(_ mode: RunMode, in transaction: Transaction) throws -> Bool {
        guard provider.reviewFirstSync, run.isFull, mode == .apply,
            try transaction.journalPosition(of: provider.id) == nil
        else { return false }
        switch run.trigger {
        case .manual: return try !transaction.hasShownPlan(of: provider.id, before: run.id)
        case .approval: return try !transaction.appliesFullPlan(run.id)
        case .schedule, .save, .change, .preview: return true
        }
    }

    /// - Parameter hasSent: whether an earlier run has applied a part of it before it was canceled or failed.
    func sentence(hasSent: Bool) -> String {
        guard hasSent else {
            return
                "This is the first sync of '\(provider.name)'. Nothing has been sent: review the plan, then approve it."
        }
        return
            "This is the first sync of '\(provider.name)'. An earlier run has sent a part of it, this one has sent "
            + "nothing: review the plan, then approve it."
    }
}
