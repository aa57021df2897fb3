import Foundation

/// Maps values to positions so that equal ratios are equal distances.
struct LogAxis {
    private let low: Double
    private let high: Double
    private let start: Double
    private let end: Double

    /// - Parameters:
    ///   - values: all above 0; the axis covers them, with a margin.
    ///   - start: the position of the smallest.
    ///   - end: the position of the largest.
    ///   - margin: the ratio by which the axis is longer on both sides.
    init(_ values: [Double], from start: Double, to end: Double, margin: Double) {
        low = (values.min() ?? 1) / margin
        high = max((values.max() ?? 1) * margin, low * 1.01)
        (self.start, self.end) = (start, end)
    }

    var range: ClosedRange<Double> { low...high }

    func position(_ value: Double) -> Double { start + (end - start) * log(value / low) / log(high / low) }

    /// Powers of ten; where there are few of them, also twice and five times of each.
    var ticks: [Double] {
        let powers = (Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))).map { pow(10, Double($0)) }
        let factors = log10(high / low) < 2.5 ? [1.0, 2, 5] : [1]
        return powers.flatMap { power in factors.map { $0 * power } }.filter { range.contains($0) }
    }
}
