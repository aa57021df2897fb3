import CausewayTestSupport
import Testing

@testable import CausewayStore

@Suite("The parts of a copy")
struct CopyPartTests {
    private static func table(_ name: String, nullable: Set<String> = [], _ references: [String: String] = [:])
        -> TableShape
    {
        TableShape(
            name: name,
            columns: ["id"] + references.keys.sorted(),
            key: ["id"],
            nullable: nullable,
            isCounted: false,
            references: references.map { .init(columns: [$0], table: $1, targets: ["id"]) }
        )
    }

    @Test("rows come after those that they refer to; in a circle, references that may be missing come later")
    func order() {
        let order = CopyOrder([
            Self.table("applications", nullable: ["provider"], ["provider": "providers"]),
            Self.table("installation"),
            Self.table("links", nullable: ["user"], ["provider": "providers", "user": "users"]),
            Self.table("providers", nullable: ["application"], ["application": "applications"]), Self.table("users"),
        ])
        #expect(order.steps.map(\.table.name) == ["users", "applications", "providers", "links", "installation"])
        #expect(order.steps.map(\.late) == [[], ["provider"], [], [], []])
    }

    @Test("every number of rows is made of few different statements", arguments: [0, 1, 7, 2000])
    func chunks(rows: Int) {
        let chunks = Self.table("users", ["a": "b"]).chunks(of: rows)
        #expect(chunks.reduce(0, +) == rows && chunks.allSatisfy { $0.nonzeroBitCount == 1 && $0 <= 2048 })
    }

    private final class Fields: SQLFields {
        let bytes: Int

        init(bytes: Int) { self.bytes = bytes }

        func value(at position: Int) -> SQLValue { .blob([UInt8](repeating: 0, count: bytes)) }
    }

    private static func row(_ bytes: Int) -> SQLRow {
        SQLRow(ResultColumns(of: "SELECT id", ["id"]), Fields(bytes: bytes))
    }

    @Test("pages double at most, and long rows end them early")
    func pages() {
        var page = RowPage(of: Self.table("users"))
        #expect(page.nextLimit == RowPage.firstLimit)
        for _ in 1...200 { page.add(Self.row(1)) }
        #expect(page.count == 200 && page.nextLimit == 400)
        for _ in 1...200 { page.add(Self.row(1 << 20)) }
        #expect(page.count == 204 && page.nextLimit == 203)
    }

    @Test("a sum goes through all pages of a table")
    func sum() async throws {
        try await StoreFixture.with { fixture in
            let engine = try await TestDatabase.place(in: fixture.folder).engine()
            defer { try? engine.close() }
            let (count, sums) = try await engine.writing { transaction in
                try transaction.execute(
                    """
                    INSERT INTO sequences (name, last_value)
                    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 12000)
                    SELECT 'test ' || n, n FROM counted
                    """
                )
                let table = try #require(try transaction.connection.tables().first { $0.name == "sequences" })
                var told = 0
                let before = try transaction.connection.sum(of: table) { told += $0 }
                #expect(told == before.rows)
                try transaction.execute("UPDATE sequences SET last_value = 0 WHERE name = 'test 9999'")
                let after = try transaction.connection.sum(of: table) { _ in }
                return (try transaction.connection.number(table.count), [before, after])
            }
            #expect(sums.map(\.rows) == [Int(count), Int(count)] && count > 12000)
            #expect(sums[0].checksum != sums[1].checksum)
        }
    }

    @Test("tables of an extension are not Causeway's", .onlyPostgreSQL)
    func extensions() async throws {
        try await StoreFixture.with { fixture in
            let engine = try await TestDatabase.place(in: fixture.folder).engine()
            defer { try? engine.close() }
            try await engine.writing { transaction in
                try transaction.execute("CREATE TABLE strange (id BIGINT PRIMARY KEY)")
                #expect(try transaction.connection.tables().contains { $0.name == "strange" })
                try transaction.execute("ALTER EXTENSION plpgsql ADD TABLE strange")
                #expect(try !transaction.connection.tables().contains { $0.name == "strange" })
            }
        }
    }

    @Test("foreign keys of several columns stay together")
    func foreignKeys() async throws {
        try await StoreFixture.with { fixture in
            let engine = try await TestDatabase.place(in: fixture.folder).engine()
            defer { try? engine.close() }
            let tables = try await engine.read { try $0.tables() }
            let references = tables.flatMap(\.references)
            let pair = try #require(references.first { $0.table == "mirror_objects" && $0.columns.count == 2 })
            #expect(pair.columns == ["provider_id", "entra_id"] && pair.targets == ["provider_id", "entra_id"])
            #expect(references.count > 30 && references.allSatisfy { $0.columns.count == $0.targets.count })
        }
    }
}
