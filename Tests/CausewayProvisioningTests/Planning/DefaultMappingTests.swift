import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("The unchanged default mappings")
struct DefaultMappingTests {
    private static let former = (
        user: DefaultMappings.user.expression.replacing(
            "mail_nickname(request.user, connection)",
            with: "request.user.username"
        ),
        group: """
        return {
            "display_name": group.name,
            "mail_enabled": False,
            "security_enabled": True,
            "mail_nickname": slugify(group.name),
        }
        """
    )

    private static func fill(_ fixture: EngineFixture, people: [String], groups: [String]) async throws {
        try await fixture.store.write { transaction in
            for (number, name) in people.enumerated() {
                let email = name.contains("@") ? name : "person\(number)@company.com"
                try transaction.createUser(UserProfile(username: name, name: "Person \(number)", email: email))
            }
            for name in groups { try transaction.createGroup(GroupProfile(name: name)) }
        }
    }

    @Test("people whose user names are addresses, and groups of any name, are created; a second sync sends nothing")
    func everybody() async throws {
        let long = String(repeating: "long ", count: 17) + "x"
        try await EngineFixture.with { fixture in
            try await Self.fill(
                fixture,
                people: [
                    "ada@company.com", "o'neil@company.com", "grace", "Łoś", "佐藤", String(repeating: "x", count: 90),
                ],
                groups: ["経理部", "Приёмная", long, "R&D / Ops §^°", "Équipe Été"]
            )
            let first = try await fixture.sync()
            #expect(first.count(.create) == 11, "\(first.actions.map(\.outcome))")
            #expect(first.run.status == .succeeded)
            let ada = try await fixture.client.send("GET", "/users/ada@company.com?$select=mailNickname")
            #expect(ada.body["mailNickname"] == "ada")
            #expect(try await fixture.sync().actions.isEmpty)
        }
    }

    @Test("objects of earlier versions' defaults stay as they are; only refused ones are created")
    func upgrade() async throws {
        try await EngineFixture.with(userMapping: Self.former.user, groupMapping: Self.former.group) { fixture in
            try await Self.fill(
                fixture,
                people: ["ada", "Grace.H", "o'neil", "kim@company.com"],
                groups: ["Sales EMEA", "R&D / Ops", "経理部"]
            )
            let before = try await fixture.sync()
            #expect(before.count(.create) == 5)
            try await fixture.store.write { transaction in
                for mapping in try transaction.mappings() {
                    var mapping = mapping
                    mapping.expression =
                        mapping.name == "users" ? DefaultMappings.user.expression : DefaultMappings.group.expression
                    try transaction.saveMapping(mapping)
                }
            }
            let after = try await fixture.sync()
            #expect(Set(after.actions.map(\.action.name)) == ["kim@company.com", "経理部"])
            #expect(after.count(.create) == 2)
        }
    }
}
