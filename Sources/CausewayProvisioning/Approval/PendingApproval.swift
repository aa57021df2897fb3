import CausewayJSON
import CausewayModel
import CausewayStore

/// A run whose dangerous part the guard holds back.
struct PendingApproval {
    let provider: EntraProvider
    let run: Run
    /// Why.
    let reason: String

    /// Leaves the run waiting once the rest is done, and tells whoever watches.
    func wait(in transaction: Transaction) throws {
        try wait("\(reason) The rest is done; look at the plan, then approve or reject it.", transaction)
    }

    /// Leaves the run waiting with all that it would do.
    func waitWithEverything(in transaction: Transaction) throws {
        try transaction.holdBack(.everything, of: run.id)
        try wait(reason, transaction)
    }

    private func wait(_ message: String, _ transaction: Transaction) throws {
        try transaction.holdForApproval(run.id, message: message)
        // One that looks at a few objects alone leaves what others wait for as it was.
        if run.isFull { try transaction.concludeFullSync(run.id, of: provider.id, isWaiting: true) }
        try transaction.insertEvent(
            .approval("approval_required", by: "causeway", provider, run.id, message, at: transaction.now)
        )
    }
}

extension Event {
    /// What happened about an approval.
    static func approval(
        _ action: String,
        by actor: String,
        _ provider: EntraProvider,
        _ run: RunID,
        _ message: String,
        at time: Timestamp
    ) -> Event {
        Event(
            action: action,
            app: "causeway.provisioning",
            actor: actor,
            context: ["provider": .string(provider.name), "run": .string(run.text), "message": .string(message)],
            created: time
        )
    }
}
