import Testing

@testable import causeway_bench

@Suite("The comparison of two builds")
struct ComparisonTests {
    private static func results(_ figures: [(String, String, [Double])], users: Int = 1000) -> BenchResults {
        var results = BenchResults(build: "0.1.0", date: "2026-12-01T10:00:00Z", cores: 2, users: users)
        for (key, unit, values) in figures {
            results.add(FigureRecord(key: key, name: key, unit: unit, values: values))
        }
        return results
    }

    @Test("medians and their ratio, for figures that both have")
    func medians() {
        let comparison = Comparison(
            Self.results([("a", "s", [1, 9, 2]), ("b", "s", [1]), ("zero", "count", [0])]),
            Self.results([("c", "s", [1]), ("a", "s", [3, 5]), ("zero", "count", [4])])
        )
        #expect(comparison.rows.map(\.key) == ["a", "zero"])
        #expect(comparison.rows[0].medians == (2, 4))
        #expect(comparison.rows[0].samples == (3, 2))
        #expect(comparison.rows.map(\.ratio) == [2, nil])
        #expect(comparison.single.first == ["b"] && comparison.single.second == ["c"])
        #expect(comparison.lines.contains("Only in A: b") && comparison.lines.contains("Only in B: c"))
    }

    @Test("another unit is another figure; other conditions are named")
    func conditions() {
        let comparison = Comparison(
            Self.results([("a", "s", [1])]),
            Self.results([("a", "ms", [1000])], users: 5000)
        )
        #expect(comparison.rows.isEmpty)
        #expect(comparison.single.first == ["a"] && comparison.single.second == ["a"])
        #expect(comparison.differences == ["A synced 1000 users, B 5000."])
        #expect(comparison.lines.contains("No figure is in both."))
    }
}
