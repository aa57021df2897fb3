import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// What an action came to: its outcome, and what is known of the Entra object because of it. Both are committed together.
struct Effect: Sendable {
    let prepared: PreparedAction
    let outcome: Outcome
    /// A creation's new object, or an object that turned out to be it.
    var created: (id: EntraObjectID, known: [String: JSONValue])?
    /// Members that are known to be there now.
    var added: [EntraObjectID] = []

    init(_ prepared: PreparedAction, _ outcome: Outcome) {
        self.prepared = prepared
        self.outcome = outcome
    }

    /// Whether Entra is now as the action wants it.
    private var isDone: Bool { outcome.status == .applied || outcome.status == .unchanged }

    /// Writes the outcome and what it teaches.
    func commit(run: RunID, provider: ProviderID, in transaction: Transaction) throws {
        let action = prepared.action
        try transaction.setOutcomes([action.sequence: outcome], run: run)
        if let entraID = prepared.entraID, !added.isEmpty {
            try transaction.addKnownMembers(added, to: entraID, provider: provider)
        }
        guard isDone else { return }
        switch (action.verb, prepared.entraID) {
        case (.create, _): try commitCreation(run, provider, transaction)
        case (.update, let id?), (.suspend, let id?), (.reactivate, let id?):
            try transaction.mergeKnown(action.known, of: id, provider: provider)
        case (.delete, let id?): try transaction.deleteConnection(to: id, provider: provider)
        case (.removeMember, let id?):
            try transaction.removeKnownMembers(prepared.members, from: id, provider: provider)
        default: break
        }
    }

    private func commitCreation(_ run: RunID, _ provider: ProviderID, _ transaction: Transaction) throws {
        let action = prepared.action
        guard let created, let object = action.object else { return }
        // A link whose Entra object vanished is taken over, not doubled.
        let former = try transaction.connection(of: object, provider: provider)
        if let former { try transaction.deleteConnection(to: former.entraID, provider: provider) }
        let connection = Connection(
            id: former?.id ?? .random(),
            provider: provider,
            kind: action.kind,
            // The local object may have been deleted while the request was on its way.
            object: try transaction.exists(object) ? object : nil,
            entraID: created.id,
            known: created.known
        )
        try transaction.saveConnection(connection, name: action.name, seenIn: run)
        try transaction.addKnownMembers(prepared.members, to: created.id, provider: provider)
    }
}
