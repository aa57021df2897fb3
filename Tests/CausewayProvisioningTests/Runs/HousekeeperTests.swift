import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("The server's deletion of old records")
struct HousekeeperTests {
    private static let retention = Retention(runAge: nil, actions: nil, eventAge: Retention.day * 30, events: nil)

    private static func with(_ body: (Store, TestClock, RecordedLog) async throws -> Void) async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { fixture in
            let log = RecordedLog()
            let housekeeper = Housekeeper(
                store: fixture.store,
                retention: retention,
                sleep: { _ in try await Task.sleep(for: .milliseconds(1)) },
                logger: log.logger
            )
            try await RunningServices.with(housekeeper) { try await body(fixture.store, clock, log) }
        }
    }

    @Test("what becomes too old goes in one of the next rounds, with one event, and quiet rounds record nothing")
    func rounds() async throws {
        try await Self.with { store, clock, log in
            for _ in 0..<3 {
                try await store.write { try $0.record(.login, nil, by: .engine) }
                clock.turn(by: Retention.day * 31)
                var events: [Event] = []
                // Each event of a round goes with the sign-in that the next round deletes.
                while events.map(\.action) != ["custom_trimmed"] || events.first?.created != clock.now {
                    try await Task.sleep(for: .milliseconds(1))
                    events = try await store.read { try $0.events(limit: 10) }
                }
            }
            #expect(log.lines.isEmpty)
        }
    }

    @Test("a database that does not answer stops no later round")
    func trouble() async throws {
        try await Self.with { store, _, log in
            try store.close()
            while log.lines.count < 3 { try await Task.sleep(for: .milliseconds(1)) }
            #expect(log.lines.allSatisfy { $0.hasPrefix("old records cannot be deleted") })
        }
    }
}
