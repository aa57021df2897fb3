import CausewayJSON
import Foundation
import Testing

@testable import CausewayGraph

@Suite("Pacing and retries")
struct PacingTests {
    @Test("a bucket gives what it holds immediately, then what flows in")
    func bucket() {
        let start = ContinuousClock.now
        var bucket = TokenBucket(size: 10, rate: 2, now: start)
        #expect(bucket.take(10, now: start) == .zero)
        #expect(bucket.take(4, now: start) == .seconds(2))
        #expect(bucket.take(0, now: start + .seconds(2)) == .zero)
        #expect(bucket.take(10, now: start + .seconds(100)) == .zero)
        #expect(bucket.take(1, now: start + .seconds(100)) == .seconds(0.5))
    }

    @Test("what others used is deducted, and never given back")
    func lowered() {
        let start = ContinuousClock.now
        var bucket = TokenBucket(size: 100, rate: 10, now: start)
        bucket.lower(to: 0.1, now: start)
        #expect(bucket.wait(for: 20, now: start) == .seconds(1))
        bucket.lower(to: 0.9, now: start)
        #expect(bucket.wait(for: 10, now: start) == .zero)
        bucket.lower(to: -0.2, now: start)
        #expect(bucket.wait(for: 0, now: start) == .seconds(2))
    }

    @Test("writes are spread over the applications up to the tenant's limit; reads stay with the first application")
    func lanes() {
        let start = ContinuousClock.now
        let limits = ThrottleLimits(
            writes: .init(burst: 40, perSecond: 20),
            units: .init(burst: 1000, perSecond: 1000),
            tenantWrites: .init(burst: 100, perSecond: 60)
        )
        var state = PacingState(applications: 3, limits: limits, now: start)
        let batch = RequestCost(resourceUnits: 20, writes: 20)
        let admissions = (0..<8).map { _ in state.admit(batch, now: start) }
        #expect(admissions.prefix(5).allSatisfy { $0.at == start })
        #expect((0..<3).allSatisfy { lane in admissions.prefix(6).count { $0.lane == lane } == 2 })
        // The tenant's bucket is empty before those of the applications: 20 more writes take a third of a second.
        #expect(admissions[5].at > start && admissions[5].at < start + .seconds(0.34))
        #expect(admissions[7].at >= start + .seconds(1))
        #expect((0..<5).allSatisfy { _ in state.admit(.read, now: start).lane == 0 })
    }

    @Test("a pause closes the scope that it names, and nothing else")
    func scopes() {
        let start = ContinuousClock.now
        let later = start + .seconds(5)
        func opened(_ header: String?) -> [ContinuousClock.Instant] {
            var state = PacingState(applications: 2, limits: nil, now: start)
            state.close(ThrottleScope(header: header), lane: 0, for: .named(.seconds(5)), now: start)
            return [state.opening(0, .write, start), state.opening(0, .read, start), state.opening(1, .write, start)]
        }
        #expect(opened("Tenant_Application/Write/a/t") == [later, start, start])
        #expect(opened("Tenant_Application/ReadWrite/a/t") == [later, later, start])
        #expect(opened("Application/Write/a/t") == [later, start, start])
        #expect(opened("Tenant/Write/a/t") == [later, start, later])
        #expect(opened(nil) == [later, later, start])
        var state = PacingState(applications: 2, limits: nil, now: start)
        state.close(.application(writesOnly: true), lane: 0, for: .named(.seconds(5)), now: start)
        #expect(state.admit(.write, now: start).lane == 1)
    }

    @Test("without Retry-After the pauses double until Graph accepts a request again")
    func unnamedPauses() {
        let start = ContinuousClock.now
        var state = PacingState(applications: 1, limits: nil, firstPause: .seconds(2), now: start)
        func pause() -> Duration {
            state.close(.application(writesOnly: false), lane: 0, for: .unnamed, now: start)
            return state.opening(0, .read, start) - start
        }
        #expect([pause(), pause(), pause()] == [.seconds(2), .seconds(4), .seconds(8)])
        for _ in 0..<10 { _ = pause() }
        #expect(pause() == .seconds(60))
        var other = PacingState(applications: 1, limits: nil, firstPause: .seconds(2), now: start)
        other.close(.application(writesOnly: false), lane: 0, for: .unnamed, now: start)
        other.noteAnswer(0)
        other.close(.application(writesOnly: false), lane: 0, for: .unnamed, now: start + .seconds(2))
        #expect(other.opening(0, .read, start) == start + .seconds(4))
    }

    @Test("the fullest limit in a batch counts, and each scope's longest pause")
    func signals() {
        func entry(_ status: Int64, _ headers: [String: JSONValue]) -> JSONValue {
            ["status": .integer(status), "headers": .object(headers)]
        }
        let batch: JSONValue = [
            "responses": [
                entry(201, ["x-ms-throttle-limit-percentage": "0.85"]),
                entry(429, ["Retry-After": "3", "X-MS-Throttle-Scope": "Tenant/Write/a/t"]),
                entry(429, ["Retry-After": "9", "x-ms-throttle-scope": "Tenant/Write/a/t"]),
                entry(429, ["x-ms-throttle-scope": "Tenant_Application/Write/a/t"]), entry(404, [:]),
            ]
        ]
        let signals = ThrottleSignals(status: 200, ["x-ms-throttle-limit-percentage": "0.81"], batch: batch)
        #expect(signals.percentage == 0.85)
        #expect(signals.pauses.count == 2)
        #expect(signals.pauses[.tenant] == .named(.seconds(9)))
        #expect(signals.pauses[.application(writesOnly: true)] == .unnamed)
        #expect(ThrottleSignals(status: 429, ["retry-after": "soon"]).pauses.count == 1)
        #expect(ThrottleSignals(status: 200, ["x-ms-throttle-limit-percentage": "inf"]).percentage == 0)
    }

    @Test("a percentage lowers the limit that it is about")
    func percentages() {
        let start = ContinuousClock.now
        let limits = ThrottleLimits(
            writes: .init(burst: 100, perSecond: 10),
            units: .init(burst: 100, perSecond: 10),
            tenantWrites: .init(burst: 1000, perSecond: 100)
        )
        func ready(_ isWrite: Bool, _ cost: RequestCost) -> Bool {
            var state = PacingState(applications: 1, limits: limits, now: start)
            state.applyUsageHint(percentage: 0.9, lane: 0, isWrite: isWrite, now: start)
            return state.admit(cost, now: start).at == start
        }
        #expect(!ready(true, RequestCost(resourceUnits: 1, writes: 20)))
        #expect(ready(true, RequestCost(resourceUnits: 20, writes: 0)))
        #expect(!ready(false, RequestCost(resourceUnits: 20, writes: 0)))
        #expect(ready(false, RequestCost(resourceUnits: 1, writes: 20)))
    }

    private static let shape = ExchangeShape(method: .get, entries: 1, isList: false)

    @Test("the window grows while it is full and answers are fast, and shrinks when they are slow or fail")
    func window() {
        var window = ConcurrencyWindow(start: 4, range: 2...8)
        for _ in 0..<100 { window.record(.milliseconds(10), Self.shape, isFull: false) }
        #expect(window.limit == 4)
        for _ in 0..<100 { window.record(.milliseconds(10), Self.shape, isFull: true) }
        #expect(window.limit == 8)
        let batch = ExchangeShape(method: .post, entries: 20, isList: false)
        for _ in 0..<5 { window.record(.milliseconds(100), batch, isFull: true) }
        #expect(window.limit == 8)
        for _ in 0..<5 { window.record(.milliseconds(100), Self.shape, isFull: true) }
        #expect(window.limit < 6)
        for _ in 0..<5 { window.recordTrouble() }
        #expect(window.limit == 2)
    }

    @Test("no more requests than the window are in flight; a waiting request can be canceled or time out")
    func slots() async throws {
        let gate = ThrottleGate(applications: 1, limits: nil)
        let later = ContinuousClock.now + .seconds(600)
        var passes: [ThrottleGate.Pass] = []
        for _ in 0..<8 { passes.append(try await gate.enter(.read, Self.shape, before: later)) }
        let waiting = Task { try await gate.enter(.read, Self.shape, before: later) }
        let givingUp = Task { try await gate.enter(.read, Self.shape, before: later) }
        givingUp.cancel()
        await #expect(throws: CancellationError.self) { try await givingUp.value }
        await gate.leave(passes[0], .canceled)
        #expect(try await waiting.value.lane == 0)
        await gate.apply(ThrottleSignals(status: 429, ["retry-after": "60"]), passes[1])
        let failure = await #expect(throws: GraphFailure.self) {
            try await gate.enter(.read, Self.shape, before: .now + .seconds(1))
        }
        #expect(failure?.kind == .throttled)
    }

    @Test("pauses double up to a limit and are randomized; Retry-After takes precedence")
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
