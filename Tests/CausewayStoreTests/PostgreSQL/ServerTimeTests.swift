import CausewayModel
import CausewayTestSupport
import Testing

@testable import CausewayStore

@Suite("Nodes whose clocks are wrong", .onlyPostgreSQL)
struct ServerTimeTests {
    /// Stores with the machine's clock, and with one that can be set.
    private static func with(_ body: (Store, Store, OffsetClock) async throws -> Void) async throws {
        try await ServerDatabase.with { database in
            let clock = OffsetClock()
            let right = try await database.open()
            let wrong = try await database.open(clock: { clock.now })
            try await body(right, wrong, clock)
        }
    }

    @Test("a lease lasts as long as the server says, however wrong the clocks of nodes are", arguments: [-300, 300])
    func leases(seconds: Int64) async throws {
        try await Self.with { right, wrong, clock in
            clock.set(ahead: .seconds(seconds))
            let provider = try await right.write { try $0.makeProvider().id }
            func begin(_ store: Store, _ owner: String) async throws -> Bool {
                try await store.write { transaction in
                    let run = Run(provider: provider, trigger: .manual, startedAt: transaction.now)
                    let lease = RunLease(owner: owner, duration: .seconds(60))
                    return try transaction.beginRun(run, lease: lease, isGone: { _ in false }) != nil
                }
            }
            #expect(try await begin(wrong, "wrong"))
            #expect(try await !begin(right, "right"))
            #expect(try await right.read { try $0.expiredRuns() } == [])
            #expect(try await wrong.read { try $0.expiredRuns() } == [])
        }
    }

    @Test(
        "a clock that is set in between writes the same times as before, and moves no schedule",
        arguments: [-300, 300]
    )
    func setClock(seconds: Int64) async throws {
        try await Self.with { right, wrong, clock in
            let provider = try await right.write { try $0.makeProvider().id }
            let next = try await right.write { transaction in
                try transaction.saveApplication(
                    Application(name: "A", slug: "a", backchannelProviders: [provider])
                )
                try transaction.requestDueRuns()
                return try transaction.runState(of: provider).schedule.nextRunAt
            }
            clock.set(ahead: .seconds(seconds))
            let written = try await wrong.write { transaction in
                _ = try transaction.createUser(UserProfile(username: "ada"))
                return transaction.now
            }
            let (present, kept) = try await right.write { transaction in
                (transaction.now, try transaction.runState(of: provider).schedule.nextRunAt)
            }
            #expect(written - present < .seconds(60) && present - written < .seconds(60))
            #expect(kept == next)
            let events = try await right.read { try $0.events(limit: 100) }
            #expect(!events.contains { $0.action == EventKind.clockPutBack.rawValue })
        }
    }
}
