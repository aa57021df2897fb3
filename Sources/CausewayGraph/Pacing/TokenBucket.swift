/// A bucket that fills steadily up to its size; callers take from it, and wait if it is empty. Pure: they pass the
/// time.
struct TokenBucket: Sendable {
    /// The size.
    let size: Double
    /// The rate per second.
    let rate: Double
    private var level: Double
    private var time: ContinuousClock.Instant

    /// A full bucket.
    init(size: Double, rate: Double, now: ContinuousClock.Instant) {
        self.size = size
        self.rate = rate
        level = size
        time = now
    }

    init(_ rate: ThrottleLimits.Rate, now: ContinuousClock.Instant) {
        self.init(size: rate.burst, rate: rate.perSecond, now: now)
    }

    /// Takes an amount, going into debt if necessary.
    ///
    /// - Returns: how long to wait until the debt is paid; zero if there was enough.
    mutating func take(_ amount: Double, now: ContinuousClock.Instant) -> Duration {
        fill(now)
        level -= amount
        return debt
    }

    /// How long a caller that took an amount now would wait.
    func wait(for amount: Double, now: ContinuousClock.Instant) -> Duration {
        var trial = self
        return trial.take(amount, now: now)
    }

    /// Records that others have taken too: it contains at most this part of its size, and perhaps a debt.
    mutating func lower(to part: Double, now: ContinuousClock.Instant) {
        fill(now)
        level = min(level, size * part)
    }

    /// The used part; more than 1 in debt.
    func used(_ now: ContinuousClock.Instant) -> Double {
        var copy = self
        copy.fill(now)
        return 1 - copy.level / size
    }

    private var debt: Duration { level >= 0 ? .zero : .seconds(-level / rate) }

    private mutating func fill(_ now: ContinuousClock.Instant) {
        guard now > time else { return }
        let (seconds, attoseconds) = (now - time).components
        level = min(size, level + rate * (Double(seconds) + Double(attoseconds) / 1e18))
        time = now
    }
}
