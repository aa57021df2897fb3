import Testing

@testable import causeway_bench

@Suite("How a cost grows")
struct ExponentTests {
    private static func points(_ costs: (Double, Double)...) -> [Exponent.Point] {
        costs.map { Exponent.Point(size: $0.0, cost: $0.1) }
    }

    private static func isNear(_ number: Double?, _ other: Double) -> Bool {
        number.map { abs($0 - other) < 0.0001 } ?? false
    }

    @Test("constant, linear and quadratic costs have the exponents 0, 1 and 2")
    func overall() {
        #expect(Self.isNear(Exponent.overall(Self.points((1000, 7), (10_000, 7), (300_000, 7))), 0))
        #expect(Self.isNear(Exponent.overall(Self.points((1000, 3), (10_000, 30), (300_000, 900))), 1))
        #expect(Self.isNear(Exponent.overall(Self.points((10, 100), (100, 10_000))), 2))
    }

    @Test("a single size, or a cost of nothing, says nothing")
    func nothing() {
        #expect(Exponent.overall(Self.points((1000, 7))) == nil)
        #expect(Exponent.overall(Self.points((1000, 7), (1000, 8))) == nil)
        #expect(Exponent.overall(Self.points((1000, 0), (10_000, 8))) == nil)
    }

    @Test("the steepest part is between large sizes that follow each other, in any order")
    func steepest() {
        let points = Self.points((300_000, 900), (1000, 1), (10_000, 100), (100_000, 100))
        #expect(Self.isNear(Exponent.steepest(points, from: 10_000), 2))
        #expect(Exponent.steepest(points, from: 300_000) == nil)
    }
}
