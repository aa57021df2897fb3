import CausewayMapping
package import CausewayModel
package import CausewayStore
package import Logging

/// Sends changes of the directory to a provider's tenant as they happen: the journal says what changed, and the engine plans and
/// applies those objects alone. Passing failures are retried. Nothing is lost, since the provider's position in the journal
/// advances only with what was done.
package struct DirectSync: Sendable {
    private let store: Store
    private let runs: RunCoordinator
    private let pace: Pace
    private let logger: Logger

    /// How it waits.
    package struct Pace: Sendable {
        /// Between two checks of the journal if this process has added nothing itself.
        package var look: Duration = .milliseconds(200)
        /// How long the journal must be quiet before many changes at once lead to a full sync.
        package var quiet: Duration = .seconds(2)
        /// How long it waits for that: a source may never be quiet.
        package var patience: Duration = .seconds(30)
        /// How long a tenant's session is kept open without work.
        package var idle: Duration = .seconds(120)
        /// This many changes at once become a full sync.
        package var bulk = 5000
        /// While another run of the provider is in progress.
        package var busy: Duration = .milliseconds(500)
        /// Before a session is opened for work that another node may take up.
        package var courtesy: Duration = .milliseconds(400)
        /// After a run that failed as a whole.
        package var failure: Duration = .seconds(30)

        package init() {}
    }

    package init(store: Store, runs: RunCoordinator, pace: Pace = Pace(), logger: Logger) {
        self.store = store
        self.runs = runs
        self.pace = pace
        self.logger = logger
    }

    /// Follows the journal for one provider until it is canceled or the provider is deleted. It waits while the provider is paused, in
    /// quarantine, or about to have a full sync.
    package func follow(_ provider: ProviderID) async {
        let (pulse, beat) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withDiscardingTaskGroup { group in
            group.addTask { for await _ in store.journalGrowth() { beat.yield() } }
            group.addTask { while (try? await Task.sleep(for: pace.look)) != nil { beat.yield() } }
            await follow(provider, pulse)
            group.cancelAll()
        }
    }

    private func follow(_ provider: ProviderID, _ pulse: AsyncStream<Void>) async {
        while !Task.isCancelled {
            do {
                guard let snapshot = try await snapshot(provider) else { return }
                if try await work(snapshot) != nil {
                    // A node that has a session for this tenant is first.
                    if runs.gate.hasCompany {
                        try await Task.sleep(for: pace.courtesy)
                        guard try await work(snapshot) != nil else { continue }
                    }
                    try await serve(snapshot, pulse)
                } else {
                    await next(pulse)
                }
            } catch {
                await rest(provider, after: error)
            }
        }
    }

    /// It waits for another run to end. A provider that fails as a whole goes into quarantine, and its work waits by itself.
    private func rest(_ provider: ProviderID, after error: any Error) async {
        guard !(error is CancellationError) else { return }
        if error is ProviderBusyError {
            try? await Task.sleep(for: pace.busy)
            return
        }
        logger.error("direct sync failed", metadata: ["provider": "\(provider)", "reason": "\(error)"])
        try? await Task.sleep(for: pace.failure)
    }

    /// Does everything that is due now, in one session.
    ///
    /// - Returns: the runs that it took.
    @discardableResult
    package func catchUp(_ provider: ProviderID) async throws -> [Run] {
        var ended: [Run] = []
        while let snapshot = try await snapshot(provider), let work = try await work(snapshot) {
            do { ended.append(try await runs.run(RunInstruction(provider, work))) } catch is NothingDueError {
                continue
            }
        }
        return ended
    }

    // MARK: Work

    private func snapshot(_ id: ProviderID) async throws -> SessionSource? {
        try await store.read { transaction in
            try transaction.provider(id).map { try SessionSource(of: $0, in: transaction) }
        }
    }

    private func work(_ snapshot: SessionSource) async throws -> PendingChanges? {
        // Nothing is queued for a provider that is not assigned or that only plans.
        guard snapshot.provider.application != nil, !snapshot.provider.dryRun, runs.gate.obstacle == nil else {
            return nil
        }
        let reader = ChangeReader(
            provider: snapshot.provider,
            asksForGroups: snapshot.userMappings.asksForGroups,
            most: pace.bulk
        )
        return try await store.read { transaction in
            let runState = try transaction.runState(of: snapshot.provider.id)
            guard !runState.schedule.isPaused, !runState.isQuarantined(at: transaction.now),
                runState.trigger(at: transaction.now) == nil,
                // Perhaps of another node.
                try transaction.runUnderWay(of: snapshot.provider.id) == nil,
                try !transaction.awaitsFullSyncAfterRestore(snapshot.provider.id)
            else { return nil }
            return try reader.read(transaction)
        }
    }

    private func serve(_ snapshot: SessionSource, _ pulse: AsyncStream<Void>) async throws {
        try await runs.withSession(snapshot) { session in
            let clock = ContinuousClock()
            var idleSince = clock.now
            while !Task.isCancelled, clock.now - idleSince < pace.idle,
                try await self.snapshot(snapshot.provider.id) == snapshot
            {
                if let work = try await work(snapshot) {
                    try await rest(work)
                    do {
                        try await runs.run(RunInstruction(snapshot.provider.id, work), in: session)
                        idleSince = clock.now
                    } catch is NothingDueError { continue }
                } else {
                    await next(pulse)
                }
            }
        }
    }

    /// Many changes at once are an import: it waits for the end of the import, but not for a source that never ends.
    private func rest(_ work: PendingChanges) async throws {
        guard work.selection.isEverything else { return }
        let limit = ContinuousClock.now + pace.patience
        var end = try await store.read { try $0.journalEnd() }
        while ContinuousClock.now < limit {
            try await Task.sleep(for: min(pace.quiet, pace.patience))
            let now = try await store.read { try $0.journalEnd() }
            if now == end { return }
            end = now
        }
    }

    /// Waits until this process adds to the journal, or until some time has passed: other processes may have added to it.
    private func next(_ pulse: AsyncStream<Void>) async { for await _ in pulse { return } }
}
