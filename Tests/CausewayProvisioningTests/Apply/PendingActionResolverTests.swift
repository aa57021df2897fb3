import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Pending actions of a killed run")
struct PendingActionResolverTests {
    /// The state after a process was killed between the execution of a request and its answer.
    private func leave(_ action: Action, in fixture: EngineFixture) async throws {
        try await fixture.store.write { [provider = fixture.provider] transaction in
            let run = Run(provider: provider, trigger: .manual, startedAt: transaction.now)
            let lease = RunLease(owner: "a process that is gone", duration: .seconds(60))
            _ = try transaction.beginRun(run, lease: lease, isGone: { _ in false })
            try transaction.insertActions([StoredAction(action: action, outcome: Outcome(.sent))], run: run.id)
            try transaction.setStatus(.interrupted, of: run.id)
        }
    }

    private func action(
        _ verb: ActionVerb,
        _ user: User,
        at id: String? = nil,
        _ reason: ActionReason,
        _ changes: [String: JSONValue]
    ) -> Action {
        Action(
            sequence: 1,
            phase: .users,
            verb: verb,
            kind: .user,
            object: ObjectReference(user.id),
            name: user.username,
            entraID: id.map { EntraObjectID($0) },
            reason: reason,
            changes: changes.map { AttributeChange(attribute: $0.key, old: nil, new: $0.value) }
        )
    }

    @Test("the account of a user who was deleted before the create was answered is not left behind")
    func orphan() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.seed("ada", ["onPremisesImmutableId": .string(ada.uid)])
            let key: [String: JSONValue] = ["onPremisesImmutableId": .string(ada.uid)]
            try await leave(action(.create, ada, .missingInEntra, key), in: fixture)
            try await fixture.store.write { try $0.deleteUser(ada.id) }
            let result = try await fixture.sync()
            #expect(result.count(.delete) == 1)
            #expect(try await fixture.client.state()["users"] == 0)
        }
    }

    @Test("an account with only an address is recognized by all values that were sent, however Graph writes them")
    func orphanWithAnAddress() async throws {
        let mapping = DefaultMappings.emailVerifiedUsers.expression
        try await EngineFixture.with(userMapping: mapping) { fixture in
            let guest = try await fixture.addUser("guest", domain: "partner.test")
            let sent: [String: JSONValue] = [
                "displayName": "Guest", "mail": "guest@partner.test", "userType": "member",
                "identities": [
                    ["signInType": "federated", "issuer": "mail", "issuerAssignedId": "guest@partner.test"]
                ],
                "passwordPolicies": "DisablePasswordExpiration",
            ]
            let made = try await fixture.client.send("POST", "/users", .object(sent.merging(Self.password) { $1 }))
            #expect(made.status == 201, "\(made.body)")
            try await leave(action(.create, guest, .missingInEntra, sent), in: fixture)
            try await fixture.store.write { try $0.deleteUser(guest.id) }
            #expect(try await fixture.sync().count(.delete) == 1)
            #expect(try await fixture.client.state()["users"] == 0)
        }
    }

    private static let password: [String: JSONValue] = ["passwordProfile": ["password": "Emulated-Password-1"]]

    @Test("the account of a user who left before the restore was answered is not left behind")
    func orphanFromTheRecycleBin() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let id = try #require(try await fixture.link(of: ada))
            try await fixture.store.write { try $0.deleteUser(ada.id) }
            #expect(try await fixture.sync().count(.delete) == 1)
            _ = try await fixture.client.send("POST", "/directory/deletedItems/\(id)/restore")
            try await leave(action(.restore, ada, at: id, .returned, [:]), in: fixture)
            #expect(try await fixture.sync().count(.delete) == 1)
            #expect(try await fixture.client.state()["users"] == 0)
        }
    }

    @Test("a restored account of a user who stays is linked, and is not restored twice")
    func restoredUnanswered() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let id = try #require(try await fixture.link(of: ada))
            _ = try await fixture.client.send("DELETE", "/users/\(id)")
            fixture.later()
            try await fixture.store.write { [provider = fixture.provider] transaction in
                try transaction.deleteLink(to: EntraObjectID(id), provider: provider)
            }
            _ = try await fixture.client.send("POST", "/directory/deletedItems/\(id)/restore")
            try await leave(action(.restore, ada, at: id, .returned, [:]), in: fixture)
            #expect(try await fixture.sync().count(.restore) == 0)
            #expect(try await fixture.link(of: ada) == id)
        }
    }

    @Test("a create that did not arrive is looked up as long as it may still appear, and is sent again")
    func notArrived() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            let key: [String: JSONValue] = ["onPremisesImmutableId": .string(ada.uid)]
            try await leave(action(.create, ada, .missingInEntra, key), in: fixture)
            #expect(try await fixture.sync().count(.create) == 1)
            #expect(try await fixture.sync().actions.isEmpty)
            let left = try await fixture.store.read { [provider = fixture.provider] in
                try $0.pendingCreates(provider: provider, before: .random())
            }
            #expect(left.isEmpty)
            #expect(try await fixture.client.state()["users"] == 1)
        }
    }

    @Test("an update that was applied and is no longer desired is undone, and does not count as drift")
    func update() async throws {
        try await EngineFixture.with(settings: { $0.driftPolicy = .report }) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let id = try #require(try await fixture.link(of: ada))
            _ = try await fixture.client.send("PATCH", "/users/\(id)", ["displayName": "Ada for an hour"])
            try await leave(
                action(.update, ada, at: id, .attributesDiffer, ["displayName": "Ada for an hour"]),
                in: fixture
            )
            #expect(try await fixture.sync().count(.update) == 1)
            #expect(try await fixture.client.send("GET", "/users/\(id)").body["displayName"] == "Person ada")
            let drifts = try await fixture.store.read { [provider = fixture.provider] in
                try $0.drifts(of: provider, standing: false, before: nil, limit: 10)
            }
            #expect(drifts.isEmpty)
        }
    }

    @Test("a user who was suspended when they left is reactivated when they return")
    func suspension() async throws {
        let mapping = DefaultMappings.emailVerifiedUsers.expression
        try await EngineFixture.with(userMapping: mapping) { fixture in
            let guest = try await fixture.addUser("guest", domain: "partner.test")
            _ = try await fixture.sync()
            let id = try #require(try await fixture.link(of: guest))
            _ = try await fixture.client.send("PATCH", "/users/\(id)", ["accountEnabled": false])
            try await leave(action(.suspend, guest, at: id, .leftScope, ["accountEnabled": false]), in: fixture)
            #expect(try await fixture.sync().count(.reactivate) == 1)
        }
    }

    @Test("an account without Causeway's key that disappeared is restored, not created again")
    func restored() async throws {
        let mapping = DefaultMappings.emailVerifiedUsers.expression
        try await EngineFixture.with(userMapping: mapping) { fixture in
            let guest = try await fixture.addUser("guest", domain: "partner.test")
            _ = try await fixture.sync()
            fixture.later()
            let id = try #require(try await fixture.link(of: guest))
            _ = try await fixture.client.send("DELETE", "/users/\(id)")
            #expect(try await fixture.sync().count(.restore) == 1)
            #expect(try await fixture.link(of: guest) == id)
        }
    }
}
