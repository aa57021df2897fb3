import CausewayJSON

/// Bars side by side, each of several parts, as a picture and as a table that says the same. Pure.
struct BarChart: Sendable {
    struct Bar: Sendable {
        let label: String
        /// In the order of the chart's parts.
        let counts: [Int]
        var address: String?
    }

    /// The parts by their keys, from the bottom up, with their titles.
    let parts: [(key: String, title: String)]
    let bars: [Bar]

    private static let height = 120.0
    private static let step = 28.0
    private static let width = 20.0

    /// What the template `chart` shows.
    func json(title: String) -> JSONValue {
        let most = bars.map { $0.counts.reduce(0, +) }.max() ?? 0
        return [
            "title": .string(title), "is_empty": .bool(most == 0),
            "width": .number(Double(bars.count) * Self.step), "height": .number(Self.height),
            "first": JSONValue(bars.first?.label), "last": JSONValue(bars.last?.label),
            "most": .string(Formatting.number(most)),
            "legend": .array(parts.map { ["key": .string($0.key), "title": .string($0.title)] }),
            "bars": .array(bars.enumerated().map { bar($1, at: $0, most: max(1, most)) }),
        ]
    }

    private func bar(_ bar: Bar, at place: Int, most: Int) -> JSONValue {
        var (top, pieces) = (Self.height, [JSONValue]())
        for (part, count) in zip(parts, bar.counts) where count > 0 {
            // However little it is, it is seen.
            let height = max(2, Double(count) / Double(most) * (Self.height - 4))
            top -= height
            pieces.append([
                "key": .string(part.key), "x": .number(Double(place) * Self.step + (Self.step - Self.width) / 2),
                "y": .number(max(0, top)), "width": .number(Self.width), "height": .number(height),
                "words": .string("\(bar.label): \(part.title) \(Formatting.number(count))"),
            ])
        }
        return [
            "label": .string(bar.label), "pieces": .array(pieces), "address": JSONValue(bar.address),
            "counts": .array(
                zip(parts, bar.counts).map { ["title": .string($0.title), "count": .string(Formatting.number($1))] }
            ),
        ]
    }
}
