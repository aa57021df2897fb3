import CausewayModel
import Testing

@Suite("When a provider runs")
struct ProviderRunStateTests {
    private let now = Timestamp(milliseconds: 1_000_000_000)

    private func runState(
        _ trigger: RunTrigger?,
        isAssigned: Bool = true,
        isPaused: Bool = false,
        quarantinedFor rest: Duration? = nil
    ) throws -> ProviderRunState {
        ProviderRunState(
            provider: ProviderID(1),
            name: "Entra",
            isAssigned: isAssigned,
            schedule: ProviderSchedule(
                cron: try CronExpression("@daily"),
                isPaused: isPaused,
                nextRunAt: now + .seconds(3600)
            ),
            request: trigger.map { RunRequest(trigger: $0, requestedAt: now) },
            quarantine: rest.map { Quarantine(failures: 1, quarantinedUntil: now + $0, reason: "r", since: now) }
        )
    }

    @Test("a request runs immediately", arguments: [RunTrigger.manual, .save, .change, .schedule])
    func requested(trigger: RunTrigger) throws {
        let ready = try runState(trigger)
        #expect(ready.trigger(at: now) == trigger)
        #expect(ready.nextRun(at: now) == now)
    }

    @Test("nothing runs without a request, or without an application")
    func nothing() throws {
        let idle = try runState(nil)
        #expect(idle.trigger(at: now) == nil && idle.nextRun(at: now) == now + .seconds(3600))
        let unassigned = try runState(.manual, isAssigned: false)
        #expect(unassigned.trigger(at: now) == nil && unassigned.nextRun(at: now) == nil)
    }

    @Test(
        "while paused, only a person's request runs",
        arguments: [(RunTrigger.manual, true), (.save, false), (.change, false), (.schedule, false)]
    )
    func paused(trigger: RunTrigger, runs: Bool) throws {
        let paused = try runState(trigger, isPaused: true)
        #expect((paused.trigger(at: now) == trigger) == runs)
        #expect((paused.nextRun(at: now) != nil) == runs)
    }

    @Test(
        "in quarantine only requests of people and saves run; the rest runs afterwards",
        arguments: [(RunTrigger.manual, true), (.save, true), (.change, false), (.schedule, false)]
    )
    func quarantined(trigger: RunTrigger, runs: Bool) throws {
        let resting = try runState(trigger, quarantinedFor: .milliseconds(1))
        #expect((resting.trigger(at: now) == trigger) == runs)
        #expect(resting.nextRun(at: now) == (runs ? now : now + .milliseconds(1)))
        #expect(try runState(trigger, quarantinedFor: .zero).trigger(at: now) == trigger)
    }

    @Test(
        "the pauses of a quarantine double up to four hours",
        arguments: zip(1...9, [5, 10, 20, 40, 80, 160, 240, 240, 240])
    )
    func pauses(failures: Int, minutes: Int) {
        #expect(Quarantine.pause(after: failures) == .seconds(minutes * 60))
    }

    @Test("each failure lengthens the pause and keeps its start; no count is too large")
    func failures() {
        let first = Quarantine(after: nil, failedAt: now, reason: "no")
        #expect(first == Quarantine(failures: 1, quarantinedUntil: now + .seconds(300), reason: "no", since: now))
        let later = now + .seconds(600)
        let second = Quarantine(after: first, failedAt: later, reason: "again no")
        #expect(second.failures == 2 && second.quarantinedUntil == later + .seconds(600))
        #expect(second.since == now && second.reason == "again no")
        #expect(Quarantine.pause(after: .max) == .seconds(240 * 60))
    }

    @Test("the standard schedule is every four hours at a minute that stays the same")
    func standard() throws {
        let schedule = try ProviderSchedule.standard(ProviderID(3), installation: "i")
        let first = try #require(schedule.cron.next(after: now))
        let second = try #require(schedule.cron.next(after: first))
        #expect(second - first == .seconds(4 * 3600))
        #expect(try ProviderSchedule.standard(ProviderID(3), installation: "i") == schedule)
        let minutes = try (1...200).map { try ProviderSchedule.standard(ProviderID($0), installation: "i").cron.text }
        #expect(Set(minutes).count > 20)
    }
}
