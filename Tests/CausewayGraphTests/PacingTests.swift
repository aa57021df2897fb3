import Foundation
import Testing

@testable import CausewayGraph

@Suite("Pacing and retries")
struct PacingTests {
    @Test("a bucket gives what is in it at once, then what flows in")
    func bucket() {
        let start = ContinuousClock.now
        var bucket = TokenBucket(size: 10, rate: 2, now: start)
        #expect(bucket.take(10, now: start) == .zero)
        #expect(bucket.take(4, now: start) == .seconds(2))
        #expect(bucket.take(0, now: start + .seconds(2)) == .zero)
        #expect(bucket.take(10, now: start + .seconds(100)) == .zero)
        #expect(bucket.take(1, now: start + .seconds(100)) == .seconds(0.5))
    }

    @Test("pauses double up to a limit, are spread at random, and give way to what Graph asks for")
    func pauses() {
        let policy = RetryPolicy(attempts: 5, firstPause: .seconds(1), longestPause: .seconds(5))
        #expect(policy.pause(afterAttempt: 1, retryAfter: nil, random: 1) == .seconds(1))
        #expect(policy.pause(afterAttempt: 1, retryAfter: nil, random: 0) == .seconds(0.5))
        #expect(policy.pause(afterAttempt: 3, retryAfter: nil, random: 1) == .seconds(4))
        #expect(policy.pause(afterAttempt: 4, retryAfter: nil, random: 1) == .seconds(5))
        #expect(policy.pause(afterAttempt: 4, retryAfter: .seconds(60), random: 0) == .seconds(60))
        #expect(policy.pause(afterAttempt: 5, retryAfter: nil, random: 1) == nil)
    }

    @Test("Retry-After is read as seconds and as a date")
    func retryAfter() {
        let now = Date(timeIntervalSince1970: 1_795_507_200)
        #expect(GraphFailure.wait("12", now: now) == .seconds(12))
        let later = now.addingTimeInterval(30)
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        #expect(GraphFailure.wait(formatter.string(from: later), now: now) == .seconds(30))
        #expect(GraphFailure.wait("soon", now: now) == nil)
        #expect(GraphFailure.wait("-5", now: now) == .zero)
    }
}
