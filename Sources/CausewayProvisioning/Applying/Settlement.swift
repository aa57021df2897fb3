import CausewayGraph
import CausewayJSON
import CausewayModel

/// Finds out what an answer means for its action; where the answer leaves it open, by looking at the tenant.
struct Settlement {
    let session: SyncSession

    func effect(of prepared: PreparedAction, _ result: Result<GraphResponse, GraphFailure>) async throws -> Effect {
        switch result {
        case .success(let answer): return try done(prepared, answer)
        case .failure(let failure): return try await settle(prepared, failure)
        }
    }

    private func done(_ prepared: PreparedAction, _ answer: GraphResponse) throws -> Effect {
        var effect = Effect(prepared, .applied)
        switch prepared.action.verb {
        case .create:
            guard let id = answer.body?["id"]?.string else {
                throw ProvisioningError("Graph's answer to a creation has no id; the next sync looks for the object.")
            }
            let shown = Known.properties(from: answer.body?.object ?? [:])
            effect.created = (EntraObjectID(id), written(prepared.action).merging(shown) { $1 })
        case .addMembers: effect.added = prepared.members
        default: break
        }
        return effect
    }

    /// What a creation sent, as far as it may be kept.
    private func written(_ action: Action) -> [String: JSONValue] {
        action.known.filter { $0.key != "passwordProfile" && !$0.value.isNull }
    }

    private func settle(_ prepared: PreparedAction, _ failure: GraphFailure) async throws -> Effect {
        switch (prepared.action.verb, failure.kind) {
        case (.create, .alreadyExists), (.create, .unanswered), (.create, .unavailable):
            return try await lookForCreated(prepared, failure)
        // What is to be gone is gone.
        case (.delete, .notFound), (.removeMember, .notFound): return Effect(prepared, Outcome(.unchanged))
        case (.addMembers, .memberAlreadyThere), (.addMembers, .notFound), (.addMembers, .referenceNotFound),
            (.addMembers, .invalidValue), (.addMembers, .refused):
            return try await MemberSettlement(session: session).addOneByOne(prepared, failure)
        default: return Effect(prepared, Outcome(failure))
        }
    }

    // MARK: Creations

    /// A create that was refused because the object exists, or never answered, may have been carried out: by this process or by
    /// one before it. The object is ours only where it carries the key that we gave.
    private func lookForCreated(_ prepared: PreparedAction, _ failure: GraphFailure) async throws -> Effect {
        do {
            if let entra = try await ownObject(of: prepared.action), let id = entra["id"]?.string {
                var effect = Effect(prepared, .applied)
                effect.created = (EntraObjectID(id), Known.properties(from: entra.object ?? [:]))
                return effect
            }
        } catch let look as GraphFailure where look.kind != .notFound {
            return Effect(prepared, Outcome(look))
        }
        guard failure.kind == .unanswered, isGuarded(prepared.action) else { return Effect(prepared, Outcome(failure)) }
        // It is not there. Should the first request still be on its way, Entra refuses one of the two.
        let again = try await session.graph.send(batch: [prepared.request])
        switch again.first {
        case .success(let answer): return try done(prepared, answer)
        case .failure(let failure): return Effect(prepared, Outcome(failure))
        case nil: return Effect(prepared, Outcome(failure))
        }
    }

    private func ownObject(of action: Action) async throws -> JSONValue? {
        let select = session.selection(action.kind).joined(separator: ",")
        if action.kind == .group {
            guard let name = action.known["uniqueName"]?.string else { return nil }
            return try await read("/groups(uniqueName=\(name.odataLiteral))?$select=\(select)")
        }
        if let id = action.known["onPremisesImmutableId"]?.string {
            let filter = "onPremisesImmutableId eq '\(id.replacing("'", with: "''"))'".urlEncoded
            let found = try await read("/users?$select=\(select)&$filter=\(filter)")
            return found?["value"]?.array?.first
        }
        guard let address = action.known.mailIdentity else { return nil }
        let literal = address.replacing("'", with: "''")
        let filter = "identities/any(i:i/issuer eq 'mail' and i/issuerAssignedId eq '\(literal)')".urlEncoded
        return try await read("/users?$select=\(select)&$filter=\(filter)")?["value"]?.array?.first
    }

    private func read(_ path: String) async throws -> JSONValue? {
        do { return try await session.graph.send(GraphRequest(.get, path)).body } catch let failure as GraphFailure {
            guard failure.kind == .notFound else { throw failure }
            return nil
        }
    }

    /// Whether Entra itself would refuse a second object like this one.
    private func isGuarded(_ action: Action) -> Bool {
        let known = action.known
        return known["uniqueName"] != nil || known["userPrincipalName"] != nil || known.mailIdentity != nil
    }
}

extension Outcome {
    /// What a failure means for an action: to be tried again, or to be put right by a person.
    init(_ failure: GraphFailure) {
        let isPassing =
            switch failure.kind {
            case .throttled, .unavailable, .unanswered, .referenceNotFound, .notFound, .expiredPage, .login,
                .unauthorised:
                true
            default: false
            }
        self.init(
            isPassing ? .retry : .failed,
            message: failure.sentence,
            remedy: failure.remedy,
            attribute: failure.property
        )
    }
}
