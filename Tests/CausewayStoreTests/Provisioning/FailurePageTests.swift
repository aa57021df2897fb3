import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Synchronization
import Testing

@Suite("Failures by cause, in pages")
struct FailurePageTests {
    private static let rules = ["character:@", "length", "graph:permission:Authorization_RequestDenied"]

    /// Makes this many users fail: each rule has half as many as the one before, and every user has its own message.
    private static func fail(_ count: Int, in temporary: StoreFixture) async throws -> (ProviderID, RunID) {
        try await temporary.store.write { transaction in
            let provider = try transaction.makeProvider()
            let run = Run(provider: provider.id, trigger: .manual, startedAt: transaction.now)
            let lease = RunLease(owner: "process-1", duration: .seconds(60))
            _ = try transaction.beginRun(run, lease: lease, isGone: { _ in false })
            try transaction.insertActions((0..<count).map { Self.action($0) }, run: run.id)
            try transaction.setStatus(.warning, of: run.id)
            try transaction.noteFailing(after: run.id, of: provider.id, covered: nil)
            return (provider.id, run.id)
        }
    }

    private static func action(_ number: Int) -> StoredAction {
        let rule = number % 7 < 4 ? rules[0] : number % 7 < 6 ? rules[1] : rules[2]
        let action = Action(
            sequence: Int64(number + 1),
            phase: .users,
            verb: .skip,
            kind: .user,
            object: ObjectReference(UserID(Int64(number + 1))),
            name: "person\(100_000 + number)",
            reason: .mappingFailed
        )
        let outcome = Outcome(
            .failed,
            message: "\(rule) of person \(number)",
            remedy: "Correct it.",
            attribute: rule == rules[2] ? nil : "mailNickname",
            rule: FailureRule(rule, title: "the title of \(rule)")
        )
        return StoredAction(action: action, outcome: outcome)
    }

    @Test("totals, order and pages agree, and the key of a cause finds its objects")
    func pages() async throws {
        try await StoreFixture.with { temporary in
            let (provider, run) = try await Self.fail(70, in: temporary)
            try await temporary.store.read { transaction in
                let all = try transaction.failureCauses(of: provider, ListSlice(offset: 0, limit: 10), examples: 3)
                #expect(all.count == 3)
                #expect(all.rows.map(\.count) == [40, 20, 10])
                #expect(all.rows.map(\.key.rule) == Self.rules)
                #expect(all.rows.map(\.message) == Self.rules.map { "the title of \($0)" })
                #expect(all.rows.map(\.examples.count) == [3, 3, 3])
                #expect(all.rows.first?.examples.first?.message == "character:@ of person 0")
                let second = try transaction.failureCauses(of: provider, ListSlice(offset: 1, limit: 1), examples: 1)
                #expect(second.count == 3)
                #expect(second.rows.map(\.key) == [all.rows[1].key])
                let slice = ListSlice(offset: 0, limit: 10)
                for cause in all.rows {
                    let alone = try transaction.failureCauses(of: provider, cause: cause.key, slice, examples: 1)
                    #expect(alone.count == 1 && alone.rows.map(\.count) == [cause.count])
                }
                #expect(try transaction.failureCauses(of: provider, kind: .user, slice, examples: 1).count == 3)
                #expect(try transaction.failureCauses(of: provider, kind: .group, slice, examples: 1).count == 0)
                let ofRun = try transaction.failureCauses(ofRun: run, ListSlice(offset: 0, limit: 10), examples: 3)
                #expect(ofRun.rows.map(\.key) == all.rows.map(\.key))
                for cause in all.rows {
                    let key = try #require(FailureCause.Key(text: cause.key.text))
                    #expect(key == cause.key)
                    var names: [String] = []
                    for offset in stride(from: 0, to: cause.count, by: 7) {
                        let page = try transaction.failingObjects(
                            of: provider,
                            for: key,
                            ListSlice(offset: offset, limit: 7)
                        )
                        #expect(page.count == cause.count)
                        names += page.rows.map(\.name)
                    }
                    #expect(names.count == cause.count && names == names.sorted())
                    #expect(try transaction.failingObjects(of: provider, for: key, limit: 1000).count == cause.count)
                }
                #expect(try transaction.failingObjects(of: provider, for: nil, limit: 1000).count == 70)
                let nothing = FailureCause.Key(kind: .group, attribute: nil, rule: "length")
                #expect(
                    try transaction.failingObjects(of: provider, for: nothing, ListSlice(offset: 0, limit: 7)).count
                        == 0
                )
            }
        }
    }

    @Test(
        "an export has each failing action once, of one cause or of all, in parts of any size",
        arguments: [1, 7, 100]
    )
    func exported(part: Int) async throws {
        try await StoreFixture.with { temporary in
            let (provider, _) = try await Self.fail(70, in: temporary)
            try await temporary.store.read { transaction in
                func all(_ cause: FailureCause.Key?) throws -> [String] {
                    var (names, position) = ([String](), try transaction.beginFailureExport(of: provider))
                    while true {
                        let found = try transaction.failingActions(
                            of: provider,
                            for: cause,
                            from: &position,
                            limit: part
                        )
                        if found.isEmpty { return names }
                        names += found.map(\.action.name)
                    }
                }
                #expect(try all(nil).count == 70 && Set(try all(nil)).count == 70)
                let key = FailureCause.Key(kind: .user, attribute: "mailNickname", rule: Self.rules[1])
                let objects = try transaction.failingObjects(of: provider, for: key, ListSlice(offset: 0, limit: 100))
                #expect(try all(key) == objects.rows.map(\.name))
                #expect(try all(FailureCause.Key(kind: .group, attribute: nil, rule: "length")).isEmpty)
            }
        }
    }

    @Test("the time since when an object fails is that of its first failure, and the next attempt that of its retry")
    func times() async throws {
        let clock = Mutex(Timestamp(milliseconds: 1_000_000))
        try await StoreFixture.with(clock: { clock.withLock { $0 } }) { temporary in
            var first: Timestamp?
            for _ in 0..<2 {
                clock.withLock { $0 = $0 + .seconds(100) }
                first = first ?? clock.withLock { $0 }
                try await temporary.store.write { transaction in
                    let provider = try transaction.provider(named: "Entra") ?? transaction.makeProvider()
                    let run = Run(provider: provider.id, trigger: .manual, startedAt: transaction.now)
                    let lease = RunLease(owner: "process-1", duration: .seconds(60))
                    _ = try transaction.beginRun(run, lease: lease, isGone: { _ in true })
                    let failed = Self.action(0)
                    let outcome = Outcome(.retry, message: failed.outcome.message, rule: failed.outcome.rule)
                    try transaction.insertActions([StoredAction(action: failed.action, outcome: outcome)], run: run.id)
                    try transaction.setStatus(.warning, of: run.id)
                    try transaction.planRetries(after: run.id, provider: provider.id, covered: nil) { _ in .seconds(15)
                    }
                    try transaction.noteFailing(after: run.id, of: provider.id, covered: nil)
                }
            }
            let (began, now) = (first, clock.withLock { $0 })
            try await temporary.store.read { transaction in
                let provider = try #require(try transaction.provider(named: "Entra"))
                let slice = ListSlice(offset: 0, limit: 10)
                let cause = try #require(try transaction.failureCauses(of: provider.id, slice, examples: 1).rows.first)
                #expect(cause.first == began && cause.last == now && cause.nextAttempt == now + .seconds(15))
            }
        }
    }

    @Test("tens of thousands of failures are counted in full, with the first objects of each cause")
    func many() async throws {
        try await StoreFixture.with { temporary in
            let (provider, _) = try await Self.fail(21_000, in: temporary)
            let causes = try await temporary.store.read {
                try $0.failureCauses(of: provider, ListSlice(offset: 0, limit: 10), examples: 5)
            }
            #expect(causes.rows.map(\.count) == [12_000, 6000, 3000])
            #expect(causes.rows.allSatisfy { $0.examples.count == 5 })
        }
    }

    @Test("the text of a key is read as it was written, and other texts are refused")
    func keys() {
        let keys = [
            FailureCause.Key(kind: .user, attribute: "mailNickname", rule: "character::"),
            FailureCause.Key(kind: .group, attribute: nil, rule: "graph:refused:Request_BadRequest:'…' is wrong"),
        ]
        for key in keys { #expect(FailureCause.Key(text: key.text) == key) }
        for text in ["", "user", "user:mail", "person:mail:length", "user:mail:"] {
            #expect(FailureCause.Key(text: text) == nil)
        }
    }
}
