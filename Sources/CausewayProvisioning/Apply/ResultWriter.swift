import CausewayJSON
import CausewayModel
import CausewayStore

/// Stores the consequences of results whose outcomes are stored already, in the same transaction.
struct ResultWriter {
    let run: RunID
    let provider: ProviderID
    /// What is stored about the objects of the batch.
    var state: StateBeforeBatch
    let transaction: Transaction

    mutating func store(_ result: ActionResult) throws {
        try updateMirror(result)
        guard let entraID = result.prepared.entraID ?? result.created?.id else { return }
        if !result.added.isEmpty {
            try transaction.recordWrite(members: result.added, of: entraID, areMembers: true, provider: provider)
        }
        try RefusalNote(actionResult: result, entraID: entraID, mayForget: state.hasRefusals)
            .commit(run: run, provider: provider, in: transaction)
    }

    /// Updates the mirror with what the tenant now has.
    private mutating func updateMirror(_ result: ActionResult) throws {
        let (action, members) = (result.prepared.action, result.prepared.members)
        guard result.isDone else { return try updateMirror(unfinished: result) }
        switch (action.verb, result.prepared.entraID) {
        case (.create, _): try storeCreation(result)
        case (.restore, let id?): try storeRestoration(of: id, result)
        case (.update, let id?), (.suspend, let id?), (.reactivate, let id?): try storeChanges(of: id, result)
        case (.setManager, let id?), (.removeManager, let id?):
            let manager = members.first.map { JSONValue.string($0.rawValue) } ?? .null
            let before = try state.objects.take(id, in: transaction)
            try transaction.recordWrite(["manager": manager], to: id, over: before, kind: .user, provider: provider)
        case (.delete, let id?):
            try transaction.deleteLink(to: id, provider: provider)
            try transaction.setPresence(id, to: .deleted, former: action.object, provider: provider)
        case (.removeMember, let id?):
            try transaction.recordWrite(members: members, of: id, areMembers: false, provider: provider)
        default: break
        }
    }

    /// Of an action that did not succeed, a part may be known.
    private mutating func updateMirror(unfinished result: ActionResult) throws {
        guard let id = result.prepared.entraID else { return }
        if result.outcome == .purgedMeanwhile {
            try transaction.markGone(id, .purged, kind: result.prepared.action.kind, provider: provider)
        }
        if result.accepted?.isEmpty == false { try storeChanges(of: id, result) }
    }

    /// Stores the accepted properties, and whether they suspend the account.
    private mutating func storeChanges(of id: EntraObjectID, _ result: ActionResult) throws {
        let action = result.prepared.action
        let written = action.known.filter { result.accepted?.contains($0.key) ?? true }
        let before = try state.objects.take(id, in: transaction)
        try transaction.recordWrite(written, to: id, over: before, kind: action.kind, provider: provider)
        guard written[AttributeChange.accountEnabled] != nil else { return }
        switch action.verb {
        case .suspend: try transaction.setSuspended(isForLeaver(action), at: id, provider: provider)
        case .reactivate: try transaction.setSuspended(false, at: id, provider: provider)
        default: break
        }
    }

    /// Whether the account is suspended because its user left or is inactive, so that it is reactivated when that no longer holds.
    private func isForLeaver(_ action: Action) throws -> Bool {
        if [.deletedLocally, .leftScope, .deactivated].contains(action.reason) { return true }
        return try action.object?.user.flatMap(transaction.user)?.isActive == false
    }

    private mutating func storeRestoration(of id: EntraObjectID, _ result: ActionResult) throws {
        let action = result.prepared.action
        try transaction.setPresence(id, to: .present, provider: provider)
        // The answer shows what was restored; how Entra had renamed it does not matter.
        var shown = result.created?.known ?? [:]
        shown.merge(action.known) { $1 }
        let present = try transaction.mirrorObject(id, provider: provider)
        try transaction.recordWrite(shown, to: id, over: present, kind: action.kind, provider: provider)
        try link(result, to: id, knowsMembers: false)
    }

    private mutating func storeCreation(_ result: ActionResult) throws {
        let action = result.prepared.action
        guard let created = result.created, action.object != nil else { return }
        // An object that was found under an address may belong to someone else.
        if !result.isFresh, try isAnothers(created.id, than: action.object) {
            return try transaction.setOutcomes([action.sequence: .foundAsAnothers], run: run)
        }
        try transaction.recordWrite(
            created.known,
            to: created.id,
            over: state.objects.take(created.id, in: transaction),
            kind: action.kind,
            provider: provider,
            isNew: true
        )
        try link(result, to: created.id, knowsMembers: result.isFresh)
        if action.known[AttributeChange.accountEnabled] == false, try isForLeaver(action) {
            try transaction.setSuspended(true, at: created.id, provider: provider)
        }
        // An object that was found may have been made with other members: the next run reads them.
        guard result.isFresh else { return }
        let members = result.prepared.members
        try transaction.recordWrite(members: members, of: created.id, areMembers: true, provider: provider)
    }

    private func isAnothers(_ id: EntraObjectID, than own: ObjectReference?) throws -> Bool {
        if let link = try transaction.link(to: id, provider: provider) { return link.object != own }
        let former = try transaction.mirrorObject(id, provider: provider)?.former
        return former != nil && former != own
    }

    private mutating func link(_ result: ActionResult, to id: EntraObjectID, knowsMembers: Bool) throws {
        let action = result.prepared.action
        guard let object = action.object else { return }
        // A link whose Entra object disappeared is taken over, not duplicated.
        let former = try state.takeLink(of: object, in: transaction)
        if let former { try transaction.deleteLink(to: former.entraID, provider: provider) }
        // Nothing is linked to an object that was made just now.
        if !result.isFresh, former?.entraID != id { try transaction.deleteLink(to: id, provider: provider) }
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
