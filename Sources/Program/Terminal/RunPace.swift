import CausewayGraph
import CausewayModel

/// How Graph's limits hold a run back. Pure.
struct RunPace: Equatable {
    /// Writes that may go out before the limit is reached, and the rate from then on; nil if the client has no limit of its own.
    private let writes: ThrottleLimits.Rate?
    /// Seconds until Graph accepts requests again.
    private let pause: Double

    /// Below this part of its limit, an application is at its end.
    private static let nearlyNothing = 0.02

    private init(writes: ThrottleLimits.Rate?, pause: Double) { (self.writes, self.pause) = (writes, pause) }

    /// - Parameters:
    ///   - states: of the clients of the run.
    ///   - limits: of each client; nil for none.
    init(_ states: [ThrottleState], limits: ThrottleLimits?) {
        let applications = states.flatMap(\.applications)
        let pauses = applications.flatMap { [$0.pause, $0.writesPause] } + states.map(\.tenantPause)
        pause = pauses.max()?.seconds ?? 0
        guard let limits, !applications.isEmpty else {
            writes = nil
            return
        }
        let tenantLeft = states.compactMap(\.tenantWritesUsed).map { max(0, 1 - $0) }.min() ?? 1
        let left = applications.compactMap(\.writesUsed).reduce(0) { $0 + max(0, 1 - $1) }
        writes = ThrottleLimits.Rate(
            burst: min(left * limits.writes.burst, tenantLeft * limits.tenantWrites.burst),
            perSecond: min(Double(applications.count) * limits.writes.perSecond, limits.tenantWrites.perSecond)
        )
    }

    /// The same for work that sends no writes.
    var withoutWrites: RunPace { RunPace(writes: nil, pause: pause) }

    /// The least number of seconds that so many writes take.
    func seconds(for count: Double) -> Double {
        guard let writes, writes.perSecond > 0 else { return pause }
        return pause + max(0, count - writes.burst) / writes.perSecond
    }

    /// Why the work is not faster, in a few words; nil if no limit is reached.
    var reason: String? {
        if pause >= 1 { return "Microsoft Graph asks to wait \(ProgressText.clockText(pause))" }
        guard let writes, writes.burst < Self.nearlyNothing * ThrottleLimits.documented.writes.burst else { return nil }
        return "Microsoft Graph's limit: \(Int(writes.perSecond)) writes/s"
    }
}
