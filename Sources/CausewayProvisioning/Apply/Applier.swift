import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayStore
import Synchronization

/// Applies a stored plan: phase by phase, in batches of 20 actions, several batches at once. Actions on objects that Graph does not
/// show yet are deferred until everything else is done, and then tried once more.
///
/// An action is marked as sent before its request goes out. Its outcome, its link and the known values of its object are committed
/// together. So whenever the process ends, the store knows what was in flight, and the next run looks before it acts.
struct Applier {
    let session: SyncSession

    /// How many actions are settled and committed together, and how many such batches run at once: enough that a few that wait for
    /// Entra to show a new object do not delay the others. The client decides how fast requests go.
    private static let batchSize = 20
    private static let inFlight = 12

    /// Applies whatever is still planned.
    ///
    /// - Throws: ``ProvisioningError`` if no further action can succeed. The outcome of every answered action is committed.
    func run() async throws {
        try await LinkApplier(session: session).run()
        let hasDeferred = try await run(.first)
        if hasDeferred { _ = try await run(.last) }
    }

    /// - Returns: whether anything was deferred.
    private func run(_ round: ApplyingRound) async throws -> Bool {
        let hasDeferred = Mutex(false)
        let batch = BatchApplier(session: session, round: round, commits: CommitQueue(store: session.store)) {
            hasDeferred.withLock { $0 = true }
        }
        for phase in ActionPhase.allCases where phase != .links { try await run(phase, batch) }
        return hasDeferred.withLock { $0 }
    }

    private func run(_ phase: ActionPhase, _ batch: BatchApplier) async throws {
        let run = session.run
        let (levels, total) = try await session.store.read { transaction in
            (
                try transaction.levels(of: run, phase: phase),
                try transaction.plannedCount(of: run, phase: phase)
            )
        }
        let done = Mutex(0)
        for level in levels {
            try await self.run(phase, level, batch) { count in
                let sum = done.withLock { done in
                    done += count
                    return done
                }
                session.progress(SyncProgress(.applying(phase), done: sum, total: total))
            }
        }
    }

    private func run(
        _ phase: ActionPhase,
        _ level: Int,
        _ batch: BatchApplier,
        done: @escaping @Sendable (Int) -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            var running = 0
            let pages = session.store.pages(by: \.sequence) { [run = session.run] in
                try $0.actionsToBegin(of: run, phase: phase, level: level, after: $1 ?? 0, limit: Self.batchSize)
            }
            for try await actions in pages {
                if running == Self.inFlight, let count = try await group.next() {
                    running -= 1
                    done(count)
                }
                group.addTask {
                    try await batch.apply(actions)
                    return actions.count
                }
                running += 1
            }
            for try await count in group { done(count) }
        }
    }
}
