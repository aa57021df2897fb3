import Foundation

/// How a cost grows with the size: the exponent of the power of the size that it is proportional to. 1 is linear, 0 constant.
enum Exponent {
    /// A cost at a size.
    struct Point: Equatable {
        let size: Double
        let cost: Double
    }

    /// The slope of the line through the logarithms, by least squares.
    ///
    /// - Returns: nil with fewer than two sizes. What costs nothing has no logarithm and does not count.
    static func overall(_ points: [Point]) -> Double? {
        let logarithms = Self.logarithms(points)
        guard logarithms.count > 1 else { return nil }
        let count = Double(logarithms.count)
        let mean = (
            x: logarithms.reduce(0) { $0 + $1.x } / count, y: logarithms.reduce(0) { $0 + $1.y } / count
        )
        let spread = logarithms.reduce(0) { $0 + ($1.x - mean.x) * ($1.x - mean.x) }
        guard spread > 0 else { return nil }
        return logarithms.reduce(0) { $0 + ($1.x - mean.x) * ($1.y - mean.y) } / spread
    }

    /// The largest slope between a size and the next.
    ///
    /// - Parameter smallest: sizes below it do not count, because constants are most of their costs.
    /// - Returns: nil with fewer than two such sizes.
    static func steepest(_ points: [Point], from smallest: Double) -> Double? {
        let large = points.filter { $0.size >= smallest }.sorted { $0.size < $1.size }
        return zip(large, large.dropFirst()).compactMap { overall([$0, $1]) }.max()
    }

    private static func logarithms(_ points: [Point]) -> [(x: Double, y: Double)] {
        points.filter { $0.size > 0 && $0.cost > 0 }.map { (log($0.size), log($0.cost)) }
    }
}
