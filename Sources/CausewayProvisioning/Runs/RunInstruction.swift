package import CausewayModel

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
    /// The last journal entry that the selection covers; nil if a full run finds it out by itself, or if a partial run covers none.
    let journalEnd: Int64?

    package init(
        _ provider: ProviderID,
        trigger: RunTrigger,
        mode: RunMode,
        selection: PlanSelection = .everything,
        overridesDryRun: Bool = false,
        retriesRefusals: Bool = false
    ) {
        self.provider = provider
        self.trigger = trigger
        self.mode = mode
        self.selection = selection
        self.overridesDryRun = overridesDryRun
        self.retriesRefusals = retriesRefusals
        journalEnd = nil
    }

    /// A run for what the journal and earlier failures ask for.
    init(_ provider: ProviderID, _ work: PendingChanges) {
        self.provider = provider
        (trigger, mode, selection) = (.change, .apply, work.selection)
        (overridesDryRun, retriesRefusals) = (false, false)
        journalEnd = work.journalEnd
    }

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
