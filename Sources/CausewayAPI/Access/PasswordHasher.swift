import CausewayModel
import Dispatch
import Foundation
import Synchronization

/// Hashes passwords on a few threads of its own, in turn: each takes a core for a tenth of a second and 32 MB, which would
/// delay every other request. If too many wait, more are refused.
final class PasswordHasher: Sendable {
    /// A caller that waits for a hash.
    enum Customer {
        case anybody
        /// A user who is signed in, or was before in the same browser: has places that nobody else takes.
        case known
    }

    private typealias Job = @Sendable () -> Void

    private struct State {
        var idle: [DispatchQueue]
        var waiting: [Job] = []
    }

    private let places: Int
    private let state: Mutex<State>

    /// Places in addition to those of everyone.
    private static let placesOfKnown = 16
    /// Seconds.
    private static let retryAfter = 10

    /// - Parameters:
    ///   - threads: how many hash at once; half of the cores, so that the others serve other requests.
    ///   - places: how many may wait.
    init(threads: Int = max(1, min(4, ProcessInfo.processInfo.activeProcessorCount / 2)), places: Int = 64) {
        self.places = places
        state = Mutex(State(idle: (0..<threads).map { DispatchQueue(label: "causeway.passwords.\($0)") }))
    }

    /// The hash of a new password of a user, if the rule accepts it.
    ///
    /// - Parameters:
    ///   - rule: is checked on the same threads, since it may read a file.
    ///   - field: the field of the request, for the error.
    /// - Throws: ``APIError`` if too many wait, `ValidationError` for a password that is not acceptable.
    func hash(
        _ password: String,
        of user: UserProfile,
        _ rule: PasswordRule,
        field: String = "password",
        for customer: Customer
    ) async throws -> String {
        try await run(customer) {
            try rule.require(password, of: user, field: field)
            return try PasswordHash.make(password)
        }
    }

    /// Whether a password matches a hash.
    ///
    /// - Throws: ``APIError`` if too many wait.
    func matches(_ password: String, _ stored: String, for customer: Customer) async throws -> Bool {
        try await run(customer) { try PasswordHash.matches(password, stored) }
    }

    func run<Value: Sendable>(_ customer: Customer, _ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = take(customer) { continuation.resume(with: Result { try work() }) }
            if !isTaken { continuation.resume(throwing: APIError.busy(seconds: Self.retryAfter)) }
        }
    }

    private func take(_ customer: Customer, _ job: @escaping Job) -> Bool {
        let places = customer == .known ? places + Self.placesOfKnown : places
        let (idle, isTaken) = state.withLock { state -> (DispatchQueue?, Bool) in
            if let idle = state.idle.popLast() { return (idle, true) }
            guard state.waiting.count < places else { return (nil, false) }
            state.waiting.append(job)
            return (nil, true)
        }
        if let idle { work(on: idle, job) }
        return isTaken
    }

    private func work(on queue: DispatchQueue, _ job: @escaping Job) {
        queue.async {
            job()
            let next = self.state.withLock { state -> Job? in
                guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
                state.idle.append(queue)
                return nil
            }
            if let next { self.work(on: queue, next) }
        }
    }
}
