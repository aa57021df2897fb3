import CausewayJSON
import CausewayModel
import CausewayStore

/// A run whose destructive part the guard holds back.
struct PendingApproval {
    let provider: EntraProvider
    let run: Run
    /// Why it is held back.
    let reason: String

    /// Leaves the run waiting once the rest is done, and records an event.
    func wait(in transaction: Transaction) throws {
        try wait("\(reason) The rest was applied; review the plan, then approve or reject it.", transaction)
    }

    /// Leaves the run waiting with all its actions.
    func waitWithEverything(in transaction: Transaction) throws {
        try transaction.holdBack(.everything, of: run.id)
        try wait(reason, transaction)
    }

    private func wait(_ message: String, _ transaction: Transaction) throws {
        try transaction.holdForApproval(run.id, message: message)
        // A run about a few objects leaves earlier runs that wait as they are.
        if run.isFull { try transaction.concludeFullSync(run.id, of: provider.id, isWaiting: true) }
        try transaction.insertEvent(
            .run(.approvalRequired, by: .engine, provider, run.id, message, at: transaction.now)
        )
    }
}

extension Event {
    /// An event about a run that a person or the guard stopped or let go on.
    static func run(
        _ kind: EventKind,
        by origin: EventOrigin,
        _ provider: EntraProvider,
        _ run: RunID,
        _ message: String,
        at time: Timestamp
    ) -> Event {
        let content: [String: JSONValue] = ["run": .string(run.text), "message": .string(message)]
        return Event(kind, of: provider.id, called: provider.name, content, by: origin, at: time)
    }
}
