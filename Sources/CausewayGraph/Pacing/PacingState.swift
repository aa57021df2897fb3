/// The pacing of a tenant: a lane for each application, and what they share. Pure: callers pass the time.
struct PacingState: Sendable {
    typealias Instant = ContinuousClock.Instant

    struct ApplicationBudget {
        var writes: TokenBucket?
        var units: TokenBucket?
        var closedUntil: Instant?
        var writesClosedUntil: Instant?
        /// Refusals in a row that did not say how long to wait.
        var unnamed = 0
    }

    private(set) var lanes: [ApplicationBudget]
    private(set) var tenantWrites: TokenBucket?
    private(set) var tenantWritesClosedUntil: Instant?

    /// The first pause if Graph refuses and does not say for how long; it doubles up to the longest.
    private let unnamedPause: Duration
    private static let longestUnnamedPause: Duration = .seconds(60)

    /// - Parameters:
    ///   - applications: how many there are; at least one lane is made.
    ///   - limits: nil for no limits of the client's own.
    ///   - firstPause: the pause if Graph refuses and does not say for how long.
    init(applications: Int, limits: ThrottleLimits?, firstPause: Duration = .milliseconds(500), now: Instant) {
        unnamedPause = firstPause
        let lane = ApplicationBudget(
            writes: limits.map { TokenBucket($0.writes, now: now) },
            units: limits.map { TokenBucket($0.units, now: now) }
        )
        lanes = Array(repeating: lane, count: max(1, applications))
        tenantWrites = limits.map { TokenBucket($0.tenantWrites, now: now) }
    }

    /// Admits a request to the lane on which it may go soonest. Reads stay on the first lane: links to further pages belong to
    /// one application.
    ///
    /// - Returns: the lane, and when the request may go.
    mutating func admit(_ cost: RequestCost, now: Instant) -> (lane: Int, at: Instant) {
        let candidates = cost.writes > 0 ? lanes.indices : 0..<1
        let chosen = candidates.min { ready($0, cost, now) < ready($1, cost, now) } ?? 0
        let at = ready(chosen, cost, now)
        _ = lanes[chosen].writes?.take(Double(cost.writes), now: now)
        _ = lanes[chosen].units?.take(Double(cost.resourceUnits), now: now)
        if cost.writes > 0 { _ = tenantWrites?.take(Double(cost.writes), now: now) }
        return (chosen, at)
    }

    /// When a request could go on a lane.
    private func ready(_ lane: Int, _ cost: RequestCost, _ now: Instant) -> Instant {
        var wait = lanes[lane].units?.wait(for: Double(cost.resourceUnits), now: now) ?? .zero
        if cost.writes > 0 {
            wait = max(wait, lanes[lane].writes?.wait(for: Double(cost.writes), now: now) ?? .zero)
            wait = max(wait, tenantWrites?.wait(for: Double(cost.writes), now: now) ?? .zero)
        }
        return max(now + wait, opening(lane, cost, now))
    }

    /// Until when a lane is closed for a request; now if it is open.
    func opening(_ lane: Int, _ cost: RequestCost, _ now: Instant) -> Instant {
        var opening = max(now, lanes[lane].closedUntil ?? now)
        if cost.writes > 0 {
            opening = max(opening, lanes[lane].writesClosedUntil ?? now, tenantWritesClosedUntil ?? now)
        }
        return opening
    }

    /// Holds requests back for a while: Graph asked for it, and refused calls count against the limit.
    mutating func close(_ scope: ThrottleScope, lane: Int, for pause: ThrottlePause, now: Instant) {
        let end = now + duration(of: pause, lane)
        switch scope {
        case .tenant: tenantWritesClosedUntil = max(tenantWritesClosedUntil ?? end, end)
        case .application(writesOnly: true):
            lanes[lane].writesClosedUntil = max(lanes[lane].writesClosedUntil ?? end, end)
        case .application(writesOnly: false): lanes[lane].closedUntil = max(lanes[lane].closedUntil ?? end, end)
        }
    }

    private mutating func duration(of pause: ThrottlePause, _ lane: Int) -> Duration {
        switch pause {
        case .named(let duration): duration
        case .unnamed: nextUnnamedPause(lane)
        }
    }

    private mutating func nextUnnamedPause(_ lane: Int) -> Duration {
        defer { lanes[lane].unnamed += 1 }
        return min(unnamedPause * Double(1 << min(lanes[lane].unnamed, 16)), Self.longestUnnamedPause)
    }

    /// Records an answer that refuses nothing.
    mutating func noteAnswer(_ lane: Int) { lanes[lane].unnamed = 0 }

    /// Records how much of a limit is used, according to Graph: from 0.8 on, 1 being the limit. Others may use the limit too, so
    /// Graph's figure takes precedence over the client's own count; above the limit it is a debt. Graph does not say which limit: for a
    /// write it is the one for writes, unless the client's own count of units is nearer its end.
    mutating func applyUsageHint(percentage: Double, lane: Int, isWrite: Bool, now: Instant) {
        let (writes, units) = (lanes[lane].writes?.used(now) ?? 0, lanes[lane].units?.used(now) ?? 0)
        if isWrite, writes >= units || units < 0.5 {
            lanes[lane].writes?.lower(to: 1 - percentage, now: now)
        } else {
            lanes[lane].units?.lower(to: 1 - percentage, now: now)
        }
    }
}
