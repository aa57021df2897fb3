import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Logging
import ServiceLifecycle
import Testing

@Suite("The one door through which providers are run", .timeLimit(.minutes(15)))
struct RunCoordinatorTests {
    /// Lets the queue of started runs work while the body does, and shuts it down after it.
    private func serving(_ queue: WorkQueue, _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(services: [queue], logger: .init(label: "test"))
        async let end: Void = group.run()
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        try await end
        try result.get()
    }

    private func outlook(_ bench: EngineFixture) async throws -> ProviderRunState {
        try await bench.store.read { [provider = bench.provider] in try $0.outlook(of: provider) }
    }

    private func refuseSignIn(_ bench: EngineFixture) async throws {
        _ = try await bench.client.control(
            "PUT",
            "faults",
            [["kind": "unauthorized", "operation": "GET /organization"]]
        )
    }

    @Test("of two equal starts at once, one gets its run and the other hears that it is under way")
    func twoAtOnce() async throws {
        try await EngineFixture.with { bench in
            try await bench.addUser("ada")
            try await serving(bench.runs.queue) {
                let order = RunOrder(bench.provider, trigger: .preview, mode: .planOnly)
                async let one = Result.of { try await bench.runs.start(order) }
                async let other = Result.of { try await bench.runs.start(order) }
                let answers = await [one, other]
                let handles = answers.compactMap { try? $0.get() }
                #expect(handles.count == 1)
                #expect(
                    answers.contains { answer in
                        if case .failure(let error) = answer { error is ProviderBusyError } else { false }
                    }
                )
                let handle = try #require(handles.first)
                let stored = try await bench.run(handle.run.id)
                #expect(stored?.trigger == .preview)
                let ended = try await handle.result()
                #expect(ended.id == handle.run.id && ended.status == .planned)
                // It is free again, and the next start has a run of its own.
                let next = try await bench.runs.start(order)
                #expect(next.run.id != handle.run.id)
                #expect(try await next.result().status == .planned)
            }
        }
    }

    @Test("a plan that the tenant refuses puts the provider into quarantine, and asks for no sync in its place")
    func failedPlan() async throws {
        try await EngineFixture.with { bench in
            _ = try await bench.sync()
            try await refuseSignIn(bench)
            try await serving(bench.runs.queue) {
                let handle = try await bench.runs.start(RunOrder(bench.provider, trigger: .preview, mode: .planOnly))
                await #expect(throws: ProvisioningError.self) { try await handle.result() }
            }
            let resting = try await outlook(bench)
            #expect(resting.health?.failures == 1 && resting.request == nil)
        }
    }

    @Test("a sync of one object that the tenant refuses puts the provider into quarantine, and a full sync follows")
    func failedObject() async throws {
        try await EngineFixture.with { bench in
            let ada = try await bench.addUser("ada")
            _ = try await bench.sync()
            try await refuseSignIn(bench)
            try await serving(bench.runs.queue) {
                let selection = PlanSelection.changes(ChangedObjects([ObjectReference(ada.id)]))
                let order = RunOrder(bench.provider, trigger: .manual, mode: .apply, selection: selection)
                let handle = try await bench.runs.start(order)
                await #expect(throws: ProvisioningError.self) { try await handle.result() }
            }
            let resting = try await outlook(bench)
            #expect(resting.health?.failures == 1 && resting.request?.trigger == .schedule)
            _ = try await bench.client.control("PUT", "faults", [])
            _ = try await bench.sync()
            let healthy = try await outlook(bench)
            #expect(healthy.health == nil && healthy.request == nil)
        }
    }

    @Test("a stored plan that is applied answers the request that waits, and one that is stale leaves it")
    func appliedPlan() async throws {
        try await EngineFixture.with { bench in
            try await bench.addUser("ada")
            let stale = try await bench.sync(.planOnly)
            try await bench.addUser("bob")
            await #expect(throws: StalePlanError.self) { try await bench.sync(.applyPlan(stale.run.id)) }
            let waiting = try await outlook(bench)
            #expect(waiting.request?.trigger == .save && waiting.health == nil)
            let plan = try await bench.sync(.planOnly)
            _ = try await bench.sync(.applyPlan(plan.run.id))
            let after = try await outlook(bench)
            #expect(after.request == nil && after.schedule.lastFullSyncAt != nil)
        }
    }

    @Test("runs that a shutdown stops, or that come after it, end as interrupted and say nothing of the provider")
    func shutdown() async throws {
        try await EngineFixture.with { bench in
            let (started, signal) = AsyncStream.makeStream(of: Void.self)
            let runs = RunCoordinator(store: bench.store) { _ in
                signal.yield()
                try await Task.sleep(for: .seconds(86_400))
                return { _ in nil }
            }
            let order = RunOrder(bench.provider, trigger: .manual, mode: .apply)
            var handles: [RunHandle] = []
            try await serving(runs.queue) {
                handles.append(try await runs.start(order))
                for await _ in started { break }
            }
            let handle = try #require(handles.first)
            await #expect(throws: CancellationError.self) { try await handle.result() }
            await #expect(throws: ProvisioningError.self) { try await runs.start(order) }
            let stored = try await bench.store.read { [provider = bench.provider] in
                try $0.runs(of: provider, limit: 10)
            }
            #expect(stored.map(\.status) == [.interrupted, .interrupted])
            let after = try await outlook(bench)
            #expect(after.health == nil && after.request != nil)
        }
    }
}

extension Result where Failure == any Error {
    /// What the work came to.
    fileprivate static func of(_ work: () async throws -> Success) async -> Self {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}
