import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport

/// A scheduler on a store whose clock the test moves, with runs that the test performs.
struct SchedulerFixture: Sendable {
    /// A run that the scheduler has started.
    struct StartedRun: Equatable {
        let provider: String
        let trigger: RunTrigger
    }

    let store: Store
    let clock: TestClock
    private let started: AsyncStream<StartedRun>

    /// - Parameters:
    ///   - sync: performs a run, or fails.
    ///   - prepare: fills the store before the scheduler starts.
    static func with(
        sync: @escaping @Sendable (EntraProvider) async throws -> Void = { _ in },
        prepare: @escaping @Sendable (Store, TestClock) async throws -> Void = { _, _ in },
        _ body: (SchedulerFixture) async throws -> Void
    ) async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { fixture in
            let store = fixture.store
            try await prepare(store, clock)
            let (started, signal) = AsyncStream.makeStream(of: StartedRun.self)
            let runs = RunCoordinator(store: store) { begun in
                signal.yield(StartedRun(provider: begun.provider.name, trigger: begun.run.trigger))
                try await sync(begun.provider)
                return { transaction in
                    try transaction.setStatus(.succeeded, of: begun.run.id)
                    return nil
                }
            }
            try await RunningServices.with(scheduler(store, runs)) {
                try await body(SchedulerFixture(store: store, clock: clock, started: started))
            }
        }
    }

    /// A scheduler whose every pause takes a millisecond.
    static func scheduler(_ store: Store, _ runs: RunCoordinator) -> Scheduler {
        let sleep: Scheduler.Sleep = { _ in try await Task.sleep(for: .milliseconds(1)) }
        return Scheduler(store: store, runs: runs, sleep: sleep, logger: .silent)
    }

    /// The next run that is started.
    func nextStart() async -> StartedRun? {
        var iterator = started.makeAsyncIterator()
        return await iterator.next()
    }

    /// Waits until a provider is as it should be.
    func wait(until isReached: (ProviderRunState) -> Bool) async throws {
        while !(try await store.read { try $0.runStates() }).contains(where: isReached) {
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    func request(_ trigger: RunTrigger, of name: String) async throws {
        try await store.write { transaction in
            guard let provider = try transaction.provider(named: name) else {
                throw StoreError.notFound("provider", name)
            }
            try transaction.requestRun(of: provider.id, trigger)
        }
    }
}

extension Store {
    /// A provider that is assigned to an application of its own; its first sync waits.
    @discardableResult
    func makeProvider(_ name: String) async throws -> ProviderID {
        try await write { try $0.makeProvider(name).id }
    }
}

extension Transaction {
    /// A provider that is assigned to an application of its own; its first sync waits.
    @discardableResult
    func makeProvider(_ name: String) throws -> EntraProvider {
        let settings = ProviderSettings(name: name, clientID: "client", tenantID: "tenant")
        let provider = try createProvider(settings, clientSecret: Secret("s3cret-value"))
        try saveApplication(
            Application(name: name, slug: name.lowercased(), backchannelProviders: [provider.id])
        )
        return provider
    }
}
