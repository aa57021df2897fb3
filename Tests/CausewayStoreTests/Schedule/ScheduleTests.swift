import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Schedules and quarantine in the store")
struct ScheduleTests {
    private func withProvider(_ body: (StoreFixture, TestClock, ProviderID) async throws -> Void) async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let provider = try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                try transaction.saveApplication(Application(name: "A", slug: "a", backchannelProviders: [provider.id]))
                try transaction.settleAll(provider.id)
                return provider.id
            }
            try await body(temporary, clock, provider)
        }
    }

    @Test("a new provider has the standard schedule with its next time")
    func standard() async throws {
        try await withProvider { temporary, clock, provider in
            let runState = try await temporary.store.read { try $0.runState(of: provider) }
            let standard = try ProviderSchedule.standard(provider, installation: temporary.store.installationID)
            #expect(runState.schedule.cron == standard.cron)
            #expect(runState.schedule.nextRunAt == standard.cron.next(after: clock.now))
            #expect(!runState.needsPlanning(at: clock.now))
        }
    }

    @Test("missed times are made up for once, and the next time is a later one")
    func missed() async throws {
        try await withProvider { temporary, clock, provider in
            try await temporary.store.write { try $0.setCron(try CronExpression("@hourly"), of: provider) }
            clock.turn(by: .seconds(10 * 3600))
            let runState = try await temporary.store.write { transaction in
                try transaction.requestDueRuns()
                return try transaction.runState(of: provider)
            }
            #expect(runState.request?.trigger == .schedule)
            let next = try #require(runState.schedule.nextRunAt)
            #expect(next > clock.now && next <= clock.now + .seconds(3600))
            let again = try await temporary.store.write { transaction in
                try transaction.settleAll(provider)
                try transaction.requestDueRuns()
                return try transaction.runState(of: provider)
            }
            #expect(again.request == nil && again.schedule.lastFullSyncAt == clock.now)
        }
    }

    @Test("a time that comes during a full sync needs no other run")
    func duringRun() async throws {
        try await withProvider { temporary, clock, provider in
            let claim = RunRequestClaim()
            try await temporary.store.write { transaction in
                try transaction.requestRun(of: provider, .manual)
                try transaction.takeRequest(of: provider, by: claim)
            }
            clock.turn(by: .seconds(5 * 3600))
            let runState = try await temporary.store.write { transaction in
                try transaction.requestDueRuns()
                try transaction.recordSuccess(of: provider, by: claim, isFullSync: true)
                return try transaction.runState(of: provider)
            }
            #expect(runState.request == nil && !runState.needsPlanning(at: clock.now))
        }
    }

    @Test("times that are missed while paused are not made up for")
    func paused() async throws {
        try await withProvider { temporary, clock, provider in
            try await temporary.store.write { try $0.setPaused(true, provider) }
            clock.turn(by: .seconds(5 * 3600))
            let runState = try await temporary.store.write { transaction in
                try transaction.requestDueRuns()
                try transaction.setPaused(false, provider)
                try transaction.requestDueRuns()
                return try transaction.runState(of: provider)
            }
            #expect(runState.request == nil && !runState.schedule.isPaused)
            #expect(try #require(runState.schedule.nextRunAt) > clock.now)
        }
    }

    @Test("consecutive failures lengthen the quarantine; its start and end are events")
    func quarantine() async throws {
        try await withProvider { temporary, clock, provider in
            for minutes in [5, 10, 20] {
                let runState = try await temporary.store.write { transaction in
                    try transaction.recordFailure(of: provider, by: RunRequestClaim(), reason: "no \(minutes)")
                    return try transaction.runState(of: provider)
                }
                #expect(runState.quarantine?.quarantinedUntil == clock.now + .seconds(minutes * 60))
                #expect(runState.quarantine?.reason == "no \(minutes)")
                // It waits for its retry, which may start once it is due.
                #expect(runState.request?.trigger == .schedule && runState.trigger(at: clock.now) == nil)
                clock.turn(by: .seconds(minutes * 60))
                #expect(runState.trigger(at: clock.now) == .schedule)
            }
            let (healthy, events) = try await temporary.store.write { transaction in
                try transaction.settleAll(provider)
                return (try transaction.runState(of: provider), try transaction.events(limit: 10))
            }
            #expect(healthy.quarantine == nil && healthy.request == nil)
            #expect(events.map(\.action) == ["custom_quarantine_ended", "custom_quarantine_began"])
            #expect(events.first?.context["failures"] == 3 && events.last?.context["reason"] == "no 5")
        }
    }

    @Test("a person can end a quarantine, once")
    func endedByHand() async throws {
        try await withProvider { temporary, _, provider in
            try await temporary.store.write { transaction in
                try transaction.recordFailure(of: provider, by: RunRequestClaim(), reason: "no")
                let ada = EventOrigin(actor: "ada", channel: .interface, clientIP: "192.0.2.7")
                let isEnded = try transaction.endQuarantine(of: provider, by: ada)
                let isEndedAgain = try transaction.endQuarantine(of: provider, by: ada)
                #expect(isEnded && !isEndedAgain)
                let (ended, began) = (
                    try transaction.events(limit: 10).filter { $0.action == "custom_quarantine_ended" },
                    try transaction.events(limit: 10).filter { $0.action == "custom_quarantine_began" }
                )
                #expect(ended.map(\.actor) == ["ada"] && ended.map(\.clientIP) == ["192.0.2.7"])
                #expect(ended.first?.context["causeway"] == ["channel": "interface"])
                #expect(began.first?.context["causeway"] == ["channel": "engine"])
            }
        }
    }

    @Test("a failure of an unassigned provider is not recorded, and a deleted provider leaves no records")
    func ends() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                try transaction.recordFailure(of: provider.id, by: RunRequestClaim(), reason: "not assigned")
                let runState = try transaction.runState(of: provider.id)
                #expect(runState.quarantine == nil && runState.request == nil)
                try transaction.deleteProvider(provider.id)
                let runStates = try transaction.runStates()
                #expect(runStates.isEmpty)
                #expect(throws: StoreError.self) { try transaction.runState(of: provider.id) }
            }
        }
    }
}

extension Transaction {
    /// The state after a full sync without new requests.
    fileprivate func settleAll(_ provider: ProviderID) throws {
        let claim = RunRequestClaim()
        try takeRequest(of: provider, by: claim)
        try recordSuccess(of: provider, by: claim, isFullSync: true)
    }
}
