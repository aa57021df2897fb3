/// A bar chart whose bars have several parts, as a picture and as a table with the same content.
struct BarChart: Sendable {
    struct Bar: Sendable {
        let label: String
        /// In the order of the chart's parts.
        let counts: [Int]
        /// Where the bar leads to.
        var address: String?
    }

    /// The parts by their keys, from the bottom up, with their titles.
    let parts: [(key: String, title: String)]
    let bars: [Bar]

    private static let height = 120.0
    private static let step = 28.0
    private static let width = 20.0

    func drawing(title: String, _ texts: Texts) -> BarDrawing {
        let most = bars.map { $0.counts.reduce(0, +) }.max() ?? 0
        return BarDrawing(
            title: title,
            isEmpty: most == 0,
            width: Double(bars.count) * Self.step,
            height: Self.height,
            first: bars.first?.label,
            // Labels with times are as wide as three bars; where they have no room, the table has them.
            middle: bars.count > 10 && bars.count % 2 == 1 ? bars[bars.count / 2].label : nil,
            last: bars.count > 6 ? bars.last?.label : nil,
            most: texts.number(most),
            half: most % 2 == 0 ? texts.number(most / 2) : nil,
            legend: parts.map { BarDrawing.Part(key: $0.key, title: $0.title) },
            bars: bars.enumerated().map { bar($1, at: $0, most: max(1, most), texts) }
        )
    }

    private func bar(_ bar: Bar, at index: Int, most: Int, _ texts: Texts) -> BarDrawing.Bar {
        var (top, pieces) = (Self.height, [BarDrawing.Piece]())
        for (part, count) in zip(parts, bar.counts) where count > 0 {
            // Even the smallest part is visible.
            let height = max(2, Double(count) / Double(most) * (Self.height - 4))
            top -= height
            pieces.append(
                BarDrawing.Piece(
                    key: part.key,
                    x: Double(index) * Self.step + (Self.step - Self.width) / 2,
                    y: max(0, top),
                    width: Self.width,
                    height: height,
                    words: "\(bar.label): \(part.title) \(texts.number(count))"
                )
            )
        }
        return BarDrawing.Bar(
            label: bar.label,
            x: Double(index) * Self.step,
            width: Self.step,
            pieces: pieces,
            address: bar.address,
            counts: zip(parts, bar.counts).map { BarDrawing.Count(title: $0.title, count: texts.number($1)) }
        )
    }
}

/// The content of the template `chart`.
struct BarDrawing: TemplateValue {
    let title: String
    let isEmpty: Bool
    let width: Double
    let height: Double
    /// The labels at both ends.
    let first: String?
    /// The label of the bar in the middle, if there is one.
    let middle: String?
    let last: String?
    /// The numbers at the top and in the middle of the axis.
    let most: String
    let half: String?
    let legend: [Part]
    let bars: [Bar]

    struct Part: TemplateValue {
        let key: String
        let title: String
    }

    struct Bar: TemplateValue {
        let label: String
        /// The place of the bar, with the space around it.
        let x: Double
        let width: Double
        let pieces: [Piece]
        let address: String?
        let counts: [Count]
    }

    /// A rectangle.
    struct Piece: TemplateValue {
        let key: String
        let x: Double
        let y: Double
        let width: Double
        let height: Double
        let words: String
    }

    struct Count: TemplateValue {
        let title: String
        let count: String
    }
}
