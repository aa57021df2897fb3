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

    @Test("are linked once both users exist, by name, address or key, and follow the directory")
    func linked() async throws {
        try await EngineFixture.with(userMapping: Self.mapping, lags: true) { bench in
            // The one who reports comes first.
            let ada = try await bench.addUser("ada")
            let bob = try await bench.addUser("bob")
            let eve = try await bench.addUser("eve")
            try await bench.change(ada) { $0.attributes["manager"] = "bob" }
            try await bench.change(bob) { $0.attributes["manager"] = "eve@company.com" }
            let first = try await bench.sync()
            #expect(first.count(.create) == 3 && first.count(.setManager) == 2)
            #expect(try await bench.sync().actions.isEmpty)
            bench.later()
            #expect(try await bench.sync().actions.isEmpty)
            #expect(try await bench.manager(of: ada) == bench.link(of: bob))
            #expect(try await bench.manager(of: bob) == bench.link(of: eve))
            try await bench.change(ada) { $0.attributes["manager"] = .integer(eve.id.rawValue) }
            try await bench.change(bob) { $0.attributes["manager"] = .null }
            let second = try await bench.sync()
            #expect(second.actions.map(\.action.verb) == [.setManager, .removeManager])
            bench.later()
            #expect(try await bench.manager(of: ada) == bench.link(of: eve))
            #expect(try await bench.manager(of: bob) == nil)
            #expect(try await bench.sync().actions.isEmpty)
        }
    }

    @Test("that nobody is called fail with the name, and stop nothing else")
    func unknown() async throws {
        try await EngineFixture.with(userMapping: Self.mapping) { bench in
            let ada = try await bench.addUser("ada")
            try await bench.change(ada) { $0.attributes["manager"] = "nobody" }
            let result = try await bench.sync()
            #expect(result.count(.create) == 1)
            let outcome = result.actions.last?.outcome
            #expect(outcome?.status == .failed && outcome?.attribute == "manager")
            #expect(outcome?.message.contains("'nobody'") == true)
        }
    }

    @Test(
        "that somebody else changed are put back, or left where the provider only reports",
        arguments: [
            DriftPolicy.restore, .report,
        ]
    )
    func drift(_ policy: DriftPolicy) async throws {
        try await EngineFixture.with(userMapping: Self.mapping, settings: { $0.driftPolicy = policy }) { bench in
            let ada = try await bench.addUser("ada")
            let bob = try await bench.addUser("bob")
            try await bench.addUser("eve")
            try await bench.change(ada) { $0.attributes["manager"] = "bob" }
            _ = try await bench.sync()
            bench.later()
            _ = try await bench.sync()
            let eve = try await bench.client.send("GET", "/users/eve@company.com").body["id"]?.string ?? ""
            let link: JSONValue = ["@odata.id": .string("\(bench.client.graph)/users/\(eve)")]
            _ = try await bench.client.send("PUT", "/users/ada@company.com/manager/$ref", link)
            let verbs = try await bench.sync().actions.map(\.action.verb)
            #expect(verbs == (policy == .restore ? [.setManager] : []))
            #expect(try await bench.manager(of: ada) == (policy == .restore ? bench.link(of: bob) : eve))
        }
    }
}

extension EngineFixture {
    fileprivate func manager(of user: User) async throws -> String? {
        let id = try await link(of: user) ?? ""
        return try await client.send("GET", "/users/\(id)/manager?$select=id").body["id"]?.string
    }
}
