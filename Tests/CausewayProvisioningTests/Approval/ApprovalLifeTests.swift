import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayProvisioning

@Suite("The life of an approval")
struct ApprovalLifeTests {
    /// What may come between an approval and the run that applies it, and the end of the approval.
    enum Between: String, CaseIterable, Sendable {
        case nothing, plan, oneObject, directSync, crash, rename
        case syncByPerson, syncBySchedule, syncBySave
        case guardSetting, deleteAction, settingThereAndBack, mapping, noMapping, dryRun, application, withdrawal, time

        /// Words of the sentence about the approval's end.
        var ending: String {
            switch self {
            case .nothing, .plan, .oneObject, .directSync, .crash, .rename: "applied 3 actions."
            case .syncByPerson, .syncBySchedule, .syncBySave: "It is void. Run"
            case .guardSetting, .deleteAction, .settingThereAndBack, .mapping, .noMapping:
                "It is void. The provider's settings or mappings changed"
            case .dryRun: "It is void. The provider was set to dry run"
            case .application: "It is void. The provider is no longer assigned to an application"
            case .withdrawal: "It is void. heidi withdrew it"
            case .time: "It is void. It was not applied in time"
            }
        }

        var isVoid: Bool { ending.hasPrefix("It is void") }

        func happen(_ fixture: EngineFixture, _ held: Run) async throws {
            switch self {
            case .nothing: break
            case .plan: _ = try await fixture.sync(.planOnly)
            case .oneObject: _ = try await fixture.syncObjects([ObjectReference(try await fixture.user("a6").id)])
            case .directSync:
                try await fixture.change(try await fixture.user("a5")) { $0.attributes["title"] = "Other" }
                // It waits for the requested run. A run that was already in progress has the same result.
                #expect(try await fixture.direct.catchUp(fixture.provider).isEmpty)
                let object = ObjectReference(try await fixture.user("a5").id)
                let direct = try await fixture.syncObjects([object], trigger: .change)
                #expect(direct.run.status == .succeeded)
            case .crash: try await fixture.crash(during: .approval)
            case .rename: try await fixture.set { $0.name = "Another name" }
            case .syncByPerson: _ = try await fixture.sync()
            case .syncBySchedule: _ = try await fixture.sync(trigger: .schedule)
            case .syncBySave: _ = try await fixture.sync(trigger: .save)
            case .guardSetting: try await fixture.set { $0.guardMaxCount = 1 }
            case .deleteAction: try await fixture.set { $0.userDeleteAction = .suspend }
            case .settingThereAndBack:
                try await fixture.set { $0.excludeServiceAccounts = true }
                try await fixture.set { $0.excludeServiceAccounts = false }
            case .mapping: try await fixture.changeUserMapping { "\($0)\n" }
            case .noMapping: try await fixture.set { $0.groupMappings = [] }
            case .dryRun:
                try await fixture.set { $0.dryRun = true }
                try await fixture.set { $0.dryRun = false }
            case .application:
                try await fixture.assign(false)
                try await fixture.assign(true)
            case .withdrawal: try await Approvals(store: fixture.store).reject(held.id, by: .person("heidi"))
            case .time: fixture.later(25 * 3600)
            }
        }
    }

    @Test(
        "only the approval's own run applies it, and none does after anything has come between",
        arguments: Between.allCases
    )
    func life(_ between: Between) async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            try await approvals.approve(held.id, by: .person("grace"))
            try await between.happen(fixture, held)
            let present = try await fixture.client.state()["users"]
            #expect(present == 6, "nothing is taken away before its own run")
            let answer = try await fixture.sync(trigger: .approval)
            let users = try await fixture.client.state()["users"]
            let expected: JSONValue = between.isVoid ? 6 : 3
            #expect(users == expected)
            let isAskedAgain = answer.run.status == .awaitingApproval
            #expect(isAskedAgain == between.isVoid)
            try await Self.check(between, fixture, held)
        }
    }

    private static func check(_ between: Between, _ fixture: EngineFixture, _ held: Run) async throws {
        let (approval, run, events) = try await fixture.store.read { transaction in
            (
                try transaction.approval(of: held.id), try transaction.run(held.id),
                try transaction.events(limit: 50).filter { $0.action == "approval_void" }
            )
        }
        #expect(
            approval?.endedAt != nil && approval?.ending.contains(between.ending) == true,
            "\(approval?.ending ?? "")"
        )
        let told = between == .withdrawal ? "then rejected by heidi" : between.ending
        #expect(run?.message.contains(told) == true, "\(run?.message ?? "")")
        #expect(events.count == (between.isVoid ? 1 : 0))
        // Spent or void: no later run uses it either.
        try await fixture.addUser("new")
        try await fixture.sync(trigger: .approval, keeps: between.isVoid ? 7 : 4)
    }

    @Test("an approval whose plan has nothing left ends: the same change later needs a new approval")
    func nothingLeft() async throws {
        try await EngineFixture.with(settings: { $0.guardMaxCount = 2 }) { fixture in
            for number in 1...6 { try await fixture.addUser("a\(number)") }
            _ = try await fixture.sync()
            try await fixture.setActive(false, ["a1", "a2", "a3"])
            let held = try await fixture.sync().run
            try await Approvals(store: fixture.store).approve(held.id, by: .person("grace"))
            try await fixture.setActive(true, ["a1", "a2", "a3"])
            let answer = try await fixture.sync(trigger: .approval).run
            #expect(answer.status == .succeeded)
            let ending = try await fixture.store.read { try $0.approval(of: held.id)?.ending }
            #expect(ending?.contains("found nothing left to do") == true)
            try await fixture.setActive(false, ["a1", "a2", "a3"])
            for run in try await fixture.direct.catchUp(fixture.provider) { #expect(run.status == .awaitingApproval) }
            for trigger in [RunTrigger.manual, .schedule, .save, .approval] {
                let again = try await fixture.sync(trigger: trigger).run
                #expect(again.status == .awaitingApproval)
            }
            let disabled = try await fixture.client.all("/users?$select=accountEnabled").filter {
                $0["accountEnabled"] == false
            }
            #expect(disabled.isEmpty)
        }
    }

    @Test("an approval whose own run plans more is void, and that run waits for approval")
    func otherPlan() async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            try await approvals.approve(held.id, by: .person("grace"))
            try await fixture.deleteUsers(["a4"])
            let answer = try await fixture.sync(trigger: .approval).run
            #expect(answer.status == .awaitingApproval)
            let ending = try await fixture.store.read { try $0.approval(of: held.id)?.ending }
            #expect(ending == "It is void. The plan of run \(answer.id.text) differs and waits for approval itself.")
        }
    }

    @Test("an approval whose own run fails is void, and says so")
    func failed() async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            try await approvals.approve(held.id, by: .person("grace"))
            // The tenant refuses this run alone.
            let fault: JSONValue = [["kind": "unauthorized", "operation": "GET /organization"]]
            _ = try await fixture.client.control("PUT", "faults", fault)
            await #expect(throws: ProvisioningError.self) { try await fixture.sync(trigger: .approval) }
            _ = try await fixture.client.control("PUT", "faults", [])
            let ending = try await fixture.store.read { try $0.approval(of: held.id)?.ending }
            #expect(ending?.hasPrefix("It is void. Run") == true && ending?.contains("failed") == true)
            try await fixture.sync(trigger: .approval, keeps: 6)
        }
    }

    @Test("direct sync never uses an approval, even if it plans the same")
    func directSync() async throws {
        try await EngineFixture.with(settings: { $0.guardMaxCount = 2 }) { fixture in
            for number in 1...6 { try await fixture.addUser("a\(number)") }
            _ = try await fixture.sync()
            try await fixture.setActive(false, ["a1", "a2", "a3"])
            let held = try await fixture.sync().run
            try await Approvals(store: fixture.store).approve(held.id, by: .person("grace"))
            for name in ["a1", "a2", "a3"] {
                try await fixture.change(try await fixture.user(name)) { $0.attributes["title"] = "Other" }
            }
            let objects = try await fixture.store.read {
                try $0.users(after: nil, limit: 3).map { ObjectReference($0.id) }
            }
            let direct = try await fixture.syncObjects(objects, trigger: .change)
            #expect(direct.run.status == .awaitingApproval && direct.count(.suspend, .held) == 3)
            let disabled = try await fixture.disabled()
            #expect(disabled == 0)
            let done = try await fixture.sync(trigger: .approval).run
            #expect(done.status == .succeeded)
            let disabledAfter = try await fixture.disabled()
            #expect(disabledAfter == 3)
            // The changes that the direct sync waited with are applied too.
            let status = try await fixture.run(direct.run.id)?.status
            #expect(status == .superseded)
        }
    }

    @Test("of two people who approve at the same time, one succeeds and the other gets an error")
    func twoPeople() async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            async let one = Self.outcome { try await approvals.approve(held.id, by: .person("grace")) }
            async let other = Self.outcome { try await approvals.approve(held.id, by: .person("heidi")) }
            let refusals = await [one, other].compactMap(\.self)
            #expect(refusals.count == 1 && refusals[0].contains("has been approved already. Approved by"))
            let stored = try await fixture.store.read { [provider = fixture.provider] in try $0.approvals(of: provider)
            }
            #expect(stored.count == 1)
        }
    }

    private static func outcome(_ body: () async throws -> Approval) async -> String? {
        do {
            _ = try await body()
            return nil
        } catch { return "\(error)" }
    }

    @Test("a run is not approved while a newer sync is running, and an approval is not withdrawn while its own run is")
    func inProgress() async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            let newer = try await fixture.begin(.manual, owner: "elsewhere/1/1")
            let refusal = await #expect(throws: ProvisioningError.self) {
                try await approvals.approve(held.id, by: .person("grace"))
            }
            #expect(refusal?.description.contains("A newer sync, run \(newer.id.text), is in progress") == true)
            try await fixture.store.write { try $0.setStatus(.interrupted, of: newer.id) }
            try await approvals.approve(held.id, by: .person("grace"))
            let own = try await fixture.begin(.approval, owner: "elsewhere/1/1")
            let late = await #expect(throws: ProvisioningError.self) {
                try await approvals.reject(held.id, by: .person("heidi"))
            }
            #expect(late?.description.contains("is already applying what was approved") == true)
            try await fixture.store.write { try $0.setStatus(.interrupted, of: own.id) }
        }
    }

    @Test("a run of a provider without an application cannot be approved")
    func unassigned() async throws {
        try await EngineFixture.withHeldRun { fixture, held, approvals in
            try await fixture.assign(false)
            let refusal = await #expect(throws: ProvisioningError.self) {
                try await approvals.approve(held.id, by: .person("grace"))
            }
            #expect(refusal?.description.contains("The provider is no longer assigned to an application") == true)
        }
    }

    // MARK: Runs that wait

    /// What may come while a run waits for a person.
    enum Overtaking: String, CaseIterable, Sendable {
        case syncThatWaits, syncThatFindsNothing, setting, mapping, application
        // These leave it waiting.
        case plan, directSync, dryRun
    }

    @Test(
        "a newer sync or a changed setting supersedes a run that waits; a plan or a direct sync does not",
        arguments: Overtaking.allCases
    )
    func overtaken(_ cause: Overtaking) async throws {
        try await EngineFixture.with(settings: { $0.guardMaxCount = 2 }) { fixture in
            for number in 1...6 { try await fixture.addUser("a\(number)") }
            _ = try await fixture.sync()
            try await fixture.setActive(false, ["a1", "a2", "a3"])
            let held = try await fixture.sync().run
            switch cause {
            case .syncThatWaits: _ = try await fixture.sync()
            case .syncThatFindsNothing:
                try await fixture.setActive(true, ["a1", "a2", "a3"])
                let status = try await fixture.sync().run.status
                #expect(status == .succeeded)
            case .setting: try await fixture.set { $0.guardMaxPercent = 11 }
            case .mapping: try await fixture.changeUserMapping { "\($0)\n" }
            case .application: try await fixture.assign(false)
            case .plan: _ = try await fixture.sync(.planOnly)
            case .directSync:
                try await fixture.addUser("new")
                _ = try await fixture.direct.catchUp(fixture.provider)
            case .dryRun:
                try await fixture.set { $0.dryRun = true }
                _ = try await fixture.sync()
            }
            let run = try await fixture.run(held.id)
            let staysOpen = [.plan, .directSync, .dryRun].contains(cause)
            #expect(run?.status == (staysOpen ? .awaitingApproval : .superseded))
            #expect(run?.message.isEmpty == false)
            guard !staysOpen else { return }
            let refusal = await #expect(throws: ProvisioningError.self) {
                try await Approvals(store: fixture.store).approve(held.id, by: .person("grace"))
            }
            #expect(refusal?.description.contains("is out of date") == true)
        }
    }
}

extension EngineFixture {
    /// A tenant with some users, of whom the named ones will be deleted: more than the guard allows.
    static func withHeldRun(
        deleting names: [String] = ["a1", "a2", "a3"],
        settings: @escaping @Sendable (inout ProviderSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (EngineFixture, Run, Approvals) async throws -> Void
    ) async throws {
        try await with {
            $0.guardMaxCount = 2
            settings(&$0)
        } _: { fixture in
            for number in 1...6 { try await fixture.addUser("a\(number)") }
            _ = try await fixture.sync()
            try await fixture.deleteUsers(names)
            let held = try await fixture.sync()
            #expect(held.run.status == .awaitingApproval)
            try await body(fixture, held.run, Approvals(store: fixture.store))
        }
    }

    func user(_ name: String) async throws -> User {
        guard let user = try await store.read({ try $0.user(named: name) }) else {
            throw StoreError.notFound("user", name)
        }
        return user
    }

    func setActive(_ isActive: Bool, _ names: [String]) async throws {
        for name in names { try await change(try await user(name)) { $0.isActive = isActive } }
    }

    /// The number of disabled accounts.
    func disabled() async throws -> Int {
        try await client.all("/users?$select=accountEnabled").count { $0["accountEnabled"] == false }
    }

    /// Syncs, and counts the accounts afterwards.
    func sync(trigger: RunTrigger, keeps users: Int64) async throws {
        _ = try await sync(trigger: trigger)
        let present = try await client.state()["users"]
        #expect(present == .integer(users))
    }

    /// Syncs these objects alone, as a person requests it, or as direct sync does.
    @discardableResult
    func syncObjects(
        _ objects: [ObjectReference],
        overridesDryRun: Bool = false,
        trigger: RunTrigger = .manual
    ) async throws -> Result {
        let instruction = RunInstruction(
            provider,
            trigger: trigger,
            mode: .apply,
            selection: .changes(ChangedObjects(objects)),
            overridesDryRun: overridesDryRun
        )
        return try await result(of: try await runs.run(instruction))
    }

    /// Begins a run that no process works on.
    func begin(_ trigger: RunTrigger, owner: String) async throws -> Run {
        try await store.write { [provider] transaction in
            let run = Run(provider: provider, trigger: trigger, startedAt: transaction.now)
            let lease = RunLease(owner: owner, duration: .seconds(60))
            let hasBegun = try transaction.beginRun(run, lease: lease, isGone: { _ in false }) != nil
            #expect(hasBegun)
            if trigger == .approval { try transaction.takeApprovals(of: provider, by: run.id) }
            return run
        }
    }

    /// Leaves a run behind as a process does that ends during the run.
    func crash(during trigger: RunTrigger) async throws {
        _ = try await begin(trigger, owner: "\(ProcessIdentity.current.host)/999999999/1")
    }

    func changeUserMapping(_ change: @escaping @Sendable (String) -> String) async throws {
        try await store.write { [provider] transaction in
            for mapping in try transaction.mappings(of: provider, kind: .user) {
                try transaction.saveMapping(
                    PropertyMapping(
                        id: mapping.id,
                        managed: mapping.managed,
                        name: mapping.name,
                        expression: change(mapping.expression)
                    )
                )
            }
        }
    }

    /// Assigns the provider to its application, or removes it from there.
    func assign(_ isAssigned: Bool) async throws {
        try await store.write { [provider] transaction in
            guard var application = try transaction.applications().first else { return }
            application.backchannelProviders = isAssigned ? [provider] : []
            try transaction.saveApplication(application)
        }
    }
}
