import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@testable import CausewayProvisioning

@Suite("Mappings that come with the program")
struct ManagedMappingTests {
    private static func mappings(_ expression: String, _ names: String...) -> [PropertyMapping] {
        names.map { PropertyMapping(managed: "causeway/\($0)", name: $0, expression: expression) }
    }

    private static func expressions(_ store: Store) async throws -> [String: String] {
        let all = try await store.read { try $0.mappings() }
        return Dictionary(all.map { ($0.name, $0.expression) }, uniquingKeysWith: { $1 })
    }

    @Test("a newer program replaces those of an older one, and an older one that starts again leaves them alone")
    func upgrade() async throws {
        try await StoreFixture.with { temporary in
            let other = try await temporary.open()
            defer { try? other.close() }
            let old = ManagedMappings(
                store: temporary.store,
                delivered: Self.mappings("return {}", "one", "two"),
                revision: 1
            )
            let new = ManagedMappings(store: other, delivered: Self.mappings("return None", "one"), revision: 2)
            try await old.install()
            #expect(try await Self.expressions(other) == ["one": "return {}", "two": "return {}"])
            try await new.install()
            let wanted = ["one": "return None", "two": "return {}"]
            #expect(try await Self.expressions(other) == wanted)
            try await old.install()
            #expect(try await Self.expressions(other) == wanted)
        }
    }

    @Test("the same program puts back what was changed, and a name that is taken is left out")
    func changed() async throws {
        try await StoreFixture.with { temporary in
            let own = PropertyMapping(id: .random(), name: "mine", expression: "return {}")
            try await temporary.store.write { try $0.saveMapping(own) }
            let delivered = ManagedMappings(
                store: temporary.store,
                delivered: Self.mappings("return None", "one", "mine"),
                revision: 3
            )
            #expect(try await delivered.install() == ["mine"])
            try await temporary.store.write { transaction in
                try transaction.saveManagedMapping("causeway/one", name: "one", expression: "return 1")
            }
            #expect(try await delivered.install() == ["mine"])
            #expect(try await Self.expressions(temporary.store) == ["one": "return None", "mine": "return {}"])
        }
    }
}
