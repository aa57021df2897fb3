/// A drawing of lines over a size, both on logarithmic scales, with the name of each line at its end.
struct PlotPanel {
    /// A line; all values are above 0.
    struct Series {
        let name: String
        let points: [Exponent.Point]
    }

    private let title: String
    private let series: [Series]
    private let sizes: [Double]
    private let x: LogAxis
    private let y: LogAxis
    private let top: Double

    static let height = 330.0
    static let width = 900.0
    private static let (left, right) = (70.0, 620.0)
    private static let (head, foot) = (44.0, 40.0)
    private static let labelHeight = 15.0

    /// - Parameters:
    ///   - title: with the unit of the values.
    ///   - top: the position of its upper edge.
    init(title: String, series: [Series], top: Double) {
        (self.title, self.series, self.top) = (title, series, top)
        let points = series.flatMap(\.points)
        sizes = Set(points.map(\.size)).sorted()
        x = LogAxis(sizes, from: Self.left, to: Self.right, margin: 1.1)
        let bottom = top + Self.height - Self.foot
        y = LogAxis(points.map(\.cost), from: bottom, to: top + Self.head, margin: 1.3)
    }

    var element: SVGElement {
        SVGElement("g", [:], [heading] + grid + [guide] + series.enumerated().map(line) + labels)
    }

    private var heading: SVGElement {
        SVGElement(
            "text",
            ["class": "heading", "x": "16", "y": SVGElement.number(top + 24)],
            text: title
        )
    }

    private var grid: [SVGElement] {
        let (low, high) = (y.range.lowerBound, y.range.upperBound)
        let rows = y.ticks.flatMap { tick in
            [
                segment("grid", (x.range.lowerBound, tick), (x.range.upperBound, tick)),
                text(ShortNumber.plain(tick), "end", at: (Self.left - 8, y.position(tick) + 4)),
            ]
        }
        let columns = sizes.flatMap { size in
            [
                segment("grid", (size, low), (size, high)),
                text(ShortNumber.grouped(Int(size)), "middle", at: (x.position(size), y.position(low) + 18)),
            ]
        }
        let name = text("users", "start", at: (Self.right + 12, y.position(low) + 18))
        return rows + columns + [name]
    }

    /// A linear cost that ends in the upper corner.
    private var guide: SVGElement {
        let (right, high) = (x.range.upperBound, y.range.upperBound)
        let left = max(x.range.lowerBound, right * y.range.lowerBound / high)
        return segment("guide", (left, high * left / right), (right, high))
    }

    private func line(_ number: Int, _ series: Series) -> SVGElement {
        let points = series.points.map { ($0, x.position($0.size), y.position($0.cost)) }
        let path = points.map { "\(SVGElement.number($0.1)),\(SVGElement.number($0.2))" }.joined(separator: " ")
        let dots = points.map { point, across, down in
            SVGElement(
                "circle",
                ["class": "dot", "cx": SVGElement.number(across), "cy": SVGElement.number(down), "r": "3.5"],
                [
                    SVGElement(
                        "title",
                        text: "\(series.name), \(ShortNumber.grouped(Int(point.size))): \(ShortNumber.text(point.cost))"
                    )
                ]
            )
        }
        return SVGElement("g", ["class": "line\(number)"], [SVGElement("polyline", ["points": path])] + dots)
    }

    /// The names, each as near to the end of its line as the others allow.
    private var labels: [SVGElement] {
        let ends = series.enumerated().compactMap { number, series in
            series.points.last.map { (name: series.name, style: "label line\(number)", at: y.position($0.cost)) }
        }
        let all = (ends + [(name: "linear", style: "small", at: y.position(y.range.upperBound))]).sorted {
            $0.at < $1.at
        }
        let places = Self.spread(
            all.map(\.at),
            by: Self.labelHeight,
            within: top + Self.head...top + Self.height - Self.foot
        )
        return zip(all, places).map { label, place in
            SVGElement(
                "text",
                ["class": label.style, "x": SVGElement.number(Self.right + 12), "y": SVGElement.number(place + 4)],
                text: label.name
            )
        }
    }

    /// Moves positions apart, downwards where there is room and upwards at the end.
    ///
    /// - Parameter positions: the smallest first.
    static func spread(_ positions: [Double], by distance: Double, within range: ClosedRange<Double>) -> [Double] {
        var places = positions
        for index in places.indices.dropFirst() { places[index] = max(places[index], places[index - 1] + distance) }
        var limit = range.upperBound
        for index in places.indices.reversed() {
            places[index] = min(places[index], limit)
            limit = places[index] - distance
        }
        return places
    }

    private func segment(_ style: String, _ start: (Double, Double), _ end: (Double, Double)) -> SVGElement {
        SVGElement(
            "line",
            [
                "class": style, "x1": SVGElement.number(x.position(start.0)),
                "y1": SVGElement.number(y.position(start.1)),
                "x2": SVGElement.number(x.position(end.0)), "y2": SVGElement.number(y.position(end.1)),
            ]
        )
    }

    private func text(_ text: String, _ anchor: String, at place: (Double, Double)) -> SVGElement {
        SVGElement(
            "text",
            [
                "class": "small", "text-anchor": anchor, "x": SVGElement.number(place.0),
                "y": SVGElement.number(place.1),
            ],
            text: text
        )
    }
}
