import Foundation
import FoundationXML
import Testing

@testable import causeway_bench

@Suite("The drawing of costs")
struct GrowthPlotTests {
    private static let rows = GrowthCost.all.map { cost in
        let points = [1000.0, 10_000, 100_000].map { Exponent.Point(size: $0, cost: $0 / 100) }
        return GrowthRow(cost: cost, points: points)
    }

    @Test("it is well-formed, says what it shows, and has a line for each cost and no script")
    func drawing() throws {
        let svg = GrowthPlot(Self.rows, build: "0.1.0 <\"a\" & b>").svg
        let reader = ElementCounter()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = reader
        #expect(parser.parse())
        #expect(reader.counts["polyline"] == GrowthCost.all.count)
        #expect(reader.counts["desc"] == 1)
        #expect(reader.counts["script"] == nil)
        #expect(svg.contains("first sync: time has the exponent 1.00."))
        #expect(!svg.contains("nan") && !svg.contains("inf"))
    }

    @Test("a cost of nothing, a single size and no costs at all can be drawn")
    func little() {
        let cost = GrowthCost.all[0]
        for points in [[], [Exponent.Point(size: 1000, cost: 0)], [Exponent.Point(size: 1000, cost: 2)]] {
            let svg = GrowthPlot([GrowthRow(cost: cost, points: points)], build: "0.1.0").svg
            #expect(XMLParser(data: Data(svg.utf8)).parse())
            #expect(!svg.contains("nan") && !svg.contains("inf"))
        }
    }

    private final class ElementCounter: NSObject, XMLParserDelegate {
        var counts: [String: Int] = [:]

        func parser(
            _ parser: XMLParser,
            didStartElement name: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) { counts[name, default: 0] += 1 }
    }
}
