import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Explaining objects")
struct ExplainTests {
    private typealias Change = Explanation.SignIn.Change

    @Test("an explanation says what a new user will become, and after the sync that there is nothing to do")
    func arrival() async throws {
        try await EngineFixture.with { fixture in
            try await fixture.fill(users: 1, groups: 1)
            _ = try await fixture.sync()
            let ada = try await fixture.addUser("ada")
            let before = try await fixture.explain(ObjectReference(ada.id))
            #expect(before.scope.isIncluded && before.scope.reason == "all users are provisioned")
            #expect(before.link == nil && before.history.isEmpty)
            let name = before.attributes.first { $0.name == "displayName" }
            #expect(name?.desired == "Person ada" && name?.known == .null && name?.isWritten == true)
            #expect(before.isSending)
            #expect(before.next == ["Within seconds, Causeway will create user ada (\(Self.created)): not in Entra."])
            _ = try await fixture.sync()
            try await fixture.client.resetCounters()
            let after = try await fixture.explain(ObjectReference(ada.id))
            #expect(after.link?.origin == "created by Causeway")
            #expect(after.attributes.allSatisfy { !$0.isWritten })
            #expect(after.history.map(\.stored.action.verb) == [.create])
            #expect(!after.isSending && after.signIn?.isAllowed == true && after.signIn?.change == Change.none)
            #expect(after.signIn?.since == after.history.first?.updated)
            #expect(after.next == ["There is nothing to do: Entra matches the directory."])
            // The tenant is not asked.
            #expect(try await fixture.client.counters()["requests"] == 0)
        }
    }

    @Test("an explanation says whether the sign-in is blocked in Entra, and what the blocking waits for")
    func signIn() async throws {
        try await EngineFixture.with { fixture in
            let ada = ObjectReference(try await fixture.addUser("ada").id)
            try await fixture.addUser("bob")
            _ = try await fixture.sync()
            try await fixture.setActive(false, ["ada"])
            #expect(try await fixture.explain(ada).signIn?.change == .sending)
            try await fixture.set { $0.guardMaxCount = 0 }
            let held = try await fixture.explain(ada)
            #expect(held.signIn?.isAllowed == true && held.signIn?.change == .waiting)
            #expect(held.next.first?.hasPrefix("Once a person approves, a run will suspend user ada") == true)
            try await fixture.set { $0.guardMaxCount = 50 }
            _ = try await fixture.sync()
            let blocked = try await fixture.explain(ada)
            #expect(blocked.signIn?.isAllowed == false && blocked.signIn?.change == Change.none)
            #expect(blocked.signIn?.since == blocked.history.first?.updated)
            #expect(blocked.history.first?.stored.action.verb == .suspend)
        }
    }

    @Test("while a change is sent, every explanation shows either the time before it or the time after it")
    func moments() async throws {
        try await EngineFixture.with { fixture in
            let ada = ObjectReference(try await fixture.addUser("ada").id)
            _ = try await fixture.sync()
            for round in 1...10 {
                try await fixture.setActive(round.isMultiple(of: 2), ["ada"])
                async let runs = fixture.direct.catchUp(fixture.provider)
                for _ in 0..<10 {
                    let shown = try await fixture.explain(ada)
                    let isSettled = shown.history.first?.stored.outcome.status == .applied
                    let isAllowed = shown.signIn?.isAllowed == round.isMultiple(of: 2)
                    #expect(shown.isSending || (isSettled && isAllowed), "\(shown.history.first as Any), \(shown.next)")
                }
                #expect(try await runs.count == 1)
            }
        }
    }

    private static let created =
        "accountEnabled, displayName, mailNickname, onPremisesImmutableId, passwordProfile, "
        + "userPrincipalName"

    @Test("an explanation says why a user is out of scope, and what happens to the account")
    func leaving() async throws {
        try await EngineFixture.with { fixture in
            let pilot = try await fixture.store.write { try $0.createGroup(GroupProfile(name: "Pilot")) }
            try await fixture.set { $0.filterGroup = pilot.id }
            let ada = try await fixture.addUser("ada")
            let outside = try await fixture.explain(ObjectReference(ada.id))
            #expect(outside.scope.reason == "not a member of the filter group 'Pilot'")
            #expect(outside.next == ["There is nothing to do: Entra matches the directory."])
            try await fixture.store.write { _ = try $0.addMember(ada.id, to: pilot.id) }
            _ = try await fixture.sync()
            let group = try await fixture.explain(ObjectReference(pilot.id))
            #expect(group.members?.known == 1 && group.members?.missing == [] && group.members?.extra == [])
            try await fixture.store.write { _ = try $0.removeMember(ada.id, from: pilot.id) }
            let leaving = try await fixture.explain(ObjectReference(ada.id))
            #expect(leaving.next == ["Within seconds, Causeway will delete user ada: left the provider's scope."])
            let left = try await fixture.explain(ObjectReference(pilot.id))
            #expect(left.members?.extra.count == 1)
        }
    }

    @Test("an explanation names a mapping's error, an attribute's drift, and what stops the provider")
    func troubles() async throws {
        try await EngineFixture.with(settings: { $0.driftPolicy = .report }) { fixture in
            let ada = try await fixture.addUser("ada")
            let bob = try await fixture.addUser("bob", domain: "elsewhere.test")
            _ = try await fixture.sync()
            let refused = try await fixture.explain(ObjectReference(bob.id))
            #expect(
                refused.next.first?.contains("ends in 'elsewhere.test', which is not a verified domain of the tenant.")
                    == true
            )
            fixture.later()
            _ = try await fixture.sync()
            _ = try await fixture.client.send("PATCH", "/users/ada@company.com", ["displayName": "By hand"])
            _ = try await fixture.sync()
            let drifted = try await fixture.explain(ObjectReference(ada.id))
            let name = drifted.attributes.first { $0.name == "displayName" }
            #expect(name?.drift?.status == .reported && name?.isWritten == false && name?.known == "By hand")
            let applications = try await fixture.store.read { try $0.applications() }
            try await fixture.store.write { transaction in
                for application in applications { try transaction.deleteApplication(application.id) }
            }
            let unassigned = try await fixture.explain(ObjectReference(ada.id))
            #expect(unassigned.provider.obstacle?.contains("not assigned to an application") == true)
        }
    }
}

extension EngineFixture {
    func explain(_ object: ObjectReference) async throws -> Explanation {
        let found = try await store.read { [provider] in try $0.provider(provider) }
        guard let found else { throw StoreError.notFound("provider", "\(provider)") }
        let runtime = try ProvisioningRuntime.load(limits: nil, logger: .silent)
        return try await Explainer(store: store, runtime: runtime).explain(object, at: found)
    }
}
