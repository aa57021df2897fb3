import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// The result of an action: its outcome, and what is now known of the Entra object. Both are committed together.
struct ActionResult: Sendable {
    let prepared: PreparedAction
    let outcome: Outcome
    /// A creation's new object, or an existing object that turned out to be it.
    var created: (id: EntraObjectID, known: [String: JSONValue])?
    /// Whether it was made just now, so that nobody else can have changed it.
    var isFresh = false
    /// Members that are now known to be there.
    var added: [EntraObjectID] = []
    /// The properties that Graph accepted; nil if it accepted all of them.
    var accepted: Set<String>?
    /// What Graph refused.
    var refused: [RefusedPart] = []
    /// Whether the outcome says what was refused, so that the plan needs no further lines about it.
    var outcomeNamesRefused = false

    /// The desired values by property: more than the action sends if a creation had to leave some out.
    var desired: [String: JSONValue]

    init(_ prepared: PreparedAction, _ outcome: Outcome) {
        desired = prepared.action.known
        self.prepared = prepared
        self.outcome = outcome
    }

    /// Whether Entra is now as the action wants it.
    var isDone: Bool { outcome.status == .applied || outcome.status == .unchanged }

    /// Stores the consequences of the outcome, which is stored already.
    ///
    /// - Parameter state: what is stored about the objects of the batch.
    func commit(
        run: RunID,
        provider: ProviderID,
        over state: inout StateBeforeBatch,
        in transaction: Transaction
    ) throws {
        try updateMirror(run, provider, &state, transaction)
        guard let entraID = prepared.entraID ?? created?.id else { return }
        if !added.isEmpty {
            try transaction.recordWrite(members: added, of: entraID, areMembers: true, provider: provider)
        }
        try RefusalNote(actionResult: self, entraID: entraID, mayForget: state.hasRefusals)
            .commit(run: run, provider: provider, in: transaction)
    }

    /// Updates the mirror with what the tenant now has.
    private func updateMirror(
        _ run: RunID,
        _ provider: ProviderID,
        _ state: inout StateBeforeBatch,
        _ transaction: Transaction
    ) throws {
        let action = prepared.action
        guard isDone else {
            if outcome == .purgedMeanwhile, let id = prepared.entraID {
                try transaction.markGone(id, .purged, kind: action.kind, provider: provider)
            }
            if accepted?.isEmpty == false, let id = prepared.entraID {
                try recordChanges(of: id, provider, &state, transaction)
            }
            return
        }
        switch (action.verb, prepared.entraID) {
        case (.create, _): try commitCreation(run, provider, &state, transaction)
        case (.restore, let id?): try commitRestoration(of: id, provider, &state, transaction)
        case (.update, let id?), (.suspend, let id?), (.reactivate, let id?):
            try recordChanges(of: id, provider, &state, transaction)
        case (.setManager, let id?), (.removeManager, let id?):
            let manager = prepared.members.first.map { JSONValue.string($0.rawValue) } ?? .null
            let before = try state.objects.take(id, in: transaction)
            try transaction.recordWrite(["manager": manager], to: id, over: before, kind: .user, provider: provider)
        case (.delete, let id?): try commitDeletion(of: id, provider, transaction)
        case (.removeMember, let id?):
            try transaction.recordWrite(members: prepared.members, of: id, areMembers: false, provider: provider)
        default: break
        }
    }

    /// Records the accepted properties, and whether they suspend the account.
    private func recordChanges(
        of id: EntraObjectID,
        _ provider: ProviderID,
        _ state: inout StateBeforeBatch,
        _ transaction: Transaction
    ) throws {
        let action = prepared.action
        let written = action.known.filter { accepted?.contains($0.key) ?? true }
        let before = try state.objects.take(id, in: transaction)
        try transaction.recordWrite(written, to: id, over: before, kind: action.kind, provider: provider)
        guard written[AttributeChange.accountEnabled] != nil else { return }
        switch action.verb {
        case .suspend: try transaction.setSuspended(isForLeaver(transaction), at: id, provider: provider)
        case .reactivate: try transaction.setSuspended(false, at: id, provider: provider)
        default: break
        }
    }

    /// Whether the account is suspended because its user left or is inactive, so that it is reactivated when that no longer holds.
    private func isForLeaver(_ transaction: Transaction) throws -> Bool {
        let action = prepared.action
        if [.deletedLocally, .leftScope, .deactivated].contains(action.reason) { return true }
        return try action.object?.user.flatMap(transaction.user)?.isActive == false
    }

    private func commitDeletion(of id: EntraObjectID, _ provider: ProviderID, _ transaction: Transaction) throws {
        try transaction.deleteLink(to: id, provider: provider)
        try transaction.setPresence(id, to: .deleted, former: prepared.action.object, provider: provider)
    }

    private func commitRestoration(
        of id: EntraObjectID,
        _ provider: ProviderID,
        _ state: inout StateBeforeBatch,
        _ transaction: Transaction
    ) throws {
        try transaction.setPresence(id, to: .present, provider: provider)
        // The answer shows what was restored; how Entra had renamed it does not matter.
        var shown = created?.known ?? [:]
        shown.merge(prepared.action.known) { $1 }
        let present = try transaction.mirrorObject(id, provider: provider)
        try transaction.recordWrite(shown, to: id, over: present, kind: prepared.action.kind, provider: provider)
        try link(to: id, knowsMembers: false, provider, &state, transaction)
    }

    private func commitCreation(
        _ run: RunID,
        _ provider: ProviderID,
        _ state: inout StateBeforeBatch,
        _ transaction: Transaction
    ) throws {
        guard let created, prepared.action.object != nil else { return }
        // An object that was found under an address may belong to someone else.
        if !isFresh, try isAnothers(created.id, provider, transaction) {
            return try transaction.setOutcomes([prepared.action.sequence: .foundAsAnothers], run: run)
        }
        try transaction.recordWrite(
            created.known,
            to: created.id,
            over: state.objects.take(created.id, in: transaction),
            kind: prepared.action.kind,
            provider: provider,
            isNew: true
        )
        try link(to: created.id, knowsMembers: isFresh, provider, &state, transaction)
        if prepared.action.known[AttributeChange.accountEnabled] == false, try isForLeaver(transaction) {
            try transaction.setSuspended(true, at: created.id, provider: provider)
        }
        // An object that was found may have been made with other members: the next run reads them.
        guard isFresh else { return }
        try transaction.recordWrite(members: prepared.members, of: created.id, areMembers: true, provider: provider)
    }

    private func isAnothers(_ id: EntraObjectID, _ provider: ProviderID, _ transaction: Transaction) throws -> Bool {
        let own = prepared.action.object
        if let link = try transaction.link(to: id, provider: provider) { return link.object != own }
        let former = try transaction.mirrorObject(id, provider: provider)?.former
        return former != nil && former != own
    }

    private func link(
        to id: EntraObjectID,
        knowsMembers: Bool,
        _ provider: ProviderID,
        _ state: inout StateBeforeBatch,
        _ transaction: Transaction
    ) throws {
        let action = prepared.action
        guard let object = action.object else { return }
        // A link whose Entra object disappeared is taken over, not duplicated.
        let former = try state.takeLink(of: object, in: transaction)
        if let former { try transaction.deleteLink(to: former.entraID, provider: provider) }
        // Nothing is linked to an object that was made just now.
        if !isFresh, former?.entraID != id { try transaction.deleteLink(to: id, provider: provider) }
        let link = ObjectLink(
            id: former?.id ?? .random(),
            provider: provider,
            kind: action.kind,
            // The local object may have been deleted while the request was in flight.
            object: state.existing.contains(object) ? object : nil,
            entraID: id,
            known: [:]
        )
        try transaction.saveLink(
            link,
            name: action.name,
            matchedBy: action.verb == .restore ? action.reason.rawValue : "",
            former: object,
            knowsMembers: knowsMembers
        )
    }
}

extension Outcome {
    fileprivate static let foundAsAnothers = Outcome(
        .retry,
        message: "Entra already has such an object, and it is linked to another local object.",
        remedy: "The next sync reports both objects."
    )
}
