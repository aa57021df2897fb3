/// What sums up samples.
enum Statistics {
    /// The middle of samples, or the mean of the two in the middle; nil if there are none.
    static func median(_ samples: [Double]) -> Double? {
        guard !samples.isEmpty else { return nil }
        let sorted = samples.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// The smallest sample that is at least as large as a share of all; nil if there are none.
    ///
    /// - Parameters:
    ///   - share: from 0 to 1.
    ///   - sorted: the samples, the smallest first.
    static func percentile(_ share: Double, of sorted: [Double]) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }
}
