import CausewayJSON
import CausewayModel
import CausewayStore

/// A run whose dangerous part the guard holds back.
struct HeldRun {
    let provider: EntraProvider
    let run: Run
    /// Why.
    let objection: String

    /// Takes the dangerous actions out of what is to be carried out.
    func holdBack(in transaction: Transaction) throws {
        try transaction.holdBackDangerous(of: run.id)
    }

    /// Leaves the run waiting once the rest is done, and tells whoever watches.
    func wait(in transaction: Transaction) throws {
        let message = "\(objection) The rest is done; look at the plan, then approve or reject it."
        try transaction.holdForApproval(run.id, message: message)
        // A direct sync looks at a few objects only, so what others wait for is as it was.
        if run.trigger != .change { try transaction.supersedeWaiting(of: provider.id, by: run.id) }
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
