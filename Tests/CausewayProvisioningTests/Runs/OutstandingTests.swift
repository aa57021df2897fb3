import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("What is outstanding at a provider")
struct OutstandingTests {
    /// A user whose data has the key `broken` fails before anything is sent.
    private static let mapping = """
        if user.attributes.get("hidden"):
            raise SkipObject
        if user.attributes.get("broken"):
            return {"display_name": user.attributes["missing"]}
        return {
            "display_name": user.name, "account_enabled": user.is_active, "mail_nickname": user.username,
            "user_principal_name": user.email, "on_premises_immutable_id": user.uid,
            "password_profile": {"password": "Long-Enough-1"},
        }
        """

    private static func with(
        broken: Int,
        settings: @escaping @Sendable (inout ProviderSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (EngineFixture, [User]) async throws -> Void
    ) async throws {
        try await EngineFixture.with(userMapping: mapping, settings: settings) { fixture in
            var users: [User] = []
            for number in 0..<broken {
                let user = try await fixture.addUser("broken\(number)")
                try await fixture.change(user) { $0.attributes["broken"] = true }
                users.append(user)
            }
            try await fixture.addUser("ada")
            try await body(fixture, users)
        }
    }

    @Test("objects that fail in every full sync still count after one other change succeeds")
    func laterSuccess() async throws {
        try await Self.with(broken: 5) { fixture, _ in
            for _ in 0..<2 { #expect(try await fixture.sync().run.status == .warning) }
            let ada = try #require(try await fixture.store.read { try $0.user(named: "ada") })
            try await fixture.change(ada) { $0.name = "Ada L." }
            #expect(try await fixture.direct.catchUp(fixture.provider).map(\.status) == [.succeeded])
            let outstanding = try await fixture.outstanding()
            #expect(outstanding.state == .failing && outstanding.failing == 5)
            #expect(try await fixture.failingNames().count == 5)
        }
    }

    @Test("after a sync of two of five failing objects, all that still fail count")
    func someRetried() async throws {
        try await Self.with(broken: 5) { fixture, users in
            _ = try await fixture.sync()
            try await fixture.syncAlone([users[0], users[1]])
            #expect(try await fixture.outstanding().failing == 5)
            try await fixture.change(users[0]) { $0.attributes["broken"] = nil }
            try await fixture.syncAlone([users[0], users[1]])
            #expect(try await fixture.outstanding().failing == 4)
            #expect(try await fixture.failingNames() == (1..<5).map { "broken\($0)" })
        }
    }

    @Test(
        "failures of a dry run count, even after it is switched off; without a sync a provider is never in sync"
    )
    func dryRun() async throws {
        try await Self.with(broken: 3, settings: { $0.dryRun = true }) { fixture, users in
            #expect(try await fixture.sync().run.status == .planned)
            #expect(try await fixture.outstanding().state == .failing)
            #expect(try await fixture.failingNames().count == 3)
            try await fixture.set { $0.dryRun = false }
            let before = try await fixture.outstanding()
            #expect(before.state == .neverSynced && before.failing == 3, "nothing has been sent")
            try await fixture.set { $0.dryRun = true }
            for user in users { try await fixture.change(user) { $0.attributes["broken"] = nil } }
            _ = try await fixture.sync(.planOnly)
            let planned = try await fixture.outstanding()
            #expect(planned.failing == 0 && planned.state == .dryRun)
            try await fixture.set { $0.dryRun = false }
            #expect(try await fixture.outstanding().state == .neverSynced)
            _ = try await fixture.sync()
            #expect(try await fixture.outstanding().state == .inSync)
            try await fixture.set { $0.dryRun = true }
            _ = try await fixture.sync()
            try await fixture.set { $0.dryRun = false }
            #expect(try await fixture.outstanding().state == .behind)
        }
    }

    /// The ways in which an object can stop failing.
    enum ExitStatus: CaseIterable { case succeeds, isSkipped, leaves, isDeleted }

    @Test(
        "an object that succeeds, is skipped, leaves the scope or is deleted no longer fails",
        arguments: ExitStatus.allCases,
        [true, false]
    )
    func noLongerFailing(ending: ExitStatus, directly: Bool) async throws {
        try await Self.with(broken: 2, settings: { $0.excludeServiceAccounts = true }) { fixture, users in
            _ = try await fixture.sync()
            switch ending {
            case .succeeds: try await fixture.change(users[0]) { $0.attributes["broken"] = nil }
            case .isSkipped: try await fixture.change(users[0]) { $0.attributes["hidden"] = true }
            case .leaves: try await fixture.change(users[0]) { $0.type = .serviceAccount }
            case .isDeleted:
                try await fixture.store.write { try $0.deleteUser(users[0].id) }
                #expect(try await fixture.outstanding().failing == 1)
            }
            if directly { _ = try await fixture.direct.catchUp(fixture.provider) } else { _ = try await fixture.sync() }
            #expect(try await fixture.outstanding().failing == 1)
            #expect(try await fixture.failingNames() == ["broken1"])
        }
    }

    @Test("a refusal of Entra counts until Entra accepts the value, whatever a plan says")
    func refusedByEntra() async throws {
        let mapping = Self.mapping.replacing("user.is_active,", with: #"user.is_active, "mobile_phone": user.name,"#)
        try await EngineFixture.with(userMapping: mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let roles: JSONValue = [
                "id": JSONValue(try await fixture.link(of: ada)), "directoryRoles": ["Global Administrator"],
            ]
            _ = try await fixture.client.control("POST", "properties", roles)
            try await fixture.change(ada) { $0.name = "Ada L." }
            for _ in 0..<2 {
                #expect(try await fixture.sync().run.status == .warning)
                let refused = try await fixture.outstanding()
                #expect(refused.failing == 0 && refused.refused == 1 && refused.state == .refused)
                #expect(try await fixture.failingNames() == ["ada"])
            }
            try await fixture.change(ada) { $0.name = "Ada Lovelace" }
            _ = try await fixture.sync(.planOnly)
            #expect(try await fixture.failingNames() == ["ada"])
            let nobody: JSONValue = ["id": roles["id"] ?? .null, "directoryRoles": []]
            _ = try await fixture.client.control("POST", "properties", nobody)
            _ = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.outstanding().state == .inSync)
        }
    }

    @Test("after changes of the directory, settings or mappings a provider is behind until the next sync")
    func behind() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            #expect(try await fixture.outstanding().state == .inSync)
            try await fixture.change(ada) { $0.name = "Ada L." }
            let changed = try await fixture.outstanding()
            #expect(changed.state == .behind && changed.changes == 1)
            _ = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.outstanding().state == .inSync)
            try await fixture.set { $0.excludeServiceAccounts.toggle() }
            #expect(try await fixture.outstanding().state == .behind)
            _ = try await fixture.sync()
            #expect(try await fixture.outstanding().state == .inSync)
            try await fixture.store.write { [provider = fixture.provider] transaction in
                var mapping = try #require(try transaction.mappings(of: provider, kind: .user).first)
                mapping.expression += "\n# another"
                try transaction.saveMapping(mapping)
            }
            #expect(try await fixture.outstanding().state == .behind)
        }
    }

    @Test("an interrupted or rejected run still counts after a sync of one object")
    func leftUndone() async throws {
        try await EngineFixture.with(settings: { $0.guardMaxCount = 0 }) { fixture in
            let (ada, bob) = (try await fixture.addUser("ada"), try await fixture.addUser("bob"))
            _ = try await fixture.sync()
            fixture.later(1)
            try await fixture.store.write { [provider = fixture.provider] transaction in
                let run = Run(provider: provider, trigger: .manual, startedAt: transaction.now)
                let lease = RunLease(owner: "gone", duration: .seconds(60))
                _ = try transaction.beginRun(run, lease: lease, isGone: { _ in false })
            }
            #expect(try await fixture.outstanding().state == .working)
            fixture.later(61)
            #expect(try await fixture.outstanding().isLeftUndone)
            try await fixture.change(bob) { $0.name = "Bob B." }
            _ = try await fixture.direct.catchUp(fixture.provider)
            #expect(try await fixture.outstanding().state == .behind)
            fixture.later(1)
            _ = try await fixture.sync()
            #expect(try await fixture.outstanding().state == .inSync)
            // Its removal waits, and is rejected.
            try await fixture.store.write { try $0.deleteUser(ada.id) }
            let held = try #require(try await fixture.direct.catchUp(fixture.provider).first)
            #expect(try await fixture.outstanding().state == .waiting)
            fixture.later(1)
            try await Approvals(store: fixture.store).reject(held.id, by: .person("a person"))
            #expect(try await fixture.outstanding().state == .behind)
        }
    }

    @Test("a stopped provider names the reason")
    func stopped() async throws {
        try await EngineFixture.with { fixture in
            let pilot = try await fixture.store.write { try $0.createGroup(GroupProfile(name: "Pilot")) }
            _ = try await fixture.sync()
            try await fixture.store.write { [provider = fixture.provider] in try $0.setPaused(true, provider) }
            #expect(try await fixture.outstanding().state == .paused)
            try await fixture.store.write { [provider = fixture.provider] transaction in
                try transaction.recordFailure(of: provider, by: RunRequestClaim(), reason: "no secret")
            }
            #expect(try await fixture.outstanding().state == .quarantined)
            try await fixture.set { $0.filterGroup = pilot.id }
            try await fixture.store.write { try $0.deleteGroup(pilot.id) }
            #expect(try await fixture.outstanding().state == .filterGroupDeleted)
            let application = try #require(try await fixture.store.read { try $0.applications() }.first)
            try await fixture.store.write { try $0.deleteApplication(application.id) }
            #expect(try await fixture.outstanding().state == .unassigned)
        }
    }

    @Test("an event is recorded when objects begin to fail, and when none fails any more")
    func events() async throws {
        try await Self.with(broken: 2) { fixture, users in
            for _ in 0..<2 { _ = try await fixture.sync() }
            for user in users { try await fixture.change(user) { $0.attributes["broken"] = nil } }
            _ = try await fixture.direct.catchUp(fixture.provider)
            let events = try await fixture.store.read { try $0.events(limit: 100) }
                .filter { $0.action.hasPrefix("custom_failures") }
            #expect(events.map(\.action) == ["custom_failures_ended", "custom_failures_began"])
            #expect(events.map { $0.context["objects"] } == [0, 2])
        }
    }
}

extension EngineFixture {
    fileprivate func outstanding() async throws -> Outstanding {
        let provider = try await current()
        return try await store.read { try $0.outstanding(of: provider) }
    }

    /// The names of failing objects, as on the page of failures.
    fileprivate func failingNames() async throws -> [String] {
        let provider = provider
        let objects = try await store.read { transaction in
            try transaction.failingObjects(of: provider, for: nil, limit: 100)
                .map { try $0.user.flatMap(transaction.user)?.username ?? "" }
        }
        return objects.sorted()
    }

    /// Does what *Retry these* does.
    fileprivate func syncAlone(_ users: [User]) async throws {
        let selection = PlanSelection.changes(ChangedObjects(users.map { ObjectReference($0.id) }))
        try await runs.run(RunInstruction(provider, trigger: .manual, mode: .apply, selection: selection))
    }
}
