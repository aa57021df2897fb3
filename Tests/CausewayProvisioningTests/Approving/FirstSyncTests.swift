import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("The first sync is shown first")
struct FirstSyncTests {
    /// A provider that shows its first sync, with two people in the directory, one of them in the tenant as well.
    private static func with(_ body: @escaping @Sendable (EngineFixture) async throws -> Void) async throws {
        try await EngineFixture.with(settings: { $0.reviewFirstSync = true }) { bench in
            for name in ["ada", "bob"] { try await bench.addUser(name) }
            _ = try await bench.seed("bob")
            try await body(bench)
        }
    }

    private static func isUntouched(_ bench: EngineFixture) async throws -> Bool {
        let links = try await bench.store.read { [provider = bench.provider] in
            try $0.linkCount(provider: provider, kind: .user)
        }
        let users = try await bench.client.state()["users"]
        return users == 1 && links == 0
    }

    @Test(
        "whatever starts it, it waits with all that it would do",
        arguments: [RunTrigger.schedule, .save, .change, .approval]
    )
    func waits(_ trigger: RunTrigger) async throws {
        try await Self.with { bench in
            let shown = try await bench.sync(trigger: trigger)
            #expect(shown.run.status == .awaitingApproval)
            #expect(shown.run.message.contains("This is the first sync of 'Entra'. Nothing has been sent"))
            #expect(shown.count(.create, .held) == 1 && shown.count(.link, .held) == 1)
            #expect(shown.actions.allSatisfy { $0.outcome.status == .held })
            #expect(try await Self.isUntouched(bench))
            let (isFirst, outlook) = try await bench.store.read { [provider = bench.provider] transaction in
                (try transaction.waitsForFirstSync(shown.run), try transaction.outlook(of: provider))
            }
            #expect(isFirst && outlook.schedule.lastFullSyncAt == nil && outlook.request == nil)
            // The next one takes its place.
            let next = try await bench.sync(trigger: trigger)
            let former = try await bench.run(shown.run.id)
            #expect(next.run.status == .awaitingApproval && former?.status == .superseded)
            #expect(try await Self.isUntouched(bench))
        }
    }

    /// What a person has seen before they sync.
    enum Shown: CaseIterable, Sendable {
        case nothing, planOfTheirOwn, waitingRun, planBeforeSettings, waitingRunBeforeMapping, rejected
    }

    @Test("a person's sync is their word once they could see today's plan", arguments: Shown.allCases)
    func person(_ shown: Shown) async throws {
        try await Self.with { bench in
            switch shown {
            case .nothing: break
            case .planOfTheirOwn: _ = try await bench.sync(.planOnly)
            case .waitingRun: _ = try await bench.sync(trigger: .save)
            case .planBeforeSettings:
                _ = try await bench.sync(.planOnly)
                bench.later(1)
                try await bench.set { $0.userDeleteAction = .suspend }
            case .waitingRunBeforeMapping:
                _ = try await bench.sync(trigger: .save)
                bench.later(1)
                try await bench.changeUserMapping { "\($0)\n" }
            case .rejected:
                let run = try await bench.sync(trigger: .save).run
                try await Approvals(store: bench.store).reject(run.id, by: "grace")
            }
            let first = try await bench.sync()
            guard [.planOfTheirOwn, .waitingRun].contains(shown) else {
                #expect(first.run.status == .awaitingApproval)
                #expect(try await Self.isUntouched(bench))
                let second = try await bench.sync()
                #expect(second.run.status == .succeeded && second.count(.create) == 1 && second.count(.link) == 1)
                return
            }
            #expect(first.run.status == .succeeded && first.count(.create) == 1 && first.count(.link) == 1)
        }
    }

    /// How a person decides about the run that waits.
    enum Word: CaseIterable, Sendable { case apply, applyOwnPlan, approve, reject }

    @Test("a plan that is applied or approved is done, one that is rejected is shown again", arguments: Word.allCases)
    func decided(_ word: Word) async throws {
        try await Self.with { bench in
            let waiting = try await bench.sync(trigger: .save).run
            switch word {
            case .apply: _ = try await bench.sync(.applyPlan(waiting.id))
            case .applyOwnPlan:
                let plan = try await bench.sync(.planOnly).run
                _ = try await bench.sync(.applyPlan(plan.id))
            case .approve:
                try await Approvals(store: bench.store).approve(waiting.id, by: "grace")
                _ = try await bench.sync(trigger: .approval)
            case .reject: try await Approvals(store: bench.store).reject(waiting.id, by: "grace")
            }
            if word == .reject {
                let again = try await bench.sync(trigger: .schedule)
                #expect(again.run.status == .awaitingApproval)
                #expect(try await Self.isUntouched(bench))
                return
            }
            let users = try await bench.client.state()["users"]
            #expect(users == 2)
            let former = try await bench.run(waiting.id)?.status
            #expect(former == (word == .approve ? .approved : .superseded))
            // From now on it goes on by itself.
            try await bench.addUser("eve")
            let next = try await bench.sync(trigger: .schedule)
            #expect(next.run.status == .succeeded && next.count(.create) == 1)
        }
    }

    @Test("direct sync waits for it, and goes on after it")
    func directSync() async throws {
        try await Self.with { bench in
            let before = try await bench.direct.catchUp(bench.provider)
            #expect(before.isEmpty)
            _ = try await bench.sync(trigger: .save)
            try await bench.addUser("eve")
            let waiting = try await bench.direct.catchUp(bench.provider)
            #expect(waiting.isEmpty)
            #expect(try await Self.isUntouched(bench))
            _ = try await bench.sync()
            try await bench.addUser("fay")
            let runs = try await bench.direct.catchUp(bench.provider)
            #expect(runs.map(\.status) == [.succeeded])
            let users = try await bench.client.state()["users"]
            #expect(users == 4)
        }
    }

    @Test("one object that a person names is synced before it, and the rest still waits")
    func oneObject() async throws {
        try await Self.with { bench in
            let result = try await bench.syncObjects([ObjectReference(try await bench.user("ada").id)])
            #expect(result.run.status == .succeeded && result.count(.create) == 1)
            let shown = try await bench.sync(trigger: .schedule)
            #expect(shown.run.status == .awaitingApproval && shown.count(.link, .held) == 1)
            let users = try await bench.client.state()["users"]
            #expect(users == 2)
        }
    }

    @Test("nobody is asked where the setting is off, or where a sync was done before", arguments: [false, true])
    func notAsked(_ cameOnLater: Bool) async throws {
        try await EngineFixture.with { bench in
            try await bench.addUser("ada")
            if cameOnLater {
                _ = try await bench.sync(trigger: .schedule)
                try await bench.set { $0.reviewFirstSync = true }
                try await bench.addUser("bob")
            }
            let result = try await bench.sync(trigger: .schedule)
            #expect(result.run.status == .succeeded && result.count(.create) == 1)
        }
    }
}
