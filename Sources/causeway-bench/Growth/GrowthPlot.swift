/// The costs over the size, as a drawing in SVG that is readable on a light and on a dark page.
struct GrowthPlot {
    private let rows: [GrowthRow]
    private let build: String

    /// - Parameter build: what was measured.
    init(_ rows: [GrowthRow], build: String) { (self.rows, self.build) = (rows, build) }

    var svg: String {
        let titles = GrowthCost.Kind.allCases.map(\.title).reduce(into: [String]()) { titles, title in
            if !titles.contains(title) { titles.append(title) }
        }
        let panels = titles.map { title in (title, rows.filter { $0.cost.kind.title == title }.compactMap(Self.series))
        }
        .filter { !$0.1.isEmpty }
        let drawn = panels.enumerated().map { number, panel in
            PlotPanel(title: panel.0, series: panel.1, top: Double(number) * PlotPanel.height).element
        }
        let size = (
            SVGElement.number(PlotPanel.width), SVGElement.number(Double(max(1, drawn.count)) * PlotPanel.height)
        )
        let attributes: KeyValuePairs = [
            "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(size.0) \(size.1)", "width": size.0,
            "height": size.1,
            "role": "img", "aria-labelledby": "title description",
        ]
        return SVGElement("svg", attributes, words + [Self.style, Self.page] + drawn).markup + "\n"
    }

    private static func series(_ row: GrowthRow) -> PlotPanel.Series? {
        let points = row.points.filter { $0.cost > 0 }
        guard !points.isEmpty else { return nil }
        let exponent = row.exponent.map { ", exponent \(ShortNumber.fixed($0, places: 2))" } ?? ""
        return PlotPanel.Series(name: "\(row.cost.words)\(exponent)", points: points)
    }

    private var words: [SVGElement] {
        let sentences = rows.compactMap { row in
            row.exponent.map { "\(row.cost.name) has the exponent \(ShortNumber.fixed($0, places: 2))." }
        }
        return [
            SVGElement(
                "title",
                ["id": "title"],
                text: "How the costs of a sync grow with the number of users, build \(build)"
            ),
            SVGElement("desc", ["id": "description"], text: sentences.joined(separator: " ")),
        ]
    }

    private static let page = SVGElement("rect", ["class": "page", "width": "100%", "height": "100%"])

    private static let style = SVGElement(
        "style",
        text: """
            text { font: 13px system-ui, sans-serif; fill: #1c1c1c; }
            .heading { font-size: 16px; font-weight: 600; }
            .small { font-size: 12px; fill: #5a5a5a; }
            .page { fill: #ffffff; }
            .grid { stroke: #e2e2e2; }
            .guide { stroke: #8a8a8a; stroke-dasharray: 5 4; }
            polyline { fill: none; stroke-width: 2; stroke: currentColor; }
            .dot, text.label { fill: currentColor; }
            .line0 { color: #005fa3; } .line1 { color: #b34700; } .line2 { color: #00704f; } .line3 { color: #9c3d75; }
            .line4 { color: #7a5c00; } .line5 { color: #5546b0; } .line6 { color: #404040; }
            @media (prefers-color-scheme: dark) {
            text { fill: #ececec; } .small { fill: #b0b0b0; } .page { fill: #17191c; } .grid { stroke: #34383d; }
            .line0 { color: #66b8f2; } .line1 { color: #ff9d5c; } .line2 { color: #4fd1a5; } .line3 { color: #eb9ac9; }
            .line4 { color: #e3c04d; } .line5 { color: #ada1ff; } .line6 { color: #d0d0d0; }
            }
            """
    )
}
