import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Runs after a restore")
struct RestoredRunTests {
    /// A synced provider whose database was just marked as restored.
    private static func with(_ body: @escaping @Sendable (EngineFixture) async throws -> Void) async throws {
        try await EngineFixture.with { fixture in
            for name in ["ada", "bob", "eve"] { try await fixture.addUser(name) }
            _ = try await fixture.sync()
            fixture.later()
            try await fixture.store.write { try $0.markRestored(by: .commandLine()) }
            fixture.later(1)
            try await body(fixture)
        }
    }

    private static func outstanding(_ fixture: EngineFixture) async throws -> Outstanding {
        let provider = try await fixture.current()
        return try await fixture.store.read { try $0.outstanding(of: provider) }
    }

    @Test("single changes wait for the first full sync, and are sent after it")
    func direct() async throws {
        try await Self.with { fixture in
            try await fixture.addUser("dan")
            #expect(try await fixture.direct.catchUp(fixture.provider).isEmpty)
            #expect(try await fixture.client.state()["users"] == 3)
            #expect(try await Self.outstanding(fixture).isRestored)
            #expect(try await fixture.sync().run.status == .succeeded)
            #expect(try await Self.outstanding(fixture).state == .inSync)
            try await fixture.addUser("fay")
            #expect(try await fixture.direct.catchUp(fixture.provider).map(\.status) == [.succeeded])
            #expect(try await fixture.client.state()["users"] == 5)
        }
    }

    @Test("one deletion waits although the guard allows many, in direct syncs too, until a person has approved it")
    func destructive() async throws {
        try await Self.with { fixture in
            try await fixture.deleteUsers(["ada"])
            let bob = ObjectReference(try await fixture.user("bob").id)
            let held = try await fixture.sync(trigger: .schedule)
            #expect(held.run.status == .awaitingApproval && held.count(.delete, .held) == 1)
            #expect(held.run.message.hasPrefix("The database was restored from a backup"))
            try await fixture.setActive(false, ["bob"])
            let waiting = try await fixture.explain(bob).signIn?.change
            #expect(waiting == .waiting)
            #expect(try await fixture.direct.catchUp(fixture.provider).map(\.status) == [.awaitingApproval])
            let approvals = Approvals(store: fixture.store)
            let again = try await fixture.sync(trigger: .schedule)
            #expect(again.run.status == .awaitingApproval)
            try await approvals.reject(again.run.id, by: .person("grace"))
            let third = try await fixture.sync(trigger: .schedule)
            #expect(third.run.status == .awaitingApproval)
            try await approvals.approve(third.run.id, by: .person("grace"))
            let done = try await fixture.sync(trigger: .approval)
            #expect(done.run.status == .succeeded && done.count(.delete) == 1 && done.count(.suspend) == 1)
            try await fixture.deleteUsers(["eve"])
            #expect(try await fixture.sync(trigger: .schedule).run.status == .succeeded)
            #expect(try await fixture.client.state()["users"] == 1)
        }
    }

    @Test("a dry run and a plan end nothing: the next sync asks all the same")
    func plans() async throws {
        try await Self.with { fixture in
            _ = try await fixture.sync(.planOnly)
            try await fixture.deleteUsers(["ada"])
            #expect(try await Self.outstanding(fixture).isRestored)
            #expect(try await fixture.sync(trigger: .schedule).run.status == .awaitingApproval)
        }
    }

    @Test("what differs in the tenant since the backup is no drift; later it is again")
    func drift() async throws {
        try await Self.with { fixture in
            func rename(_ name: String) async throws {
                let user = try await fixture.client.send("GET", "/users/bob@company.com?$select=id").body["id"]?.string
                _ = try await fixture.client.send("PATCH", "/users/\(user ?? "")", ["displayName": .string(name)])
            }
            func drifts() async throws -> Int {
                try await fixture.store.read { [provider = fixture.provider] in
                    try $0.drifts(of: provider, standing: false, before: nil, limit: 100).count
                }
            }
            try await rename("Written after the backup")
            let first = try await fixture.sync()
            #expect(first.run.status == .succeeded && first.count(.update) == 1)
            #expect(try await drifts() == 0)
            fixture.later()
            try await rename("Written by hand")
            #expect(try await fixture.sync().run.status == .succeeded)
            #expect(try await drifts() == 1)
        }
    }
}
