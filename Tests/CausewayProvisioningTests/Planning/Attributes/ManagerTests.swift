import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Managers")
struct ManagerTests {
    private static let mapping = DefaultMappings.user.expression.replacing(
        "return properties",
        with: """
            if "manager" in user.attributes:
                properties["manager"] = user.attributes["manager"]
            return properties
            """
    )

    @Test("a manager is set once both users exist, by name, address or key, and follows the directory")
    func linked() async throws {
        try await EngineFixture.with(userMapping: Self.mapping, lags: true) { fixture in
            // The user comes before the manager.
            let ada = try await fixture.addUser("ada")
            let bob = try await fixture.addUser("bob")
            let eve = try await fixture.addUser("eve")
            try await fixture.change(ada) { $0.attributes["manager"] = "bob" }
            try await fixture.change(bob) { $0.attributes["manager"] = "eve@company.com" }
            let first = try await fixture.sync()
            #expect(first.count(.create) == 3 && first.count(.setManager) == 2)
            #expect(try await fixture.sync().actions.isEmpty)
            fixture.later()
            #expect(try await fixture.sync().actions.isEmpty)
            #expect(try await fixture.manager(of: ada) == fixture.link(of: bob))
            #expect(try await fixture.manager(of: bob) == fixture.link(of: eve))
            try await fixture.change(ada) { $0.attributes["manager"] = .integer(eve.id.rawValue) }
            try await fixture.change(bob) { $0.attributes["manager"] = .null }
            let second = try await fixture.sync()
            #expect(second.actions.map(\.action.verb) == [.setManager, .removeManager])
            fixture.later()
            #expect(try await fixture.manager(of: ada) == fixture.link(of: eve))
            #expect(try await fixture.manager(of: bob) == nil)
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("a manager without a matching user is a failure with the name, and stops nothing else")
    func unknown() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { fixture in
            let ada = try await fixture.addUser("ada")
            try await fixture.change(ada) { $0.attributes["manager"] = "nobody" }
            let result = try await fixture.sync()
            #expect(result.count(.create) == 1)
            let outcome = result.actions.last?.outcome
            #expect(outcome?.status == .failed && outcome?.attribute == "manager")
            #expect(outcome?.message.contains("'nobody'") == true)
        }
    }

    @Test(
        "a manager that someone else changed is reverted, or left if the provider only reports drift",
        arguments: [
            DriftPolicy.restore, .report,
        ]
    )
    func drift(_ policy: DriftPolicy) async throws {
        try await EngineFixture.with(userMapping: Self.mapping, settings: { $0.driftPolicy = policy }) { fixture in
            let ada = try await fixture.addUser("ada")
            let bob = try await fixture.addUser("bob")
            try await fixture.addUser("eve")
            try await fixture.change(ada) { $0.attributes["manager"] = "bob" }
            _ = try await fixture.sync()
            fixture.later()
            _ = try await fixture.sync()
            let eve = try await fixture.client.send("GET", "/users/eve@company.com").body["id"]?.string ?? ""
            let link: JSONValue = ["@odata.id": .string("\(fixture.client.graph)/users/\(eve)")]
            _ = try await fixture.client.send("PUT", "/users/ada@company.com/manager/$ref", link)
            let verbs = try await fixture.sync().actions.map(\.action.verb)
            #expect(verbs == (policy == .restore ? [.setManager] : []))
            #expect(try await fixture.manager(of: ada) == (policy == .restore ? fixture.link(of: bob) : eve))
        }
    }
}

extension EngineFixture {
    fileprivate func manager(of user: User) async throws -> String? {
        let id = try await link(of: user) ?? ""
        return try await client.send("GET", "/users/\(id)/manager?$select=id").body["id"]?.string
    }
}
