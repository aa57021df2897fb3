import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Synchronization
import Testing

@testable import CausewayStore

@Suite("Deleting what is old")
struct TrimmerTests {
    private static let strict = Retention(
        runAge: Retention.day * 30,
        actions: 40,
        eventAge: Retention.day * 30,
        events: 20
    )

    private static func with(seed: UInt64, runs: Int = 60, _ body: (InventedHistory) async throws -> Void) async throws
    {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            var history = try await InventedHistory(in: temporary.store, clock, seed: seed)
            try await history.write(runs: runs)
            try await body(history)
        }
    }

    private static func trim(_ history: InventedHistory, _ retention: Retention = strict, step: Int = 500) async throws
        -> TrimCounts
    {
        try await Trimmer(store: history.store, retention: retention, step: step, rest: {}).run()
    }

    /// The number of rows of each table, and the keys of all actions.
    private static func rows(_ store: Store) async throws -> (actions: Set<String>, runs: Set<String>) {
        try await store.read { transaction in
            (
                Set(
                    try transaction.all("SELECT run_id, sequence FROM actions") {
                        "\(try $0.text("run_id")) \(try $0.integer("sequence"))"
                    }
                ), Set(try transaction.all("SELECT id FROM runs") { try $0.text("id") })
            )
        }
    }

    @Test(
        "whatever goes, the present is explained as before, all that waits is there, and a second round deletes nothing",
        arguments: 1...12 as ClosedRange<UInt64>
    )
    func present(seed: UInt64) async throws {
        try await Self.with(seed: seed) { history in
            let before = try await StoredPresent(of: history)
            let all = try await Self.rows(history.store)
            let counts = try await Self.trim(history)
            let after = try await StoredPresent(of: history)
            #expect(after == before)
            let left = try await Self.rows(history.store)
            #expect(counts.actions == all.actions.count - left.actions.count && counts.actions > 0)
            #expect(counts.runs == all.runs.count - left.runs.count && counts.runs > 0)
            #expect(counts.events > 0)
            let second = try await Self.trim(history)
            #expect(second.isEmpty, "\(second)")
            let again = try await Self.rows(history.store)
            #expect(again == left)
        }
    }

    @Test("nothing younger than the limits goes, and without limits nothing at all")
    func young() async throws {
        try await Self.with(seed: 5) { history in
            let all = try await Self.rows(history.store)
            let unlimited = Retention(runAge: nil, actions: nil, eventAge: nil, events: nil)
            // The journal goes anyway: nothing follows it.
            _ = try await Self.trim(history, unlimited)
            #expect(try await Self.rows(history.store) == all)
            #expect(try await Self.trim(history, unlimited).isEmpty)
            let generous = Retention(runAge: Retention.day * 1000, actions: 10_000, eventAge: nil, events: 10_000)
            #expect(try await Self.trim(history, generous).isEmpty)
            let month = history.clock.now + Retention.day * -30
            _ = try await Self.trim(
                history,
                Retention(runAge: Retention.day * 30, actions: nil, eventAge: nil, events: nil)
            )
            let (missing, provider) = (all.runs.subtracting(try await Self.rows(history.store).runs), history.provider)
            let young = try await history.store.read { transaction in
                try transaction.runs(of: provider, limit: 1000).filter { $0.startedAt >= month }
            }
            #expect(!missing.isEmpty && young.allSatisfy { $0.trimmedAt == nil && !missing.contains($0.id.text) })
        }
    }

    @Test("of a number of actions, those of the latest runs stay")
    func number() async throws {
        try await Self.with(seed: 9) { history in
            let provider = history.provider
            func latest() async throws -> [RunID: Int] {
                try await history.store.read { transaction in
                    var (sum, counts) = (0, [RunID: Int]())
                    for run in try transaction.runs(of: provider, limit: 1000) {
                        let count = try transaction.actions(of: run.id, after: 0, limit: 1000).count
                        sum += count
                        guard sum <= 60 else { break }
                        counts[run.id] = count
                    }
                    return counts
                }
            }
            let before = try await latest()
            let retention = Retention(runAge: nil, actions: 60, eventAge: nil, events: nil)
            #expect(try await Self.trim(history, retention).actions > 0)
            let after = try await latest()
            #expect(before.count > 5 && after.filter { before[$0.key] != nil } == before)
        }
    }

    @Test("no transaction deletes more than a few rows, and others write in between")
    func steps() async throws {
        try await Self.with(seed: 3) { history in
            let store = history.store
            let largest = Mutex(0)
            let last = Mutex(try await Self.rows(store).actions.count)
            let rest: @Sendable () async throws -> Void = {
                let left = try await Self.rows(store).actions.count
                let deleted = last.withLock { last in
                    defer { last = left }
                    return last - left
                }
                largest.withLock { $0 = max($0, deleted) }
                // A writer is served between two steps.
                try await store.requireWritable()
            }
            let counts = try await Trimmer(store: store, retention: Self.strict, step: 5, rest: rest).run()
            #expect(counts.actions > 20)
            #expect(largest.withLock(\.self) == 5)
        }
    }

    /// Every step is one transaction, so ending between two is what a crash leaves.
    @Test("after a crash between any two steps the present is explained, and the next round does the rest")
    func crash() async throws {
        struct Crash: Error {}
        let retention = Retention(runAge: Retention.day * 30, actions: nil, eventAge: Retention.day * 30, events: nil)
        var (steps, hasEnded, whole) = (0, false, [Int]())
        try await Self.with(seed: 7, runs: 40) { history in
            _ = try await Self.trim(history, retention, step: 10)
            let left = try await Self.rows(history.store)
            whole = [left.actions.count, left.runs.count]
        }
        while !hasEnded {
            steps += 1
            let left = Mutex(steps)
            try await Self.with(seed: 7, runs: 40) { history in
                let before = try await StoredPresent(of: history)
                let rest: @Sendable () async throws -> Void = {
                    let isLast = left.withLock { left in
                        left -= 1
                        return left == 0
                    }
                    if isLast { throw Crash() }
                }
                do {
                    try await Trimmer(store: history.store, retention: retention, step: 10, rest: rest).run()
                    hasEnded = true
                } catch is Crash {}
                let interrupted = try await StoredPresent(of: history)
                #expect(interrupted == before, "after step \(steps)")
                _ = try await Self.trim(history, retention, step: 10)
                let rows = try await Self.rows(history.store)
                #expect([rows.actions.count, rows.runs.count] == whole, "after step \(steps)")
            }
        }
        #expect(steps > 5)
    }

    @Test("events go with what finds them, and one event says how many")
    func events() async throws {
        try await Self.with(seed: 11, runs: 30) { history in
            let store = history.store
            func found() async throws -> [Int] {
                var filter = EventLogFilter()
                filter.terms = ["system_task"]
                return try await store.read { [filter] transaction in
                    [
                        try transaction.eventLog(filter, limit: 1000).events.count,
                        try transaction.count("SELECT COUNT(*) AS count FROM event_objects"),
                        try transaction.count(
                            "SELECT COUNT(*) AS count FROM event_objects o WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.number = o.number)"
                        ),
                    ]
                }
            }
            let before = try await found()
            let counts = try await Self.trim(history)
            let after = try await found()
            #expect(counts.events > 0 && after[0] < before[0] && after[2] == 0)
            let told = try await store.read { try $0.events(limit: 100) }.filter { $0.action == "custom_trimmed" }
            #expect(told.count == 1 && told.first?.actor == "causeway")
            #expect(told.first?.context["events"] == .integer(Int64(counts.events)))
            #expect(told.first?.context["actions"] == .integer(Int64(counts.actions)))
        }
    }

    @Test("the index of words becomes smaller with the events, and finds the others", .onlySQLite)
    func index() async throws {
        let clock = TestClock()
        try await StoreFixture.with(clock: { clock.now }) { temporary in
            let store = temporary.store
            func add(_ count: Int, _ word: String) async throws {
                for start in stride(from: 0, to: count, by: 20) {
                    try await store.write { transaction in
                        for number in start..<min(start + 20, count) {
                            let details: [String: JSONValue] = ["text": .string("\(word) \(number * 7919)")]
                            try transaction.record(.login, nil, details: details, by: .engine)
                        }
                    }
                }
            }
            func size() async throws -> Int {
                try await store.read {
                    try $0.count("SELECT COALESCE(SUM(LENGTH(block)), 0) AS count FROM event_trigrams_data")
                }
            }
            try await add(4000, "yesterday")
            let before = try await size()
            clock.turn(by: Retention.day * 31)
            try await add(200, "today")
            let counts = try await Trimmer(store: store, retention: Self.strict, rest: {}).run()
            #expect(counts.events == 4000)
            let after = try await size()
            #expect(after < before / 4, "\(before) \(after)")
            var filter = EventLogFilter()
            filter.terms = ["today"]
            let found = try await store.read { [filter] in try $0.eventLog(filter, limit: 1000).events.count }
            #expect(found == 200)
        }
    }

    @Test("the journal goes as far as every provider has followed it, and keeps enough for one that is far behind")
    func journal() async throws {
        try await StoreFixture.with { temporary in
            let store = temporary.store
            let provider = try await store.write { transaction in
                let provider = try transaction.makeProvider().id
                try transaction.saveApplication(Application(name: "A", slug: "a", backchannelProviders: [provider]))
                for number in 0..<300 { _ = try transaction.createUser(UserProfile(username: "u\(number)")) }
                try transaction.setJournalPosition(100, of: provider)
                return provider
            }
            try await store.write { transaction in
                #expect(try transaction.trimJournal(limit: 30) == 30)
                #expect(try transaction.trimJournal() == 70)
                #expect(try transaction.trimJournal() == 0)
                #expect(try transaction.journal(after: 100, limit: 1000).count == 200)
                #expect(try transaction.trimJournal(keeping: 50) == 150)
                #expect(try transaction.journal(after: 100, limit: 1000).count == 50)
                try transaction.setJournalPosition(300, of: provider)
                #expect(try transaction.trimJournal() == 49)
                #expect(try transaction.journalEnd() == 300)
            }
        }
    }
}
