import CausewayGraph
import CausewayProvisioning

/// How a sync deals with time, for tests and experiments with a tenant that is faster than Microsoft's.
struct TimingSettings: Equatable {
    /// `CAUSEWAY_CONSISTENCY_WINDOW`, in seconds.
    let consistencyWindow: Duration
    /// `CAUSEWAY_RETRY_PAUSE`, in seconds.
    let retryPause: Duration
    /// `CAUSEWAY_LEASE`, in seconds.
    let leases: LeaseTimes?

    /// - Throws: ``UserError`` for a value that is not a number of seconds, or too small or too large.
    init(environment: [String: String]) throws {
        consistencyWindow =
            try Self.seconds("CONSISTENCY_WINDOW", environment) ?? ProvisioningRuntime.standardConsistencyWindow
        retryPause = try Self.seconds("RETRY_PAUSE", environment) ?? RetryPolicy().firstPause
        leases = try Self.seconds("LEASE", environment, in: LeaseTimes.range).map(LeaseTimes.init)
    }

    /// Reads a duration from a variable, if it is set.
    static func set(_ span: inout Duration, _ name: String, _ environment: [String: String]) throws {
        if let seconds = try seconds(name, environment) { span = seconds }
    }

    private static func seconds(
        _ name: String,
        _ environment: [String: String],
        in range: ClosedRange<Int> = 0...86_400
    ) throws -> Duration? {
        guard let text = environment["CAUSEWAY_\(name)"], !text.isEmpty else { return nil }
        let (least, most) = (range.lowerBound, range.upperBound)
        guard let seconds = Double(text), (Double(least)...Double(most)).contains(seconds) else {
            throw UserError("CAUSEWAY_\(name) must be a number of seconds from \(least) to \(most), not '\(text)'.")
        }
        return .seconds(seconds)
    }
}
