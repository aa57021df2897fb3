import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("What a run that was killed left unanswered")
struct RecoveryTests {
    /// As a process leaves it that is killed when a request was carried out and its answer is on the way.
    private func leave(_ action: Action, in bench: EngineFixture) async throws {
        try await bench.store.write { [provider = bench.provider] transaction in
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

    @Test("an account that was created for somebody who is deleted meanwhile is not left behind")
    func orphan() async throws {
        try await EngineFixture.with { bench in
            let ada = try await bench.addUser("ada")
            _ = try await bench.seed("ada", ["onPremisesImmutableId": .string(ada.uid)])
            let key: [String: JSONValue] = ["onPremisesImmutableId": .string(ada.uid)]
            try await leave(action(.create, ada, .missingInEntra, key), in: bench)
            try await bench.store.write { try $0.deleteUser(ada.id) }
            let result = try await bench.sync()
            #expect(result.count(.delete) == 1)
            #expect(try await bench.client.state()["users"] == 0)
        }
    }

    @Test("an account that has an address alone is known by all that was sent, however Graph writes it")
    func orphanWithAnAddress() async throws {
        let mapping = DefaultMappings.emailVerifiedUsers.expression
        try await EngineFixture.with(userMapping: mapping) { bench in
            let guest = try await bench.addUser("guest", domain: "partner.test")
            let sent: [String: JSONValue] = [
                "displayName": "Guest", "mail": "guest@partner.test", "userType": "member",
                "identities": [
                    ["signInType": "federated", "issuer": "mail", "issuerAssignedId": "guest@partner.test"]
                ],
                "passwordPolicies": "DisablePasswordExpiration",
            ]
            let made = try await bench.client.send("POST", "/users", .object(sent.merging(Self.password) { $1 }))
            #expect(made.status == 201, "\(made.body)")
            try await leave(action(.create, guest, .missingInEntra, sent), in: bench)
            try await bench.store.write { try $0.deleteUser(guest.id) }
            #expect(try await bench.sync().count(.delete) == 1)
            #expect(try await bench.client.state()["users"] == 0)
        }
    }

    private static let password: [String: JSONValue] = ["passwordProfile": ["password": "Emulated-Password-1"]]

    @Test("an account that was restored for somebody who leaves meanwhile is not left behind")
    func orphanFromTheRecycleBin() async throws {
        try await EngineFixture.with { bench in
            let ada = try await bench.addUser("ada")
            _ = try await bench.sync()
            let id = try #require(try await bench.link(of: ada))
            try await bench.store.write { try $0.deleteUser(ada.id) }
            #expect(try await bench.sync().count(.delete) == 1)
            _ = try await bench.client.send("POST", "/directory/deletedItems/\(id)/restore")
            try await leave(action(.restore, ada, at: id, .returned, [:]), in: bench)
            #expect(try await bench.sync().count(.delete) == 1)
            #expect(try await bench.client.state()["users"] == 0)
        }
    }

    @Test("an account that was restored for somebody who stays is theirs, and is not restored twice")
    func restoredUnanswered() async throws {
        try await EngineFixture.with { bench in
            let ada = try await bench.addUser("ada")
            _ = try await bench.sync()
            let id = try #require(try await bench.link(of: ada))
            _ = try await bench.client.send("DELETE", "/users/\(id)")
            bench.later()
            try await bench.store.write { [provider = bench.provider] transaction in
                try transaction.deleteLink(to: EntraObjectID(id), provider: provider)
            }
            _ = try await bench.client.send("POST", "/directory/deletedItems/\(id)/restore")
            try await leave(action(.restore, ada, at: id, .returned, [:]), in: bench)
            #expect(try await bench.sync().count(.restore) == 0)
            #expect(try await bench.link(of: ada) == id)
        }
    }

    @Test("a creation that did not arrive is looked for as long as it may still show, and made again meanwhile")
    func notArrived() async throws {
        try await EngineFixture.with { bench in
            let ada = try await bench.addUser("ada")
            let key: [String: JSONValue] = ["onPremisesImmutableId": .string(ada.uid)]
            try await leave(action(.create, ada, .missingInEntra, key), in: bench)
            #expect(try await bench.sync().count(.create) == 1)
            #expect(try await bench.sync().actions.isEmpty)
            let left = try await bench.store.read { [provider = bench.provider] in
                try $0.pendingCreates(provider: provider, before: .random())
            }
            #expect(left.isEmpty)
            #expect(try await bench.client.state()["users"] == 1)
        }
    }

    @Test("an update that was carried out and is no longer wanted is undone at once, and nobody is blamed for it")
    func update() async throws {
        try await EngineFixture.with(settings: { $0.driftPolicy = .report }) { bench in
            let ada = try await bench.addUser("ada")
            _ = try await bench.sync()
            let id = try #require(try await bench.link(of: ada))
            _ = try await bench.client.send("PATCH", "/users/\(id)", ["displayName": "Ada for an hour"])
            try await leave(
                action(.update, ada, at: id, .attributesDiffer, ["displayName": "Ada for an hour"]),
                in: bench
            )
            #expect(try await bench.sync().count(.update) == 1)
            #expect(try await bench.client.send("GET", "/users/\(id)").body["displayName"] == "Person ada")
            let drifts = try await bench.store.read { [provider = bench.provider] in
                try $0.drifts(of: provider, standing: false, before: nil, limit: 10)
            }
            #expect(drifts.isEmpty)
        }
    }

    @Test("whoever was suspended for leaving is enabled on coming back")
    func suspension() async throws {
        let mapping = DefaultMappings.emailVerifiedUsers.expression
        try await EngineFixture.with(userMapping: mapping) { bench in
            let guest = try await bench.addUser("guest", domain: "partner.test")
            _ = try await bench.sync()
            let id = try #require(try await bench.link(of: guest))
            _ = try await bench.client.send("PATCH", "/users/\(id)", ["accountEnabled": false])
            try await leave(action(.suspend, guest, at: id, .leftScope, ["accountEnabled": false]), in: bench)
            #expect(try await bench.sync().count(.reactivate) == 1)
        }
    }

    @Test("an account without a key of ours that vanished is restored, not made again")
    func restored() async throws {
        let mapping = DefaultMappings.emailVerifiedUsers.expression
        try await EngineFixture.with(userMapping: mapping) { bench in
            let guest = try await bench.addUser("guest", domain: "partner.test")
            _ = try await bench.sync()
            bench.later()
            let id = try #require(try await bench.link(of: guest))
            _ = try await bench.client.send("DELETE", "/users/\(id)")
            #expect(try await bench.sync().count(.restore) == 1)
            #expect(try await bench.link(of: guest) == id)
        }
    }
}
