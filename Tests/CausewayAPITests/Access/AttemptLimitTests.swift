import CausewayModel
import Foundation
import HTTPTypes
import Testing

@testable import CausewayAPI

@Suite("Limits of sign-in attempts and of password hashing")
struct AttemptLimitTests {
    private struct Wrong: Error {}

    @Test("only failed attempts count: not successful ones, and not those that the server is too busy to check")
    func counting() async throws {
        var limits = APILimits()
        limits.failures = 3
        let limiter = AttemptLimiter(limits)
        let subjects = [AttemptSubject.account(named: "ada")]
        let origin = AttemptOrigin(username: "ada", address: "192.0.2.1")
        for _ in 0..<10 { #expect(try await limiter.attempt(subjects, by: origin) { true } == true) }
        for _ in 0..<10 {
            await #expect(throws: APIError.self) {
                try await limiter.attempt(subjects, by: origin) { () throws -> Bool? in
                    throw APIError.tooOften(seconds: 1)
                }
            }
        }
        await #expect(throws: Wrong.self) {
            try await limiter.attempt(subjects, by: origin) { () throws -> Bool? in throw Wrong() }
        }
        for _ in 0..<2 { #expect(try await limiter.attempt(subjects, by: origin) { Bool?.none } == nil) }
        let refused = await #expect(throws: APIError.self) { try await limiter.attempt(subjects, by: origin) { true } }
        #expect(refused?.status == .tooManyRequests && refused?.headers[.retryAfter] != nil)
        #expect(try await limiter.attempt([.account(named: "bob")], by: origin) { true } == true)
    }

    @Test("who must wait is known, with the origin of the last attempt, until it is lifted")
    func lockouts() throws {
        var limits = APILimits()
        (limits.failures, limits.failureWindow) = (2, .seconds(300))
        let (limiter, now) = (AttemptLimiter(limits), Timestamp(milliseconds: 1_000_000))
        func fail(_ name: String, from address: String) throws {
            let origin = AttemptOrigin(username: name, address: address)
            try limiter.count([.account(named: name), .address(of: address)], by: origin)
        }
        try fail("ada", from: "192.0.2.1")
        #expect(limiter.lockouts(at: now).isEmpty)
        try fail("ada", from: "192.0.2.2")
        let locked = try #require(limiter.lockouts(at: now).first)
        #expect(limiter.lockouts(at: now).count == 1)
        #expect(locked.kind == "account" && locked.attempts == 2)
        #expect(locked.origin.username == "ada" && locked.origin.address == "192.0.2.2")
        #expect(locked.until > now && locked.until <= now + .seconds(300))
        #expect(throws: APIError.self) { try fail("ada", from: "192.0.2.3") }
        #expect(limiter.lift("nothing", at: now) == nil)
        #expect(limiter.lift(locked.id, at: now)?.kind == "account")
        #expect(limiter.lockouts(at: now).isEmpty)
        try fail("ada", from: "192.0.2.4")
    }

    @Test("all spellings of a name share one limit, and a long made-up name takes no more memory than a short one")
    func names() {
        let names = ["Ada", "ADA", "ａｄａ"].map { AttemptSubject.account(named: $0) }
        #expect(Set(names) == [.account(named: "ada")])
        guard case .account(let hash) = AttemptSubject.account(named: String(repeating: "x", count: 1 << 20)) else {
            return
        }
        #expect(hash.count == 32)
        #expect(AttemptSubject.address(of: "::ffff:192.0.2.1") == .address(of: "192.0.2.1"))
        #expect(AttemptSubject.address(of: "2001:db8::1") == .address(of: "2001:db8::ffff"))
    }

    @Test("made-up addresses are dropped after their window, and are refused before they fill the memory")
    func memory() async throws {
        var limits = APILimits()
        limits.failures = 100
        let limiter = AttemptLimiter(limits)
        var taken = 0
        for number in 0..<50_000 {
            let address = "2001:db8:\(String(number / 65_536, radix: 16)):\(String(number % 65_536, radix: 16))::1"
            do {
                try limiter.count(
                    [.everybodysTokens, .address(of: address)],
                    by: AttemptOrigin(username: "", address: address)
                )
                taken += 1
            } catch {}
        }
        #expect(taken == limits.failuresOfEverybody)
        #expect(limiter.remembered <= 2 * taken)
    }

    @Test("a few passwords are hashed at once, some wait, more are refused; known clients have separate places")
    func hasher() async throws {
        let hasher = PasswordHasher(threads: 1, places: 2)
        let gate = DispatchSemaphore(value: 0)
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await hasher.run(.anybody) {
                    start.yield()
                    gate.wait()
                    return true
                }
            }
            for await _ in started.prefix(1) {}
            for _ in 0..<6 {
                group.addTask {
                    do { return try await hasher.run(.anybody) { true } } catch {
                        let refusal = error as? APIError
                        #expect(refusal?.status == .tooManyRequests && refusal?.headers[.retryAfter] != nil)
                        return false
                    }
                }
            }
            // Refused callers get their error immediately.
            for _ in 0..<4 {
                let isDone = try await group.next()
                #expect(isDone == false)
            }
            group.addTask { try await hasher.run(.known) { true } }
            gate.signal()
            for _ in 0..<4 {
                let isDone = try await group.next()
                #expect(isDone == true)
            }
        }
    }
}
