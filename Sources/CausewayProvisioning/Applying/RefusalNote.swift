import CausewayJSON
import CausewayModel
import CausewayStore

/// Writes down what Graph refused of an object, so that it is not sent again, and forgets what it has taken since.
struct RefusalNote {
    let effect: Effect
    let entraID: EntraObjectID

    func commit(run: RunID, provider: ProviderID, in transaction: Transaction) throws {
        try forget(provider, transaction)
        guard !effect.refused.isEmpty else { return }
        let known = try transaction.mirrorObject(entraID, provider: provider)?.known ?? [:]
        for refused in effect.refused {
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
            guard !effect.isRefusedWhole else { continue }
            let line = effect.prepared.action.refused(change, at: entraID)
            try transaction.append(line, refused.outcome, run: run)
        }
    }

    /// What of the action was refused; nil for members. A property that a creation could do without is wanted from now on.
    private func change(of refused: RefusedPart, _ known: [String: JSONValue]) -> AttributeChange? {
        guard case .attribute(let name) = refused.part, refused.part != Refusal.members,
            let wanted = effect.wanted[name]
        else { return nil }
        return AttributeChange(attribute: name, old: known[name], new: wanted)
    }

    private func forget(_ provider: ProviderID, _ transaction: Transaction) throws {
        let isWritten = effect.isDone || effect.arrived?.isEmpty == false || !effect.added.isEmpty
        // Of what has just been made nothing is remembered.
        guard isWritten, effect.prepared.action.verb != .create, try transaction.hasRefusals(of: provider) else {
            return
        }
        let action = effect.prepared.action
        for change in action.changes where effect.arrived?.contains(change.attribute) ?? effect.isDone {
            try transaction.forgetRefusal(.attribute(change.attribute), of: entraID, provider: provider)
        }
        let members = effect.isDone ? effect.prepared.members : []
        switch action.verb {
        case .addMembers:
            for member in effect.added {
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
