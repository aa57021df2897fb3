import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("The first sync waits for approval")
struct FirstSyncTests {
    /// A provider that shows its first sync, with two people in the directory, one of them also in the tenant.
    private static func with(_ body: @escaping @Sendable (EngineFixture) async throws -> Void) async throws {
        try await EngineFixture.with(settings: { $0.reviewFirstSync = true }) { fixture in
            for name in ["ada", "bob"] { try await fixture.addUser(name) }
            _ = try await fixture.seed("bob")
            try await body(fixture)
        }
    }

    private static func isUntouched(_ fixture: EngineFixture) async throws -> Bool {
        let links = try await fixture.store.read { [provider = fixture.provider] in
            try $0.linkCount(provider: provider, kind: .user)
        }
        let users = try await fixture.client.state()["users"]
        return users == 1 && links == 0
    }

    @Test(
        "a first sync waits with its whole plan, whatever the trigger",
        arguments: [RunTrigger.schedule, .save, .change, .approval]
    )
    func waits(_ trigger: RunTrigger) async throws {
        try await Self.with { fixture in
            let shown = try await fixture.sync(trigger: trigger)
            #expect(shown.run.status == .awaitingApproval)
            #expect(shown.run.message.contains("This is the first sync of 'Entra'. Nothing has been sent"))
            #expect(shown.count(.create, .held) == 1 && shown.count(.link, .held) == 1)
            #expect(shown.actions.allSatisfy { $0.outcome.status == .held })
            #expect(try await Self.isUntouched(fixture))
            let (isFirst, runState) = try await fixture.store.read { [provider = fixture.provider] transaction in
                (try transaction.waitsForFirstSync(shown.run), try transaction.runState(of: provider))
            }
            #expect(isFirst && runState.schedule.lastFullSyncAt == nil && runState.request == nil)
            // The next one supersedes it.
            let next = try await fixture.sync(trigger: trigger)
            let former = try await fixture.run(shown.run.id)
            #expect(next.run.status == .awaitingApproval && former?.status == .superseded)
            #expect(try await Self.isUntouched(fixture))
        }
    }

    /// What a person has seen before they sync.
    enum Shown: CaseIterable, Sendable {
        case nothing, planOfTheirOwn, waitingRun, planBeforeSettings, waitingRunBeforeMapping, rejected
    }

    @Test("a manual sync needs no approval if a plan with the present settings was shown", arguments: Shown.allCases)
    func person(_ shown: Shown) async throws {
        try await Self.with { fixture in
            switch shown {
            case .nothing: break
            case .planOfTheirOwn: _ = try await fixture.sync(.planOnly)
            case .waitingRun: _ = try await fixture.sync(trigger: .save)
            case .planBeforeSettings:
                _ = try await fixture.sync(.planOnly)
                fixture.later(1)
                try await fixture.set { $0.userDeleteAction = .suspend }
            case .waitingRunBeforeMapping:
                _ = try await fixture.sync(trigger: .save)
                fixture.later(1)
                try await fixture.changeUserMapping { "\($0)\n" }
            case .rejected:
                let run = try await fixture.sync(trigger: .save).run
                try await Approvals(store: fixture.store).reject(run.id, by: .person("grace"))
            }
            let first = try await fixture.sync()
            guard [.planOfTheirOwn, .waitingRun].contains(shown) else {
                #expect(first.run.status == .awaitingApproval)
                #expect(try await Self.isUntouched(fixture))
                let second = try await fixture.sync()
                #expect(second.run.status == .succeeded && second.count(.create) == 1 && second.count(.link) == 1)
                return
            }
            #expect(first.run.status == .succeeded && first.count(.create) == 1 && first.count(.link) == 1)
        }
    }

    /// How a person decides about the run that waits.
    enum Word: CaseIterable, Sendable { case apply, applyOwnPlan, approve, reject }

    @Test(
        "an applied or approved plan completes the first sync; after a rejected one the next sync waits again",
        arguments: Word.allCases
    )
    func decided(_ word: Word) async throws {
        try await Self.with { fixture in
            let waiting = try await fixture.sync(trigger: .save).run
            switch word {
            case .apply: _ = try await fixture.sync(.applyPlan(waiting.id))
            case .applyOwnPlan:
                let plan = try await fixture.sync(.planOnly).run
                _ = try await fixture.sync(.applyPlan(plan.id))
            case .approve:
                try await Approvals(store: fixture.store).approve(waiting.id, by: .person("grace"))
                _ = try await fixture.sync(trigger: .approval)
            case .reject: try await Approvals(store: fixture.store).reject(waiting.id, by: .person("grace"))
            }
            if word == .reject {
                let again = try await fixture.sync(trigger: .schedule)
                #expect(again.run.status == .awaitingApproval)
                #expect(try await Self.isUntouched(fixture))
                return
            }
            let users = try await fixture.client.state()["users"]
            #expect(users == 2)
            let former = try await fixture.run(waiting.id)?.status
            #expect(former == (word == .approve ? .approved : .superseded))
            if word == .approve {
                let approval = try #require(try await fixture.store.read { try $0.approval(of: waiting.id) })
                let run = try #require(approval.appliedBy)
                #expect(approval.ending == "Run \(run.text) applied 2 actions.")
                #expect(try await fixture.run(waiting.id)?.message == "Approved by grace. \(approval.ending)")
            }
            // From now on syncs need no approval.
            try await fixture.addUser("eve")
            let next = try await fixture.sync(trigger: .schedule)
            #expect(next.run.status == .succeeded && next.count(.create) == 1)
        }
    }

    @Test("direct sync waits for the first sync, and continues after it")
    func directSync() async throws {
        try await Self.with { fixture in
            let before = try await fixture.direct.catchUp(fixture.provider)
            #expect(before.isEmpty)
            _ = try await fixture.sync(trigger: .save)
            try await fixture.addUser("eve")
            let waiting = try await fixture.direct.catchUp(fixture.provider)
            #expect(waiting.isEmpty)
            #expect(try await Self.isUntouched(fixture))
            _ = try await fixture.sync()
            try await fixture.addUser("fay")
            let runs = try await fixture.direct.catchUp(fixture.provider)
            #expect(runs.map(\.status) == [.succeeded])
            let users = try await fixture.client.state()["users"]
            #expect(users == 4)
        }
    }

    @Test("a person can sync one object before the first sync; the rest still waits")
    func oneObject() async throws {
        try await Self.with { fixture in
            let result = try await fixture.syncObjects([ObjectReference(try await fixture.user("ada").id)])
            #expect(result.run.status == .succeeded && result.count(.create) == 1)
            let shown = try await fixture.sync(trigger: .schedule)
            #expect(shown.run.status == .awaitingApproval && shown.count(.link, .held) == 1)
            let users = try await fixture.client.state()["users"]
            #expect(users == 2)
        }
    }

    @Test("the first sync needs no approval if the setting is off, or after an earlier sync", arguments: [false, true])
    func notAsked(_ cameOnLater: Bool) async throws {
        try await EngineFixture.with { fixture in
            try await fixture.addUser("ada")
            if cameOnLater {
                _ = try await fixture.sync(trigger: .schedule)
                try await fixture.set { $0.reviewFirstSync = true }
                try await fixture.addUser("bob")
            }
            let result = try await fixture.sync(trigger: .schedule)
            #expect(result.run.status == .succeeded && result.count(.create) == 1)
        }
    }
}
