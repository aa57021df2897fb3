import CausewayTestSupport
import Testing

@testable import CausewayStore

@Suite("A database that a newer program has changed")
struct NewerSchemaTests {
    private static func add(safeFor: Int64?, in transaction: Transaction) throws {
        try transaction.execute(
            "INSERT INTO schema_versions (version, applied_at_ms, safe_for) VALUES (?, 0, ?)",
            .integer(try transaction.schemaVersion() + 1),
            safeFor.map(SQLValue.integer) ?? .null
        )
    }

    @Test("is opened if every further step is safe for this program, and refused otherwise")
    func steps() async throws {
        try await StoreFixture.with { temporary in
            let own = try #require(Migration.all.last?.version)
            try await temporary.store.write { try Self.add(safeFor: own, in: $0) }
            try await temporary.open().close()
            try await temporary.store.read { try $0.requireUsableSchema() }
            try await temporary.store.write { try Self.add(safeFor: own + 1, in: $0) }
            let error = await #expect(throws: StoreError.self) { try await temporary.open() }
            #expect(
                error?.message
                    == "The database has schema version \(own + 2), but this program knows only \(own); start a newer program."
            )
            await #expect(throws: StoreError.self) {
                try await temporary.store.read { try $0.requireUsableSchema() }
            }
        }
    }

    @Test("a step that says nothing is safe for no older program")
    func unknown() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { try Self.add(safeFor: nil, in: $0) }
            let error = await #expect(throws: StoreError.self) { try await temporary.open() }
            #expect(error?.code == .unreadable)
        }
    }
}
