import Testing

@testable import causeway_bench

@Suite("Drawings over a size")
struct PlotPanelTests {
    @Test(
        "names keep their distance and stay inside",
        arguments: [
            ([10, 50], [10, 50]), ([10, 12, 14], [10, 20, 30]), ([80, 95, 99], [80, 90, 100]), ([], []),
        ] as [([Double], [Double])]
    )
    func spread(_ positions: [Double], _ places: [Double]) {
        #expect(PlotPanel.spread(positions, by: 10, within: 0...100) == places)
    }

    @Test("equal ratios are equal distances; ticks are inside")
    func axis() {
        let axis = LogAxis([1, 100], from: 0, to: 200, margin: 1)
        #expect(abs(axis.position(10) - 100) < 0.001)
        #expect(axis.ticks.allSatisfy(axis.range.contains) && axis.ticks.contains(20))
        #expect(LogAxis([0.001, 1000], from: 0, to: 1, margin: 1).ticks.contains(10))
    }
}
