/// The quarantine of a provider whose runs fail as a whole: it waits longer from failure to failure, until a run succeeds. Pure.
package struct Quarantine: Hashable, Sendable {
    /// Failures in a row, from 1 on.
    package let failures: Int
    package let quarantinedUntil: Timestamp
    /// The message of the latest failure.
    package let reason: String
    /// When the first of the failures happened.
    package let since: Timestamp

    private static let firstPause = 5
    private static let longestPause = 240

    package init(failures: Int, quarantinedUntil: Timestamp, reason: String, since: Timestamp) {
        self.failures = failures
        self.quarantinedUntil = quarantinedUntil
        self.reason = reason
        self.since = since
    }

    /// The state after one more failure.
    ///
    /// - Parameter previous: nil if the run before it succeeded.
    package init(after previous: Quarantine?, failedAt now: Timestamp, reason: String) {
        let failures = (previous?.failures ?? 0) + 1
        self.init(
            failures: failures,
            quarantinedUntil: now + Self.pause(after: failures),
            reason: reason,
            since: previous?.since ?? now
        )
    }

    /// 5, 10, 20 … minutes, at most four hours.
    package static func pause(after failures: Int) -> Duration {
        let doublings = min(max(failures - 1, 0), 16)
        return .seconds(60 * min(firstPause << doublings, longestPause))
    }

    package func isQuarantined(at now: Timestamp) -> Bool { now < quarantinedUntil }
}
