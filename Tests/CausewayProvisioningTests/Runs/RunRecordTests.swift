import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("What is recorded of a run")
struct RunRecordTests {
    private func runState(_ fixture: EngineFixture) async throws -> ProviderRunState {
        try await fixture.store.read { [provider = fixture.provider] in try $0.runState(of: provider) }
    }

    private func setSecret(_ secret: String, _ fixture: EngineFixture) async throws {
        try await fixture.store.write { [id = fixture.provider] transaction in
            guard let provider = try transaction.provider(id) else { throw StoreError.notFound("provider", "\(id)") }
            try transaction.updateProvider(id, to: provider.settings, clientSecret: Secret(secret))
        }
    }

    @Test("a full sync answers the waiting request, and its time is recorded")
    func answered() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            let before = try await runState(fixture)
            #expect(before.request?.trigger == .save && before.schedule.lastFullSyncAt == nil)
            let run = try await fixture.runs.run(RunInstruction(fixture.provider, trigger: .save, mode: .apply))
            #expect(run.status == .succeeded && run.trigger == .save)
            let after = try await runState(fixture)
            #expect(after.request == nil && after.schedule.lastFullSyncAt != nil)
            #expect(try await fixture.client.state()["users"] == 1)
        }
    }

    @Test("a refused sign-in puts the provider into quarantine; a new secret is tried immediately and ends it")
    func wrongSecret() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            try await setSecret("not the secret", fixture)
            for failures in 1...2 {
                await #expect(throws: ProvisioningError.self) {
                    try await fixture.runs.run(RunInstruction(fixture.provider, trigger: .schedule, mode: .apply))
                }
                let resting = try await runState(fixture)
                #expect(resting.quarantine?.failures == failures)
                #expect(resting.quarantine?.reason.contains("The client secret is wrong") == true)
                #expect(resting.request?.trigger == .schedule && resting.trigger(at: .now()) == nil)
            }
            try await setSecret("emulated-secret-value", fixture)
            let corrected = try await runState(fixture)
            #expect(corrected.trigger(at: .now()) == .save)
            try await fixture.runs.run(RunInstruction(fixture.provider, trigger: .save, mode: .apply))
            let healthy = try await runState(fixture)
            #expect(healthy.quarantine == nil && healthy.request == nil)
            let events = try await fixture.store.read { try $0.events(limit: 10) }
            #expect(
                events.map(\.action).filter { $0.hasPrefix("custom_quarantine") }.sorted()
                    == ["custom_quarantine_began", "custom_quarantine_ended"]
            )
            #expect(!events.contains { $0.context["reason"]?.string?.contains("not the secret") == true })
        }
    }

    @Test("a run with failures of single objects is no failure of the provider")
    func singleFailures() async throws {
        try await EngineFixture.with(userMapping: "return {'noSuchProperty': 'x'}") { fixture in
            try await fixture.addUser("ada")
            let run = try await fixture.runs.run(RunInstruction(fixture.provider, trigger: .save, mode: .apply))
            #expect(run.status == .warning)
            let after = try await runState(fixture)
            #expect(after.quarantine == nil && after.request == nil)
        }
    }

    @Test("a run that finds another one in progress leaves the request, and is no failure")
    func inProgress() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.store.write { [provider = fixture.provider] transaction in
                let run = Run(provider: provider, trigger: .manual, startedAt: transaction.now)
                let lease = RunLease(owner: "another machine", duration: .seconds(600))
                _ = try transaction.beginRun(run, lease: lease, isGone: { _ in false })
            }
            await #expect(throws: ProviderBusyError.self) {
                try await fixture.runs.run(RunInstruction(fixture.provider, trigger: .save, mode: .apply))
            }
            let after = try await runState(fixture)
            #expect(after.quarantine == nil && after.trigger(at: .now()) == .save)
        }
    }

    @Test("a dry run answers the request but is no full sync")
    func dryRun() async throws {
        try await EngineFixture.with(settings: { $0.dryRun = true }) { fixture in
            try await fixture.addUser("ada")
            let run = try await fixture.runs.run(RunInstruction(fixture.provider, trigger: .save, mode: .apply))
            #expect(run.status == .planned)
            let after = try await runState(fixture)
            #expect(after.request == nil && after.schedule.lastFullSyncAt == nil)
        }
    }

    @Test("a run of a provider whose filter group was deleted fails until another one is chosen")
    func vanishedFilter() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.store.write { [id = fixture.provider] transaction in
                guard let provider = try transaction.provider(id) else { return }
                let group = try transaction.createGroup(GroupProfile(name: "Pilot"))
                var settings = provider.settings
                settings.filterGroup = group.id
                try transaction.updateProvider(id, to: settings)
                try transaction.deleteGroup(group.id)
            }
            await #expect(throws: ProvisioningError.self) {
                try await fixture.runs.run(RunInstruction(fixture.provider, trigger: .save, mode: .apply))
            }
            let resting = try await runState(fixture)
            #expect(resting.quarantine?.reason.contains("'Pilot'") == true)
        }
    }

    @Test("a failing database, a stop and a second run are no failure of the provider")
    func causes() async throws {
        let causes: [(any Error, Bool)] = [
            (CancellationError(), false), (ProviderBusyError(provider: "Entra"), false),
            (StoreError(.locked, "locked"), false), (StoreError(.conflict, "taken over"), false),
            (StoreError(.secretKey, "cannot be opened"), true), (ProvisioningError("no"), true),
        ]
        for (error, counts) in causes {
            try await EngineFixture.with { fixture in
                let runs = RunCoordinator(store: fixture.store) { _ in throw error }
                await #expect(throws: (any Error).self) {
                    try await runs.run(RunInstruction(fixture.provider, trigger: .save, mode: .apply))
                }
                let after = try await runState(fixture)
                #expect((after.quarantine != nil) == counts, "\(error)")
                #expect(after.request != nil)
            }
        }
    }
}
