import Foundation

/// One limit: an amount within a number of seconds.
struct TokenBucket: Sendable {
    let size: Double
    /// Seconds in which a whole bucket is refilled.
    private(set) var period: Double
    private(set) var level: Double
    private var time: Double

    /// Refused calls count as well, down to this share of the bucket below zero (`x-ms-throttle-limit-percentage` ends at 1.8).
    private static let deepest = 0.8

    init(size: Double, period: Double, time: Double) {
        (self.size, self.period, level, self.time) = (size, period, size, time)
    }

    /// Refills the bucket for the elapsed time.
    ///
    /// - Parameter period: the present one, since tenants that share a limit may run at different speeds.
    mutating func fill(to now: Double, period: Double, _ shape: BucketShape) {
        self.period = period
        switch shape {
        case .continuous: level = min(size, level + max(0, now - time) * size / period)
        case .windowed: if (now / period).rounded(.down) != (time / period).rounded(.down) { level = size }
        }
        time = now
    }

    /// Seconds until there is enough; 0 if there is.
    func wait(for amount: Double, _ shape: BucketShape) -> Double {
        guard amount > level else { return 0 }
        return switch shape {
        case .continuous: (amount - level) * period / size
        case .windowed: ((time / period).rounded(.down) + 1) * period - time
        }
    }

    mutating func take(_ amount: Double) { level = max(-size * Self.deepest, level - amount) }

    /// From 0 for a full bucket to 1 for an empty one, and above by what was refused.
    var used: Double { 1 - level / size }
}
