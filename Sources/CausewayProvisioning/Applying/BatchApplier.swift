import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore

/// Carries out up to twenty actions: marks them as sent, sends them, settles what is unclear, commits what came of it.
struct BatchApplier {
    let session: SyncSession

    func apply(_ actions: [Action]) async throws {
        let prepared = try await prepare(actions)
        guard !prepared.isEmpty else { return }
        let results = try await session.graph.send(batch: prepared.map(\.request))
        let settlement = Settlement(session: session)
        var effects: [Effect] = []
        var stop: GraphFailure?
        for (prepared, result) in zip(prepared, results) {
            if case .failure(let failure) = result, failure.stopsEverything { stop = failure }
            effects.append(try await settlement.effect(of: prepared, result))
        }
        try await commit(effects)
        if let stop { throw stop }
    }

    /// Resolves local objects and notes that the requests are about to go out.
    private func prepare(_ actions: [Action]) async throws -> [PreparedAction] {
        let (run, provider) = (session.run, session.provider.id)
        let graph = session.graph.baseURL
        let selections = [ObjectKind.user: session.selection(.user), .group: session.selection(.group)]
        return try await session.store.write { transaction in
            var ready: [PreparedAction] = []
            var outcomes: [Int64: Outcome] = [:]
            for action in actions {
                if let waiting = try action.waiting(of: run, provider: provider, in: transaction) {
                    outcomes[action.sequence] = waiting
                    continue
                }
                let prepared = try PreparedAction(
                    action,
                    graph: graph,
                    selection: selections[action.kind] ?? [],
                    provider: provider,
                    run: run,
                    in: transaction
                )
                if let prepared {
                    ready.append(prepared)
                    outcomes[action.sequence] = Outcome(.sent)
                } else {
                    outcomes[action.sequence] = Self.impossible(action)
                }
            }
            try transaction.setOutcomes(outcomes, run: run)
            return ready
        }
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
            message: "\(what) has no Entra object, because its creation failed or is held back.",
            remedy: "See what is said of its creation; the next sync tries again."
        )
    }

    private func commit(_ effects: [Effect]) async throws {
        let (run, provider) = (session.run, session.provider.id)
        try await session.store.write { transaction in
            for effect in effects { try effect.commit(run: run, provider: provider, in: transaction) }
        }
    }
}
