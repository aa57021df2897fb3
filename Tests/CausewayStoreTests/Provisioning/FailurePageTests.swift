import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
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
