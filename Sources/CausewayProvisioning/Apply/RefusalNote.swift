import CausewayJSON
import CausewayModel
import CausewayStore

/// Records what Graph refused of an object, so that it is not sent again, and deletes the record of what Graph has accepted since.
struct RefusalNote {
    let actionResult: ActionResult
    let entraID: EntraObjectID
    /// Whether there is anything to delete.
    let mayForget: Bool

    func commit(run: RunID, provider: ProviderID, in transaction: Transaction) throws {
        try forget(provider, transaction)
        guard !actionResult.refused.isEmpty else { return }
        let known = try transaction.mirrorObject(entraID, provider: provider)?.known ?? [:]
        for refused in actionResult.refused {
            let change = change(of: refused, known)
            if refused.lasts {
                let fingerprint =
                    change.map { Refusal.fingerprint($0, of: known) } ?? Refusal.fingerprint(ofMembers: known)
                let refusal = Refusal(
                    part: refused.part,
                    fingerprint: fingerprint,
                    outcome: refused.outcome,
                    since: transaction.now
                )
                try transaction.remember(refusal, of: entraID, provider: provider)
            }
            guard !actionResult.outcomeNamesRefused else { continue }
            let line = actionResult.prepared.action.refused(change, at: entraID)
            try transaction.append(line, refused.outcome, run: run)
        }
    }

    /// What Graph refused of the action; nil for members. A property that a creation could do without is desired from now on.
    private func change(of refused: RefusedPart, _ known: [String: JSONValue]) -> AttributeChange? {
        guard case .attribute(let name) = refused.part, refused.part != Refusal.members,
            let desired = actionResult.desired[name]
        else { return nil }
        return AttributeChange(attribute: name, old: known[name], new: desired)
    }

    private func forget(_ provider: ProviderID, _ transaction: Transaction) throws {
        let isWritten = actionResult.isDone || actionResult.accepted?.isEmpty == false || !actionResult.added.isEmpty
        // Nothing is remembered of an object that was just made.
        guard isWritten, actionResult.prepared.action.verb != .create, mayForget else { return }
        let action = actionResult.prepared.action
        for change in action.changes where actionResult.accepted?.contains(change.attribute) ?? actionResult.isDone {
            try transaction.forgetRefusal(.attribute(change.attribute), of: entraID, provider: provider)
        }
        let members = actionResult.isDone ? actionResult.prepared.members : []
        switch action.verb {
        case .addMembers:
            for member in actionResult.added {
                try transaction.forgetRefusal(.member(member), of: entraID, provider: provider)
            }
        case .removeMember:
            for member in members {
                try transaction.forgetRefusal(.formerMember(member), of: entraID, provider: provider)
            }
        default: return
        }
        try transaction.forgetRefusal(Refusal.members, of: entraID, provider: provider)
    }
}
