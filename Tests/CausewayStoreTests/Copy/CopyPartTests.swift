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
            references: references.map { .init(column: $0, table: $1) }
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
}
