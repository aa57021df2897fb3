import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayStore

@Suite("A clock that was ahead and is put back")
struct ClockTests {
    private static let year: Duration = .seconds(365 * 86_400)

    private func withProvider(
        _ body: (StoreFixture, TestClock, ProviderID) async throws -> Void
    ) async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let provider = try await temporary.store.write { transaction in
                let provider = try transaction.makeProvider()
                try transaction.saveApplication(Application(name: "A", slug: "a", backchannelProviders: [provider.id]))
                return provider.id
            }
            try await body(temporary, clock, provider)
        }
    }

    /// A record of every kind that has a time.
    private func fill(_ transaction: Transaction, _ provider: ProviderID) throws {
        let user = try transaction.createUser(UserProfile(username: UUID().uuidString))
        let run = Run(provider: provider, trigger: .manual, startedAt: transaction.now)
        _ = try transaction.beginRun(run, lease: RunLease(owner: "p", duration: .seconds(30)), isGone: { _ in true })
        try transaction.requestDueRuns()
        try transaction.requestRun(of: provider, .schedule)
        try transaction.recordFailure(of: provider, by: RunRequestClaim(), reason: "r")
        try transaction.insertApproval(
            Approval(
                run: run.id,
                provider: provider,
                approvedBy: "a",
                approvedAt: transaction.now,
                expiresAt: transaction.now + .seconds(86_400)
            )
        )
        try transaction.createSession(
            BrowserSession(
                keyHash: Array(UUID().uuidString.utf8),
                user: user.id,
                csrfToken: "c",
                created: transaction.now,
                expires: transaction.now + .seconds(12 * 3600),
                lastSeen: transaction.now,
                userAgent: ""
            )
        )
        try transaction.saveSetupLink(
            keyHash: Array(UUID().uuidString.utf8),
            expires: transaction.now + .seconds(86_400)
        )
        try transaction.execute(
            "INSERT INTO retries (provider_id, object_kind, object_id, attempts, due_at_ms) VALUES (?, 'user', ?, 1, ?)",
            SQLValue(provider),
            .text("\(user.id)"),
            SQLValue(transaction.now + .seconds(600))
        )
    }

    @Test("no stored time is further ahead than its own period allows", arguments: 0..<6)
    func putBack(_ seed: Int) async throws {
        try await withProvider { temporary, clock, provider in
            var random = SplitMix(seed: UInt64(seed))
            let spans = (0..<3).map { _ in Duration.seconds(Int64.random(in: 120...100_000_000, using: &random)) }
            for span in spans {
                try await temporary.store.write { try fill($0, provider) }
                clock.turn(by: span)
                try await temporary.store.write { try fill($0, provider) }
                clock.turn(by: span * -1)
                let limit = clock.now + .seconds(86_400)
                let late = try await temporary.store.write { transaction in
                    try Self.later(than: limit, transaction)
                }
                #expect(late.isEmpty, "seed \(seed): \(late)")
            }
        }
    }

    private static func later(than limit: Timestamp, _ transaction: Transaction) throws -> [String] {
        let columns = try transaction.all(transaction.connection.dialect.allColumns) {
            (table: try $0.text("table_name"), column: try $0.text("column_name"))
        }
        return try columns.filter { $0.column.hasSuffix("_ms") && $0.table != "tokens" }.filter { table, column in
            try transaction.exists("SELECT 1 FROM \(table) WHERE \(column) > ?", SQLValue(limit))
        }
        .map { "\($0.table).\($0.column)" }
    }

    @Test("a provider runs again by its schedule, out of quarantine, with a lease that ends")
    func schedules() async throws {
        try await withProvider { temporary, clock, provider in
            clock.turn(by: Self.year)
            try await temporary.store.write { try fill($0, provider) }
            clock.turn(by: Self.year * -1)
            let runState = try await temporary.store.write { try $0.runState(of: provider) }
            #expect(runState.schedule.nextRunAt == runState.schedule.cron.next(after: clock.now))
            clock.turn(by: .seconds(3600))
            let (later, begun) = try await temporary.store.write { transaction in
                let run = Run(provider: provider, trigger: .manual, startedAt: transaction.now)
                let lease = RunLease(owner: "q", duration: .seconds(30))
                return (
                    try transaction.runState(of: provider).isQuarantined(at: transaction.now),
                    try transaction.beginRun(run, lease: lease, isGone: { _ in false }) != nil
                )
            }
            #expect(!later && begun)
        }
    }

    @Test("a program that starts after the clock was put back notices it")
    func otherProgram() async throws {
        try await withProvider { temporary, clock, provider in
            clock.turn(by: Self.year)
            try await temporary.store.write { try fill($0, provider) }
            clock.turn(by: Self.year * -1)
            let other = try await temporary.open(clock: { clock.now })
            let late = try await other.read { try Self.later(than: clock.now + .seconds(86_400), $0) }
            #expect(late.isEmpty)
            let events = try await other.read { try $0.events(limit: 10).map(\.action) }
            #expect(events.contains("custom_clock_put_back"))
            try other.close()
        }
    }

    @Test("the small steps of an ordinary clock change nothing", arguments: [1, 30, 59])
    func smallSteps(_ seconds: Int) async throws {
        try await withProvider { temporary, clock, provider in
            try await temporary.store.write { try $0.insertApproval(Self.approval(provider, $0)) }
            let before = try await temporary.store.read { try $0.approvals(of: provider) }
            clock.turn(by: .seconds(-seconds))
            try await temporary.store.write { try $0.requestDueRuns() }
            #expect(try await temporary.store.read { try $0.approvals(of: provider) } == before)
        }
    }

    private static func approval(_ provider: ProviderID, _ transaction: Transaction) throws -> Approval {
        let run = Run(provider: provider, trigger: .manual, startedAt: transaction.now)
        _ = try transaction.beginRun(run, lease: RunLease(owner: "p", duration: .seconds(30)), isGone: { _ in true })
        return Approval(
            run: run.id,
            provider: provider,
            approvedBy: "a",
            approvedAt: transaction.now,
            expiresAt: transaction.now + .seconds(86_400)
        )
    }

    @Test("a write with a time in the future takes precedence no longer than others")
    func consistencyWindow() {
        let now = Timestamp(milliseconds: 1_795_600_000_000)
        let consistencyWindow = ConsistencyWindow(now: now, time: .seconds(600))
        for (offset, isFresh) in [
            (-601, false), (-599, true), (0, true), (599, true), (601, false), (40_000_000, false),
        ] {
            #expect(consistencyWindow.isFresh(now + .seconds(offset)) == isFresh, "\(offset)")
        }
    }
}

/// Numbers that are the same for the same seed.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
