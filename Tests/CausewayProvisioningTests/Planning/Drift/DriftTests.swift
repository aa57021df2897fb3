import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@testable import CausewayProvisioning

@Suite("Drift: what others change in Entra")
struct DriftTests {
    /// What happens to changes by hand under a policy.
    private static func fixture(
        _ policy: DriftPolicy,
        _ body: @escaping @Sendable (EngineFixture, User, _ group: String) async throws -> Void
    ) async throws {
        try await EngineFixture.with(settings: { $0.driftPolicy = policy }) { fixture in
            try await fixture.fill(users: 3, groups: 1)
            _ = try await fixture.sync()
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
            let ada = try #require(try await fixture.store.read { try $0.user(named: "u0") })
            let stranger = try await fixture.seed("stranger")
            let group = try await fixture.client.all("/groups").first?["id"]?.string ?? ""
            _ = try await fixture.client.send(
                "PATCH",
                "/users/u0@company.com",
                ["displayName": "By hand", "city": "Oslo"]
            )
            let gone = try await fixture.link(of: ada) ?? ""
            _ = try await fixture.client.send("DELETE", "/groups/\(group)/members/\(gone)/$ref")
            let link: JSONValue = ["@odata.id": .string("\(fixture.client.graph)/directoryObjects/\(stranger)")]
            _ = try await fixture.client.send("POST", "/groups/\(group)/members/$ref", link)
            try await body(fixture, ada, group)
        }
    }

    @Test("values that Entra adds to a new account are no drift, early or late", arguments: [true, false])
    func completed(isLate: Bool) async throws {
        // With this mapping a guest has properties that Entra adds to an account of the tenant itself.
        try await EngineFixture.with(userMapping: DefaultMappings.emailVerifiedUsers.expression) { fixture in
            let ada = try await fixture.addUser("ada")
            let bob = try await fixture.addUser("bob", domain: "partner.test")
            _ = try await fixture.sync()
            if isLate { fixture.later() }
            // The delta query is read while a plan is made only for another user.
            try await fixture.change(bob) { $0.name = "Bob" }
            #expect(try await fixture.direct.catchUp(fixture.provider).count == 1)
            #expect(try await fixture.drifts(standing: true).isEmpty)
            #expect(try await fixture.sync().actions.isEmpty)
            // A change by hand still counts as drift.
            fixture.later()
            let path = "/users/\(try await fixture.link(of: ada) ?? "")"
            #expect(try await fixture.client.send("PATCH", path, ["displayName": "By hand"]).status == 204)
            _ = try await fixture.sync()
            #expect(try await fixture.drifts(standing: true).map(\.drift.attribute) == ["displayName"])
        }
    }

    @Test("drift is reverted by default, and recorded with both values")
    func restored() async throws {
        try await Self.fixture(.restore) { fixture, _, _ in
            let result = try await fixture.sync()
            #expect(Set(result.actions.map(\.action.verb)) == [.update, .addMembers, .removeMember])
            #expect(result.actions.first?.action.reason == .drifted)
            let found = try await fixture.drifts(standing: true)
            #expect(found.map(\.drift.status) == [.open, .open, .open])
            let name = found.first { $0.drift.attribute == "displayName" }
            #expect(name?.name == "u0" && name?.drift.old == "U 0" && name?.drift.new == "By hand")
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
            #expect(try await fixture.drifts(standing: true).isEmpty)
            // The city is not managed, so it is not stored.
            #expect(try await fixture.drifts(standing: false).map(\.drift.status) == [.restored, .restored, .restored])
        }
    }

    @Test(
        "with the setting to report, drift is shown and left alone until the directory changes",
        arguments: [
            DriftPolicy.report, .accept,
        ]
    )
    func reported(_ policy: DriftPolicy) async throws {
        try await Self.fixture(policy) { fixture, ada, _ in
            let status: DriftStatus = policy == .report ? .reported : .accepted
            for _ in 0..<2 {
                #expect(try await fixture.sync().actions.isEmpty)
                #expect(try await fixture.drifts(standing: true).map(\.drift.status) == [status, status, status])
            }
            // A change of the directory takes precedence.
            try await fixture.change(ada) { $0.name = "Ada L." }
            let result = try await fixture.sync()
            #expect(result.actions.map(\.action.verb) == [.update])
            #expect(try await fixture.drifts(standing: true).count == 2)
            try await fixture.set { $0.driftPolicy = .restore }
            let restored = try await fixture.sync()
            #expect(Set(restored.actions.map(\.action.verb)) == [.addMembers, .removeMember])
        }
    }

    @Test("a plan alone records no decision about drift")
    func planned() async throws {
        try await Self.fixture(.accept) { fixture, _, _ in
            #expect(try await fixture.sync(.planOnly).actions.isEmpty)
            let found = try await fixture.drifts(standing: true)
            #expect(found.allSatisfy { $0.drift.status == .open } && !found.isEmpty)
        }
    }
}

extension EngineFixture {
    fileprivate func drifts(standing: Bool) async throws -> [NamedDrift] {
        try await store.read { [provider] in try $0.drifts(of: provider, standing: standing, before: nil, limit: 100) }
    }
}
