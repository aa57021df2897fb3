/// What Graph allows one application in one tenant (Graph, "Throttling limits", identity and access, 2026-02).
package struct ThrottleLimits: Hashable, Sendable {
    /// Writes at once, and writes a second afterwards.
    package let writeBurst: Double
    package let writesPerSecond: Double
    /// Resource units at once, and a second afterwards.
    package let unitBurst: Double
    package let unitsPerSecond: Double

    package init(writeBurst: Double, writesPerSecond: Double, unitBurst: Double, unitsPerSecond: Double) {
        self.writeBurst = writeBurst
        self.writesPerSecond = writesPerSecond
        self.unitBurst = unitBurst
        self.unitsPerSecond = unitsPerSecond
    }

    /// 3,000 writes per 150 seconds and, for the smallest tenants, 3,500 units per 10 seconds.
    package static let documented = ThrottleLimits(
        writeBurst: 3000,
        writesPerSecond: 20,
        unitBurst: 3500,
        unitsPerSecond: 350
    )
}

/// The one gate through which every request to a tenant passes: it paces them to the limits and holds them all back while Graph
/// asks to.
actor ThrottleGate {
    private let clock = ContinuousClock()
    private var writes: TokenBucket?
    private var units: TokenBucket?
    private var closedUntil: ContinuousClock.Instant?

    /// - Parameter limits: nil for no limits of our own.
    init(limits: ThrottleLimits?) {
        guard let limits else { return }
        let now = ContinuousClock.now
        writes = TokenBucket(size: limits.writeBurst, rate: limits.writesPerSecond, now: now)
        units = TokenBucket(size: limits.unitBurst, rate: limits.unitsPerSecond, now: now)
    }

    /// Returns when a request of that cost may be sent.
    func pass(_ cost: RequestCost) async throws {
        var wait = writes?.take(Double(cost.writes), now: clock.now) ?? .zero
        wait = max(wait, units?.take(Double(cost.resourceUnits), now: clock.now) ?? .zero)
        if wait > .zero { try await Task.sleep(for: wait, clock: clock) }
        while let until = closedUntil, until > clock.now { try await Task.sleep(until: until, clock: clock) }
    }

    /// Holds everything back for a while: Graph asked for it, and refused calls count against the limit.
    func close(for pause: Duration) {
        closedUntil = max(closedUntil ?? clock.now, clock.now + pause)
    }

    /// Takes note of how near the limit Graph says we are, from 0.8 to 1.8: the nearer, the longer the pause of everyone.
    func heed(percentage: Double) {
        guard percentage >= 1 else { return }
        close(for: .milliseconds(Int(min(percentage, 1.8) * 1000)))
    }
}
