import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// Finds out what an answer means for its action. Creations whose answer was lost have been looked for already.
struct ResponseInterpreter {
    let session: SyncSession

    func result(of prepared: PreparedAction, _ result: Result<GraphResponse, GraphFailure>) async throws -> ActionResult
    {
        switch result {
        case .success(let answer): return try done(prepared, answer)
        case .failure(let failure): return try await interpret(prepared, failure)
        }
    }

    private func done(_ prepared: PreparedAction, _ answer: GraphResponse) throws -> ActionResult {
        var actionResult = ActionResult(prepared, .applied)
        switch prepared.action.verb {
        case .create:
            guard let id = answer.body?["id"]?.string else {
                throw ProvisioningError("Graph's answer to a creation has no id. The next sync looks for the object.")
            }
            let shown = KnownProperties.properties(from: answer.body?.object ?? [:])
            // An object that was found may have been made earlier, with other values than today's.
            let isNew = answer.status == 201
            actionResult.isFresh = isNew
            actionResult.created = (EntraObjectID(id), isNew ? written(prepared.action).merging(shown) { $1 } : shown)
        case .restore:
            let named = session.properties(prepared.action.kind)
            let shown = KnownProperties.properties(from: answer.body?.object ?? [:]).filter { named.contains($0.key) }
            actionResult.created = prepared.entraID.map { ($0, shown) }
        case .addMembers: actionResult.added = prepared.members
        default: break
        }
        return actionResult
    }

    /// Whether the object to delete was made or restored so recently that a replica may not know it.
    private func mayOnlyNotShow(_ entraID: EntraObjectID?) async throws -> Bool {
        guard let entraID else { return false }
        let (provider, time) = (session.provider.id, session.consistencyWindow)
        return try await session.store.read { transaction in
            let object = try transaction.mirrorObject(entraID, provider: provider)
            return object?.isGone(isTold: false, ConsistencyWindow(now: transaction.now, time: time)) == false
        }
    }

    /// What a creation sent, as far as it may be stored.
    private func written(_ action: Action) -> [String: JSONValue] {
        action.known.filter { $0.key != "passwordProfile" && !$0.value.isNull }
    }

    private func interpret(_ prepared: PreparedAction, _ failure: GraphFailure) async throws -> ActionResult {
        if prepared.action.verb == .delete, failure.kind == .notFound, try await mayOnlyNotShow(prepared.entraID) {
            return ActionResult(prepared, .notShown)
        }
        switch (prepared.action.verb, failure.kind) {
        // An object to delete is gone already.
        case (.delete, .notFound), (.removeMember, .notFound), (.removeManager, .notFound):
            return ActionResult(prepared, Outcome(.unchanged))
        case (.addMembers, .memberAlreadyThere), (.addMembers, .notFound), (.addMembers, .referenceNotFound),
            (.addMembers, .invalidValue), (.addMembers, .refused):
            return try await SingleMemberFallback(session: session).addOneByOne(prepared, failure)
        // It may have been applied after all: a later run looks for it, even if the local object is gone by then.
        case (.create, .unanswered), (.create, .unavailable), (.restore, .unanswered), (.restore, .unavailable):
            return ActionResult(prepared, .unanswered(failure))
        case (.restore, .notFound): return ActionResult(prepared, .purgedMeanwhile)
        case (.create, _) where failure.refusesContent || (failure.isAboutMembers && !prepared.members.isEmpty):
            return try await RefusalSeparator(session: session).result(ofCreation: prepared, failure)
        case (.update, _) where failure.refusesContent, (.suspend, _) where failure.refusesContent,
            (.reactivate, _) where failure.refusesContent, (.setManager, _) where failure.refusesContent,
            (.removeManager, _) where failure.refusesContent:
            return try await RefusalSeparator(session: session).result(ofChange: prepared, failure)
        case (.removeMember, _) where failure.refusesContent, (.addMembers, _) where failure.refusesContent:
            return SingleMemberFallback(session: session).refusedWhole(prepared, failure)
        default: return ActionResult(prepared, Outcome(failure))
        }
    }
}

extension Outcome {
    /// It is unknown whether the request was carried out.
    static func unanswered(_ failure: GraphFailure) -> Outcome {
        Outcome(
            .sent,
            message: failure.sentence,
            remedy: "The next run looks for the object and continues from there.",
            attribute: failure.property,
            rule: FailureRule(failure)
        )
    }

    /// Entra does not show an object that is known to exist: it is gone, or too new.
    static let notShown = Outcome(
        .retry,
        message: "Entra does not show the object.",
        remedy: "The next sync looks for it again. If it was deleted in Entra, it is restored or created again."
    )

    /// The recycle bin no longer contains the object to restore.
    static let purgedMeanwhile = Outcome(
        .retry,
        message: "It is no longer in Entra's recycle bin.",
        remedy: "The next sync creates it again."
    )

    /// What a failure means for an action: it is retried, or a person must act.
    init(_ failure: GraphFailure) {
        let isPassing =
            switch failure.kind {
            case .throttled, .unavailable, .unanswered, .referenceNotFound, .notFound, .expiredPage, .login,
                .unauthorized:
                true
            default: false
            }
        self.init(
            isPassing ? .retry : .failed,
            message: failure.sentence,
            remedy: failure.remedy,
            attribute: failure.property,
            rule: FailureRule(failure)
        )
    }
}

extension FailureRule {
    init(_ failure: GraphFailure) { self.init(failure.rule, title: failure.title) }
}
