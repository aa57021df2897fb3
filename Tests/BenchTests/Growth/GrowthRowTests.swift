import CausewayJSON
import Testing

@testable import causeway_bench

@Suite("The table of costs")
struct GrowthRowTests {
    private static func row(_ costs: [Double]) -> GrowthRow {
        let points = zip([1000.0, 10_000, 100_000], costs).map { Exponent.Point(size: $0, cost: $1) }
        return GrowthRow(cost: GrowthCost.all[0], points: points)
    }

    @Test("linear costs are within the limit, worse ones are not, and small sizes do not count")
    func limit() {
        #expect(Self.row([1, 10, 100]).isWithinLimit)
        #expect(Self.row([1, 50, 500]).isWithinLimit)
        #expect(!Self.row([1, 10, 200]).isWithinLimit)
        #expect(Self.row([1]).isWithinLimit)
    }

    @Test("a row has the costs, the exponents, and whether the limit is reached")
    func table() throws {
        let lines = GrowthRow.table([Self.row([1, 10, 200])]).lines
        #expect(lines[0].hasPrefix("cost") && lines[0].contains("100,000"))
        let cells = lines[1].split(separator: " ").map(String.init)
        #expect(cells == ["plan:", "time", "s", "1.00", "10.0", "200", "1.15", "1.30", "MISSED"])
    }

    @Test("a cost is read from the result of a sync; one that is missing is an error")
    func reading() throws {
        let result: JSONValue = ["plan": ["seconds": 2.5], "database_bytes": 3_000_000]
        let database = try #require(GrowthCost.all.last)
        #expect(try GrowthCost.all[0].value(in: result) == 2.5)
        #expect(try database.value(in: result) == 3)
        #expect(throws: BenchError.self) { try GrowthCost.all[1].value(in: result) }
    }
}
