import CausewayMapping
package import CausewayModel
package import CausewayStore
package import Logging

/// Forwards changes of the directory to a provider's tenant as they happen: the journal says what changed, and the engine plans and
/// applies for those objects alone. What fails for a passing reason is tried again; nothing is lost, since the provider's place in
/// the journal moves on only with what was done.
package struct DirectSync: Sendable {
    private let store: Store
    private let provisioner: Provisioner
    private let pace: Pace
    private let logger: Logger

    /// How it waits.
    package struct Pace: Sendable {
        /// Between two looks at the journal, where this process has added nothing itself.
        package var look: Duration = .milliseconds(200)
        /// How long the journal must have been quiet before many changes at once lead to a full sync.
        package var quiet: Duration = .seconds(2)
        /// How long a tenant's session is kept open without work.
        package var idle: Duration = .seconds(120)
        /// So many changes at once are a full sync.
        package var bulk = 5000
        /// While another run of the provider is under way.
        package var busy: Duration = .milliseconds(500)
        /// After a run that failed as a whole.
        package var failure: Duration = .seconds(30)

        package init() {}
    }

    package init(store: Store, provisioner: Provisioner, pace: Pace = Pace(), logger: Logger) {
        self.store = store
        self.provisioner = provisioner
        self.pace = pace
        self.logger = logger
    }

    /// Follows the journal for one provider until it is cancelled, or the provider is deleted. A provider that is paused, in
    /// quarantine, or about to have a full sync, waits.
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
                    try await serve(snapshot, pulse)
                } else {
                    await next(pulse)
                }
            } catch {
                await rest(provider, after: error)
            }
        }
    }

    /// Another run is waited for; a provider that fails as a whole goes into quarantine.
    private func rest(_ provider: ProviderID, after error: any Error) async {
        guard !(error is CancellationError) else { return }
        if error is RunUnderWay {
            try? await Task.sleep(for: pace.busy)
            return
        }
        logger.error("direct sync failed", metadata: ["provider": "\(provider)", "reason": "\(error)"])
        if RunFailure.isOfProvider(error) {
            _ = try? await store.write {
                try $0.recordFailure(of: provider, by: RunRequestHolder(), reason: "\(error)")
            }
        }
        try? await Task.sleep(for: pace.failure)
    }

    /// Does everything that is to be done now, in one session.
    ///
    /// - Returns: the runs that it took.
    @discardableResult
    package func catchUp(_ provider: ProviderID) async throws -> [Run] {
        var runs: [Run] = []
        while let snapshot = try await snapshot(provider), let work = try await work(snapshot) {
            runs.append(try await run(work, snapshot.provider, in: nil))
        }
        return runs
    }

    // MARK: Work

    /// Everything that a session depends on: when it changes, another one is opened.
    private struct Snapshot: Hashable, Sendable {
        let provider: EntraProvider
        let registrations: [AppRegistrationCredential]
        let userMappings: MappingSet
        let groupMappings: MappingSet
    }

    private func snapshot(_ id: ProviderID) async throws -> Snapshot? {
        try await store.read { transaction in
            guard let provider = try transaction.provider(id) else { return nil }
            func mappings(_ kind: ObjectKind) throws -> MappingSet {
                MappingSet(kind: kind, mappings: try transaction.mappings(of: id, kind: kind), provider: provider)
            }
            return Snapshot(
                provider: provider,
                registrations: try transaction.registrations(of: provider),
                userMappings: try mappings(.user),
                groupMappings: try mappings(.group)
            )
        }
    }

    private func work(_ snapshot: Snapshot) async throws -> PendingWork? {
        // Nothing is queued for a provider that serves no application, or only plans.
        guard snapshot.provider.application != nil, !snapshot.provider.dryRun else { return nil }
        let reader = ChangeReader(
            provider: snapshot.provider,
            asksForGroups: snapshot.userMappings.asksForGroups,
            most: pace.bulk
        )
        return try await store.read { transaction in
            let outlook = try transaction.outlook(of: snapshot.provider.id)
            guard !outlook.schedule.isPaused, !outlook.isQuarantined(at: transaction.now),
                outlook.trigger(at: transaction.now) == nil
            else { return nil }
            return try reader.read(transaction)
        }
    }

    private func serve(_ snapshot: Snapshot, _ pulse: AsyncStream<Void>) async throws {
        try await provisioner.withSession(snapshot.provider) { session in
            let clock = ContinuousClock()
            var idleSince = clock.now
            while !Task.isCancelled, clock.now - idleSince < pace.idle,
                try await self.snapshot(snapshot.provider.id) == snapshot
            {
                if let work = try await work(snapshot) {
                    try await settle(work)
                    try await run(work, snapshot.provider, in: session)
                    idleSince = clock.now
                } else {
                    await next(pulse)
                }
            }
        }
    }

    /// Many changes at once are an import: it is waited for.
    private func settle(_ work: PendingWork) async throws {
        guard case .everything = work.selection else { return }
        var end = try await store.read { try $0.journalEnd() }
        while true {
            try await Task.sleep(for: pace.quiet)
            let now = try await store.read { try $0.journalEnd() }
            if now == end { return }
            end = now
        }
    }

    @discardableResult
    private func run(_ work: PendingWork, _ provider: EntraProvider, in session: SyncSession?) async throws -> Run {
        let run = try await provisioner.run(
            provider,
            trigger: .change,
            mode: .apply,
            selection: work.selection,
            in: session
        )
        try await store.write { transaction in
            try transaction.setJournalPosition(work.journalEnd, of: provider.id)
            try transaction.trimJournal()
        }
        return run
    }

    /// Waits until this process adds to the journal, or some time has passed: others may have added to it.
    private func next(_ pulse: AsyncStream<Void>) async { for await _ in pulse { return } }
}
