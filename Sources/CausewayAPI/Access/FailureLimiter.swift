import Synchronization

/// Lets nobody guess: after so many failures within a window, whoever made them must wait.
final class FailureLimiter: Sendable {
    private struct Failures {
        var count = 0
        var until: ContinuousClock.Instant
    }

    private let most: Int
    private let window: Duration
    private let failures = Mutex<[String: Failures]>([:])
    /// So many are remembered at most; then those whose window has passed are forgotten.
    private static let mostRemembered = 10_000

    init(most: Int, window: Duration) { (self.most, self.window) = (most, window) }

    /// - Parameter key: an address, or a user name.
    /// - Throws: ``APIError`` where it must wait.
    func require(_ key: String) throws {
        let wait = failures.withLock { failures -> Duration? in
            guard let known = failures[key], known.count >= most, known.until > .now else { return nil }
            return known.until - .now
        }
        if let wait { throw APIError.tooOften(seconds: Int(wait.components.seconds) + 1) }
    }

    func record(_ key: String) {
        failures.withLock { failures in
            if failures.count >= Self.mostRemembered { failures = failures.filter { $0.value.until > .now } }
            var known = failures[key] ?? Failures(until: .now + window)
            if known.until <= .now { known = Failures(until: .now + window) }
            known.count += 1
            failures[key] = known
        }
    }

    func forget(_ key: String) { failures.withLock { $0[key] = nil } }
}
