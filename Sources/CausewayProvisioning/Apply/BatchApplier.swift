import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// The first or the second pass through a plan's actions.
enum ApplyingRound: Sendable {
    /// What Graph does not show yet is deferred, and delays no other action.
    case first
    /// Only deferred actions are left, and the client waits for them a little.
    case last
}

/// Applies up to twenty actions: marks them as sent, sends them, resolves uncertain answers, and commits the results.
struct BatchApplier: Sendable {
    let session: SyncSession
    let round: ApplyingRound
    let commits: CommitQueue
    /// Called when something is deferred.
    let noteDeferral: @Sendable () -> Void

    func apply(_ actions: [Action]) async throws {
        let prepared = try await prepare(actions)
        guard !prepared.isEmpty else { return }
        let answers = try await session.graph.send(batch: prepared.map(request))
        let interpreter = ResponseInterpreter(session: session)
        var results: [ActionResult] = []
        var waiting: [Int64: Outcome] = [:]
        var stop: GraphFailure?
        for (prepared, result) in zip(prepared, answers) {
            if case .failure(let failure) = result, isDeferred(prepared, failure) {
                waiting[prepared.action.sequence] = Outcome(.planned)
                continue
            }
            if case .failure(let failure) = result, failure.stopsEverything { stop = failure }
            results.append(try await interpreter.result(of: prepared, result))
        }
        try await commit(results, waiting)
        if let stop { throw stop }
    }

    private func request(_ prepared: PreparedAction) -> GraphRequest {
        mayBeDeferred(prepared) ? prepared.request.withoutWaiting : prepared.request
    }

    /// Other actions depend on a creation, so it is not deferred.
    private func mayBeDeferred(_ prepared: PreparedAction) -> Bool {
        round == .first && prepared.action.verb != .create && prepared.action.verb != .restore
    }

    private func isDeferred(_ prepared: PreparedAction, _ failure: GraphFailure) -> Bool {
        mayBeDeferred(prepared) && failure.isAbsence && session.graph.isAboutSomethingNew(prepared.request)
    }

    /// Resolves local objects, and marks the actions as sent before the requests go out.
    private func prepare(_ actions: [Action]) async throws -> [PreparedAction] {
        let (run, provider) = (session.run, session.provider.id)
        let graph = session.graph.baseURL
        let selections = [ObjectKind.user: session.selection(.user), .group: session.selection(.group)]
        // What is read is about objects that no other batch changes, so writers need not wait for it.
        let (ready, outcomes) = try await session.store.read { transaction in
            var ready: [PreparedAction] = []
            var outcomes: [Int64: Outcome] = [:]
            let ids = try ResolvedObjects(of: actions, provider: provider, run: run, in: transaction)
            for action in actions {
                if let waiting = try action.waiting(of: run, provider: provider, in: transaction) {
                    outcomes[action.sequence] = waiting
                    continue
                }
                let selection = selections[action.kind] ?? []
                let prepared = PreparedAction(action, graph: graph, selection: selection, ids: ids)
                outcomes[action.sequence] = prepared == nil ? Self.impossible(action) : Outcome(.sent)
                if let prepared { ready.append(prepared) }
            }
            return (ready, outcomes)
        }
        try await commits.write { try $0.setOutcomes(outcomes, run: run) }
        return ready
    }

    private static func impossible(_ action: Action) -> Outcome {
        let what =
            switch action.verb {
            case .addMembers: "The group, or every member to be added,"
            case .setManager: "The user, or the manager,"
            default: "The \(action.kind.rawValue)"
            }
        return Outcome(
            .retry,
            message: "\(what) has no Entra object, because its creation failed or is held.",
            remedy: "See the outcome of its creation; the next sync tries again."
        )
    }

    private func commit(_ results: [ActionResult], _ waiting: [Int64: Outcome]) async throws {
        if !waiting.isEmpty { noteDeferral() }
        let (run, provider) = (session.run, session.provider.id)
        try await commits.write { transaction in
            let outcomes = results.map { ($0.prepared.action.sequence, $0.outcome) }
            try transaction.setOutcomes(waiting.merging(outcomes) { $1 }, run: run)
            var writer = ResultWriter(
                run: run,
                provider: provider,
                state: try StateBeforeBatch(results, provider: provider, in: transaction),
                transaction: transaction
            )
            for result in results { try writer.store(result) }
        }
    }
}
