/// A cost at all sizes.
struct GrowthRow: Equatable {
    let cost: GrowthCost
    /// The median at each size, the smallest size first.
    let points: [Exponent.Point]

    /// From this size on, constants are small against what grows.
    static let smallest = 10_000.0
    /// Linear, and what sorting adds: between 100,000 and 300,000, n log n has 1.08.
    static let limit = 1.1

    var exponent: Double? { Exponent.overall(points) }
    var steepest: Double? { Exponent.steepest(points, from: Self.smallest) }
    var isWithinLimit: Bool { steepest.map { $0 <= Self.limit } ?? true }

    /// A table of rows.
    static func table(_ rows: [GrowthRow]) -> TextTable {
        let sizes = rows.first?.points.map { ShortNumber.grouped(Int($0.size)) } ?? []
        return TextTable(
            headings: ["cost", "unit"] + sizes + ["exponent", "steepest", "≤ \(limit)"],
            rows: rows.map { row in
                [row.cost.name, row.cost.kind.unit] + row.points.map { ShortNumber.text($0.cost) }
                    + [row.exponent, row.steepest].map { $0.map { ShortNumber.fixed($0, places: 2) } ?? "–" }
                    + [row.steepest == nil ? "–" : row.isWithinLimit ? "reached" : "MISSED"]
            }
        )
    }
}
