import CausewayGraphTypes
import CausewayMapping
import CausewayModel
import Testing

@Suite("Expressions that are looked over")
struct LintTests {
    private func findings(_ expression: String, kind: ObjectKind = .user) async throws -> [MappingLint.Finding] {
        let provider = EntraProvider(
            id: ProviderID(1),
            settings: ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
        )
        let set = MappingSet(
            kind: kind,
            mappings: [PropertyMapping(name: "m", expression: expression)],
            provider: provider
        )
        return try await MappingLint(set: set, types: .load(), host: .find()).findings()
    }

    @Test(
        "what is odd is found at its place",
        arguments: [
            ("return {'dispaly_name': user.name}", 1, 9, "'dispaly_name'"),
            ("result = {}\nresult['citty'] = 'Oslo'\nreturn result", 2, 8, "'citty'"),
            ("return {'city': usr.name}", 1, 17, "did you mean 'user'?"),
            ("x = user.uid,\nreturn {'on_premises_immutable_id': x}", 1, 5, "tuple"),
            ("return {'city': resolve_dns('x.test')}", 1, 17, "no network"),
            ("return {'created_date_time': None}", 1, 9, "cannot be written"),
            ("x = 1", 1, 1, "nothing is returned"),
        ]
    )
    func odd(_ expression: String, _ line: Int, _ column: Int, _ words: String) async throws {
        let found = try await findings(expression)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.isError == false)
        #expect(found.first?.problem.line == line)
        #expect(found.first?.problem.column == column)
        #expect(found.first?.problem.sentence.contains(words) == true, "\(found)")
    }

    @Test("what cannot be compiled is an error at its place")
    func broken() async throws {
        let found = try await findings("return {\n  'a': }")
        #expect(found.map(\.isError) == [true])
        #expect(found.first?.problem.line == 2)
    }

    @Test("the mappings that come with the product are in order")
    func library() async throws {
        for entry in MappingLibrary.all {
            let found = try await findings(entry.mapping.expression, kind: entry.kind)
            #expect(found.isEmpty, "\(entry.mapping.name): \(found)")
        }
        let user = try await findings(DefaultMappings.user.expression)
        let group = try await findings(DefaultMappings.group.expression, kind: .group)
        let example = try await findings(DefaultMappings.emailVerifiedUsers.expression)
        #expect(user.isEmpty && group.isEmpty && example.isEmpty)
    }
}
