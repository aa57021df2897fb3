import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Objects that disappeared from Entra")
struct DisappearedObjectTests {
    /// Pauses that are long enough to show that a run which waits for them reads twice.
    private static let retries = RetryPolicy(attempts: 6, firstPause: .milliseconds(100), longestPause: .seconds(1))

    /// Applies changes in one session, as the server does, until a condition holds.
    private func follow(_ fixture: EngineFixture, until isDone: @Sendable () async throws -> Bool) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await fixture.direct.follow(fixture.provider) }
            while try await !isDone() { try await Task.sleep(for: .milliseconds(20)) }
            group.cancelAll()
        }
    }

    private func entraID(of object: ObjectReference, _ fixture: EngineFixture) async throws -> String {
        let link = try await fixture.store.read { [provider = fixture.provider] in
            try $0.link(of: object, provider: provider)
        }
        return try #require(link).entraID.rawValue
    }

    @Test(
        "an unrelated change is sent before new accounts that disappeared are read a second time",
        arguments: [0, 600]
    )
    func others(deltaLag: Int64) async throws {
        try await EngineFixture.with(retries: Self.retries) { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            fixture.later()
            try await follow(fixture) {
                var young: [User] = []
                for number in 0..<5 { young.append(try await fixture.addUser("young\(number)")) }
                while try await fixture.link(of: young[4]) == nil { try await Task.sleep(for: .milliseconds(20)) }
                _ = try await fixture.client.control("PATCH", "settings", ["delta_lag": .integer(deltaLag)])
                var ids: Set<String> = []
                for user in young {
                    let id = try #require(try await fixture.link(of: user))
                    ids.insert(id)
                    _ = try await fixture.client.send("DELETE", "/users/\(id)")
                }
                fixture.tenant.calls.clear()
                try await fixture.store.write { [young] transaction in
                    for user in [young[0], ada] {
                        var profile = user.profile
                        profile.name = "Renamed"
                        try transaction.updateUser(user.id, to: profile)
                    }
                }
                let adaID = try #require(try await fixture.link(of: ada))
                func isRename(_ call: TenantCalls.Call) -> Bool {
                    call.method == "PATCH" && call.path == "/users/\(adaID)"
                }
                while !fixture.tenant.calls.all.contains(where: isRename) {
                    try await Task.sleep(for: .milliseconds(20))
                }
                let before = fixture.tenant.calls.all.prefix { !isRename($0) }
                for id in ids {
                    // A read of the delta query, and the change itself if it reports nothing yet.
                    #expect(before.count { $0.path.hasSuffix(id) } <= 1)
                }
                return true
            }
        }
    }

    @Test(
        "an object that delta query and read report as deleted gets no more writes, and is restored or re-created",
        arguments: ObjectKind.allCases
    )
    func reportedAsDeleted(kind: ObjectKind) async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            let group = try await fixture.store.write { try $0.createGroup(GroupProfile(name: "G")) }
            _ = try await fixture.sync()
            let object = kind == .user ? ObjectReference(ada.id) : ObjectReference(group.id)
            let id = try await entraID(of: object, fixture)
            // Within the consistency window.
            fixture.later(5)
            _ = try await fixture.client.send("DELETE", "/\(kind.rawValue)s/\(id)")
            try await fixture.change(ada) { $0.name = "Ada L." }
            fixture.tenant.calls.clear()
            let result = try await fixture.sync()
            #expect(result.count(.restore) == 1 && result.run.status == .succeeded)
            #expect(result.actions.contains { $0.action.verb == .restore && $0.action.isDestructive })
            let restored = fixture.tenant.calls.all.firstIndex { $0.path.hasSuffix("\(id)/restore") }
            let asked = fixture.tenant.calls.all.prefix(restored ?? 0).filter { $0.path.hasSuffix("/\(id)") }
            #expect(asked.map(\.method) == ["GET"] && asked.map(\.status) == [404])
        }
    }

    @Test("a restored object is not taken for deleted when a delta query reports an older deletion late")
    func restoredLately() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            fixture.later()
            let id = try #require(try await fixture.link(of: ada))
            _ = try await fixture.client.send("DELETE", "/users/\(id)")
            #expect(try await fixture.sync().count(.restore) == 1)
            // Again: the delta query reports it, and a lagging one may report the first time.
            _ = try await fixture.client.send("DELETE", "/users/\(id)")
            #expect(try await fixture.sync().count(.restore) == 0)
            fixture.later()
            #expect(try await fixture.sync().count(.restore) == 1)
            #expect(try await fixture.link(of: ada) == id)
        }
    }

    @Test(
        "a deletion needs proof, according to the age of the object and its last restore",
        arguments: [true, false],
        [true, false]
    )
    func proof(isTold: Bool, isRestored: Bool) {
        var object = MirrorObject(kind: .user, entraID: EntraObjectID("1"), known: [:])
        let made = Timestamp(milliseconds: 1_000_000)
        if isRestored { object.setPresence(to: .deleted, at: made) }
        object.setPresence(to: .present, at: made)
        let young = ConsistencyWindow(now: made + .seconds(599), time: .seconds(600))
        #expect(object.isGone(isTold: isTold, young) == (isTold && !isRestored))
        let old = ConsistencyWindow(now: made + .seconds(600), time: .seconds(600))
        #expect(object.isGone(isTold: isTold, old))
    }

    @Test("a group that disappears before its members are read delays no other change")
    func membersOfGoneGroup() async throws {
        try await EngineFixture.with { fixture in
            let ada = try await fixture.addUser("ada")
            let group = try await fixture.store.write { transaction in
                let group = try transaction.createGroup(GroupProfile(name: "G"))
                try transaction.addMember(ada.id, to: group.id)
                return group
            }
            _ = try await fixture.sync()
            fixture.later()
            let id = try await entraID(of: ObjectReference(group.id), fixture)
            // The next run reads the members of the restored group; it is deleted again before that, and no delta query reports it yet.
            _ = try await fixture.client.send("DELETE", "/groups/\(id)")
            #expect(try await fixture.sync().count(.restore) == 1)
            _ = try await fixture.client.control("PATCH", "settings", ["delta_lag": 600])
            _ = try await fixture.client.send("DELETE", "/groups/\(id)")
            try await fixture.change(ada) { $0.name = "Ada L." }
            let result = try await fixture.sync()
            #expect(result.count(.update) == 1)
            #expect(result.run.status == .warning)
            #expect(result.outcome(of: "G")?.status == .retry)
            fixture.later()
            #expect(try await fixture.sync().count(.restore) == 1)
            fixture.later()
            _ = try await fixture.sync()
            #expect(try await fixture.client.memberNames()["G"] == ["ada@company.com"])
        }
    }

    @Test("an account that is too new to be found is deleted when it is found")
    func deletedTooEarly() async throws {
        try await EngineFixture.with { fixture in
            _ = try await fixture.client.control("PATCH", "settings", ["replication_lag": 600])
            let ada = try await fixture.addUser("ada")
            _ = try await fixture.sync()
            let id = try #require(try await fixture.link(of: ada))
            #expect(try await fixture.client.send("GET", "/users/\(id)").status == 404)
            try await fixture.store.write { try $0.deleteUser(ada.id) }
            _ = try await fixture.sync()
            fixture.later()
            _ = try await fixture.sync()
            #expect(try await fixture.client.state()["users"] == 0)
        }
    }
}
