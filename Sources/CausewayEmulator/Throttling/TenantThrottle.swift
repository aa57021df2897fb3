import CausewayJSON
import Foundation
import Synchronization

/// Graph's limits for identity and access, for one application in this tenant: two token buckets, writes and resource units
/// (Graph, "Throttling limits", 2026-02). Larger scopes follow with further applications.
final class TenantThrottle: Sendable {
    /// What a call costs.
    struct Cost {
        let units: Double
        let writes: Double
    }

    private struct Bucket {
        let size: Double
        /// Seconds in which a whole bucket flows in.
        let period: Double
        var level: Double
        var time: Date

        init(size: Double, period: Double, now: Date) {
            (self.size, self.period, level, time) = (size, period, size, now)
        }

        mutating func fill(_ now: Date) {
            level = min(size, level + max(0, now.timeIntervalSince(time)) * size / period)
            time = now
        }

        /// From 0 for a full bucket to 1 for an empty one, and beyond by what was refused.
        var used: Double { 1 - level / size }
    }

    private struct State {
        var isOn: Bool
        var writes: Bucket
        var units: Bucket
    }

    private let state: Mutex<State>
    private let clock: any TenantClock
    private let scope: String

    init(settings: EmulatorSettings, clock: any TenantClock) {
        self.clock = clock
        scope = "\(settings.clientID)/\(settings.tenantID)"
        let now = clock.now()
        state = Mutex(
            State(
                isOn: settings.throttles,
                writes: Bucket(size: 3000, period: 150, now: now),
                units: Bucket(size: 8000, period: 10, now: now)
            )
        )
    }

    func set(on isOn: Bool) { state.withLock { $0.isOn = isOn } }

    /// Charges a call; refused calls count as well.
    ///
    /// - Returns: the refusal, or nil with the headers of an answer that goes through.
    func charge(_ call: GraphCall) -> (refusal: GraphReply?, headers: [String: String]) {
        let cost = Self.cost(of: call)
        var headers = ["x-ms-resource-unit": "\(Int(cost.units))"]
        let now = clock.now()
        return state.withLock { state in
            guard state.isOn else { return (nil, headers) }
            state.writes.fill(now)
            state.units.fill(now)
            let wait = max(
                Self.wait(for: cost.writes, in: state.writes),
                Self.wait(for: cost.units, in: state.units)
            )
            guard wait == 0 else {
                return (refusal(after: wait, isWrite: cost.writes > 0), headers)
            }
            state.writes.level -= cost.writes
            state.units.level -= cost.units
            let used = max(state.writes.used, state.units.used)
            if used > 0.8 { headers["x-ms-throttle-limit-percentage"] = String(format: "%.2f", used) }
            return (nil, headers)
        }
    }

    private static func wait(for amount: Double, in bucket: Bucket) -> Int {
        guard amount > bucket.level else { return 0 }
        return max(1, Int(((amount - bucket.level) * bucket.period / bucket.size).rounded(.up)))
    }

    private func refusal(after seconds: Int, isWrite: Bool) -> GraphReply {
        GraphReply(
            status: 429,
            headers: [
                "Retry-After": "\(seconds)",
                "x-ms-throttle-scope": "Tenant_Application/\(isWrite ? "Write" : "ReadWrite")/\(scope)",
                "x-ms-throttle-information": isWrite ? "WriteLimitExceeded" : "ResourceUnitLimitExceeded",
            ],
            body: [
                "error": [
                    "code": "TooManyRequests", "message": "Please retry again later.",
                    "innerError": [
                        "code": "429", "date": .string(String(clock.now().graphText.dropLast())),
                        "message": "Please retry after", "status": "429",
                    ],
                ]
            ]
        )
    }

    /// The documented costs; `$select` makes a call cheaper, `$expand` dearer, never below one.
    static func cost(of call: GraphCall) -> Cost {
        guard call.method == "GET" else { return Cost(units: 1, writes: 1) }
        let names = call.path.segments.compactMap { segment in
            if case .name(let name) = segment { name } else { nil }
        }
        var units: Double =
            switch (names.first, names.last) {
            case ("groups", "members"): 3
            case ("groups", "transitiveMembers"): 5
            case (_, "memberOf"): 2
            case ("users", "users"): 2
            default: 1
            }
        if call.query["$select"] != nil { units -= 1 }
        if call.query["$expand"] != nil { units += 1 }
        if let top = call.query["$top"].flatMap({ Int($0) }), top < 20 { units -= 1 }
        return Cost(units: max(1, units), writes: 0)
    }
}
