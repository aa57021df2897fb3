package import CausewayModel
import CausewayStore

/// Which provider to run, why, and what the run may do.
package struct RunInstruction: Sendable {
    package let provider: ProviderID
    package let trigger: RunTrigger
    package let mode: RunMode
    /// Everything, or what changed.
    package let selection: PlanSelection
    /// Applies even if the provider is set to dry run (authentik: `override_dry_run`).
    package let overridesDryRun: Bool
    /// Sends everything again that Entra has refused before.
    let retriesRefusals: Bool
    /// Evaluates and compares everything, whatever has changed.
    let comparesEverything: Bool
    /// The last journal entry that the selection covers; nil if a full run finds it out by itself, or if a partial run covers none.
    let journalEnd: Int64?
    /// What must still be so when it begins: another node may have done it before.
    private let condition: Condition

    /// Why there is something to do.
    private enum Condition: Sendable {
        case always
        /// A full sync is due or requested.
        case due
        /// The provider has covered the journal up to here.
        case journal(Int64)
    }

    package init(
        _ provider: ProviderID,
        trigger: RunTrigger,
        mode: RunMode,
        selection: PlanSelection = .everything,
        overridesDryRun: Bool = false,
        retriesRefusals: Bool = false,
        comparesEverything: Bool = false,
        onlyIfDue: Bool = false
    ) {
        self.provider = provider
        self.trigger = trigger
        self.mode = mode
        self.selection = selection
        self.overridesDryRun = overridesDryRun
        self.retriesRefusals = retriesRefusals
        self.comparesEverything = comparesEverything
        journalEnd = nil
        condition = onlyIfDue ? .due : .always
    }

    /// A run for what the journal and earlier failures ask for.
    init(_ provider: ProviderID, _ work: PendingChanges) {
        self.provider = provider
        (trigger, mode, selection) = (.change, .apply, work.selection)
        (overridesDryRun, retriesRefusals, comparesEverything) = (false, false, false)
        journalEnd = work.journalEnd
        condition = .journal(work.position)
    }

    /// Whether there is still something to do, in the transaction in which the run would begin.
    func isStillDue(in transaction: Transaction) throws -> Bool {
        switch condition {
        case .always: true
        case .due: try transaction.runState(of: provider).trigger(at: transaction.now) != nil
        case .journal(let position): try transaction.journalPosition(of: provider) == position
        }
    }

    /// Whether no person waits for it.
    var isByItself: Bool { trigger == .schedule || trigger == .change }

    /// Whether the run does what a waiting request for a full sync asks for.
    var answersRequest: Bool { selection.isEverything && mode != .planOnly }

    /// Whether the run did not apply the requested plan, since a new one differs from it.
    func isStale(after run: Run) -> Bool {
        guard case .applyPlan = mode else { return false }
        return run.status == .planned
    }

    /// What the run may do with the provider's present settings.
    func mode(at provider: EntraProvider) -> RunMode { provider.dryRun && !overridesDryRun ? .planOnly : mode }
}
