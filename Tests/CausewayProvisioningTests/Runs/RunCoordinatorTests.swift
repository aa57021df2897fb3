import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("The coordinator of runs", .timeLimit(.minutes(15)))
struct RunCoordinatorTests {
    private func runState(_ fixture: EngineFixture) async throws -> ProviderRunState {
        try await fixture.store.read { [provider = fixture.provider] in try $0.runState(of: provider) }
    }

    private func refuseSignIn(_ fixture: EngineFixture) async throws {
        _ = try await fixture.client.control(
            "PUT",
            "faults",
            [["kind": "unauthorized", "operation": "GET /organization"]]
        )
    }

    @Test("of two starts at the same time, one gets its run and the other an error that it is in progress")
    func twoAtOnce() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            try await RunningServices.with(fixture.runs.queue) {
                let instruction = RunInstruction(fixture.provider, trigger: .preview, mode: .planOnly)
                async let one = Result.of { try await fixture.runs.start(instruction) }
                async let other = Result.of { try await fixture.runs.start(instruction) }
                let answers = await [one, other]
                let handles = answers.compactMap { try? $0.get() }
                #expect(handles.count == 1)
                #expect(
                    answers.contains { answer in
                        if case .failure(let error) = answer { error is ProviderBusyError } else { false }
                    }
                )
                let handle = try #require(handles.first)
                let stored = try await fixture.run(handle.run.id)
                #expect(stored?.trigger == .preview)
                let ended = try await handle.result()
                #expect(ended.id == handle.run.id && ended.status == .planned)
                // The provider is free again, and the next start gets its own run.
                let next = try await fixture.runs.start(instruction)
                #expect(next.run.id != handle.run.id)
                #expect(try await next.result().status == .planned)
            }
        }
    }

    @Test("a plan that the tenant refuses puts the provider into quarantine, and requests no sync")
    func failedPlan() async throws {
        try await EngineFixture.with { fixture in
            _ = try await fixture.sync()
            try await refuseSignIn(fixture)
            try await RunningServices.with(fixture.runs.queue) {
                let handle = try await fixture.runs.start(
                    RunInstruction(fixture.provider, trigger: .preview, mode: .planOnly)
                )
                await #expect(throws: ProvisioningError.self) { try await handle.result() }
            }
            let resting = try await runState(fixture)
            #expect(resting.quarantine?.failures == 1 && resting.request == nil)
        }
    }

    @Test("a sync of one object that the tenant refuses puts the provider into quarantine, and requests a full sync")
    func failedObject() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            try await refuseSignIn(fixture)
            try await RunningServices.with(fixture.runs.queue) {
                let selection = PlanSelection.changes(ChangedObjects([ObjectReference(ada.id)]))
                let instruction = RunInstruction(fixture.provider, trigger: .manual, mode: .apply, selection: selection)
                let handle = try await fixture.runs.start(instruction)
                await #expect(throws: ProvisioningError.self) { try await handle.result() }
            }
            let resting = try await runState(fixture)
            #expect(resting.quarantine?.failures == 1 && resting.request?.trigger == .schedule)
            _ = try await fixture.client.control("PUT", "faults", [])
            _ = try await fixture.sync()
            let healthy = try await runState(fixture)
            #expect(healthy.quarantine == nil && healthy.request == nil)
        }
    }

    @Test("applying a stored plan answers the waiting request, and an outdated plan does not")
    func appliedPlan() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            let stale = try await fixture.sync(.planOnly)
            try await fixture.addUser("bob")
            await #expect(throws: StalePlanError.self) { try await fixture.sync(.applyPlan(stale.run.id)) }
            let waiting = try await runState(fixture)
            #expect(waiting.request?.trigger == .save && waiting.quarantine == nil)
            let plan = try await fixture.sync(.planOnly)
            _ = try await fixture.sync(.applyPlan(plan.run.id))
            let after = try await runState(fixture)
            #expect(after.request == nil && after.schedule.lastFullSyncAt != nil)
        }
    }

    @Test(
        "runs that are stopped by a shutdown, or start after it, end as interrupted and are no failure of the provider"
    )
    func shutdown() async throws {
        try await EngineFixture.with { fixture in
            let (started, signal) = AsyncStream.makeStream(of: Void.self)
            let runs = RunCoordinator(store: fixture.store) { _ in
                signal.yield()
                try await Task.sleep(for: .seconds(86_400))
                return { _ in nil }
            }
            let instruction = RunInstruction(fixture.provider, trigger: .manual, mode: .apply)
            var handles: [RunHandle] = []
            try await RunningServices.with(runs.queue) {
                handles.append(try await runs.start(instruction))
                for await _ in started { break }
            }
            let handle = try #require(handles.first)
            await #expect(throws: CancellationError.self) { try await handle.result() }
            await #expect(throws: ProvisioningError.self) { try await runs.start(instruction) }
            let stored = try await fixture.store.read { [provider = fixture.provider] in
                try $0.runs(of: provider, limit: 10)
            }
            #expect(stored.map(\.status) == [.interrupted, .interrupted])
            let after = try await runState(fixture)
            #expect(after.quarantine == nil && after.request != nil)
        }
    }
}

extension Result where Failure == any Error {
    /// The result of the work.
    fileprivate static func of(_ work: () async throws -> Success) async -> Self {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}
