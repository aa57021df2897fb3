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
        for phase in ActionPhase.allCases where phase != .links {
            try await run(phase, BatchApplier(session: session, round: round) { hasDeferred.withLock { $0 = true } })
        }
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

/// Makes and ends links: nothing is sent.
struct LinkApplier {
    let session: SyncSession

    private static let pageSize = 500

    func run() async throws {
        let (run, provider) = (session.run, session.provider.id)
        var last: Int64 = 0
        while true {
            let end = try await session.store.write { [last] transaction in
                let page = try transaction.actionsToBegin(
                    of: run,
                    phase: .links,
                    level: 0,
                    after: last,
                    limit: Self.pageSize
                )
                for action in page { try apply(action, provider, run, transaction) }
                return page.last?.sequence
            }
            guard let end else { return }
            last = end
        }
    }

    private func apply(_ action: Action, _ provider: ProviderID, _ run: RunID, _ transaction: Transaction) throws {
        guard let entraID = action.entraID else { return }
        if action.verb == .unlink {
            // A deleted user has been remembered as its owner already.
            if let object = action.object { try transaction.setFormer(object, of: entraID, provider: provider) }
            try transaction.deleteLink(to: entraID, provider: provider)
        } else if let object = action.object, try transaction.exists(object) {
            try link(object, to: entraID, action, provider, transaction)
        }
        try transaction.setOutcomes([action.sequence: .applied], run: run)
    }

    /// Replaces the object's link to an Entra object that is gone, and takes over the link of a deleted object.
    private func link(
        _ object: ObjectReference,
        to entraID: EntraObjectID,
        _ action: Action,
        _ provider: ProviderID,
        _ transaction: Transaction
    ) throws {
        if let former = try transaction.link(of: object, provider: provider) {
            try transaction.deleteLink(to: former.entraID, provider: provider)
        }
        let orphan = try transaction.link(to: entraID, provider: provider)
        let former = try transaction.mirrorObject(entraID, provider: provider)?.former
        let link = ObjectLink(
            id: orphan?.id ?? .random(),
            provider: provider,
            kind: action.kind,
            object: object,
            entraID: entraID,
            known: [:],
            asksFirst: orphan?.asksFirst ?? (former == nil)
        )
        try transaction.setFormer(nil, of: entraID, provider: provider)
        // Its members were read when this was planned.
        try transaction.saveLink(
            link,
            name: action.name,
            matchedBy: action.reason.rawValue,
            knowsMembers: action.kind == .group
        )
    }
}
