import CausewayModel
import CausewayStore

/// The first full sync of a provider whose administrator wants to see it before: it waits, with all that it would do, until a person has
/// seen a plan of it and says yes. A plan that is applied, an approval, and a sync that a person starts once a plan was shown are such a
/// word; a schedule, a save and an application are none.
struct FirstSync {
    let provider: EntraProvider
    let run: Run

    func mustWait(_ mode: RunMode, in transaction: Transaction) throws -> Bool {
        guard provider.reviewFirstSync, run.isFull, mode == .apply,
            try transaction.journalPosition(of: provider.id) == nil
        else { return false }
        switch run.trigger {
        case .manual: return try !transaction.hasShownPlan(of: provider.id, before: run.id)
        case .approval: return try !transaction.carriesOutFullPlan(run.id)
        case .schedule, .save, .change, .preview: return true
        }
    }

    var sentence: String {
        "This is the first sync of '\(provider.name)'. Nothing has been sent: look at the plan, then start the sync, or approve the plan."
    }
}
