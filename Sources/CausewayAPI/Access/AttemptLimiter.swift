import CausewayModel
import CausewayNetwork
import Foundation
import HTTPTypes
import Synchronization

/// Whose attempts to guess are counted together.
enum AttemptSubject: Hashable, Sendable {
    /// All sign-ins from browsers that are not known, and all wrong tokens.
    case everybody, everybodysTokens
    /// One subscriber of the network.
    case address(String)
    /// A user name, whether or not there is such a user.
    case account([UInt8])
    /// A browser in which the same user has signed in before.
    case browser(String)
    /// A signed-in user who confirms it, by the password or a code.
    case password(UserID), code(UserID)

    /// - Parameter clientIP: as the connection or a proxy reports it.
    static func address(of clientIP: String) -> AttemptSubject {
        .address(subscriber(of: clientIP))
    }

    /// The subscriber of the network that has an address.
    static func subscriber(of clientIP: String) -> String {
        NetworkAddress(host: clientIP)?.subscriber.bytes.hexadecimalText ?? clientIP
    }

    /// - Parameter username: as it was entered, of any length.
    static func account(named username: String) -> AttemptSubject {
        .account(AccessKey.hash(username.precomposedStringWithCompatibilityMapping.lowercased()))
    }
}

extension AttemptSubject {
    /// The word of the API for what it is.
    var kind: String {
        switch self {
        case .everybody: "sign_ins"
        case .everybodysTokens: "tokens"
        case .address: "address"
        case .account: "account"
        case .browser: "browser"
        case .password: "password"
        case .code: "code"
        }
    }

    /// Identifies it in addresses, without what it contains.
    var id: String { AccessKey.hash("\(self)").prefix(8).hexadecimalText }
}

/// Who made an attempt, as far as it is known.
struct AttemptOrigin: Sendable {
    let username: String
    let address: String

    /// - Parameter username: as it was entered; the end of a long one is not kept.
    init(username: String, address: String) { (self.username, self.address) = (String(username.prefix(150)), address) }
}

/// A subject that must wait.
struct Lockout: Sendable {
    let id: String
    let kind: String
    /// Who made the last attempt.
    let origin: AttemptOrigin
    let attempts: Int
    let until: Timestamp
}

/// Rate-limits failed attempts per subject within a window. Each attempt is counted before it is made, so that parallel attempts gain
/// nothing over sequential ones; a correct one does not count in the end.
final class AttemptLimiter: Sendable {
    private struct Attempts {
        var count = 0
        var until: ContinuousClock.Instant
        /// Of the last one.
        var origin: AttemptOrigin
    }

    private let most: Int
    private let mostOfEverybody: Int
    private let window: Duration
    private let attempts = Mutex<[AttemptSubject: Attempts]>([:])
    /// The maximum number of subjects. The limit for everyone keeps made-up names and addresses far below that.
    private static let mostRemembered = 10_000

    init(_ limits: APILimits) {
        (most, mostOfEverybody, window) = (limits.failures, limits.failuresOfEverybody, limits.failureWindow)
    }

    /// Makes an attempt.
    ///
    /// - Parameter work: the attempt; nil means that it failed.
    /// - Returns: the result of the work.
    /// - Throws: ``APIError`` if one of the subjects must wait, and what the work throws. An attempt for which the server itself was
    ///   too busy does not count.
    func attempt<Value>(
        _ subjects: [AttemptSubject],
        by origin: AttemptOrigin,
        _ work: () async throws -> Value?
    ) async throws -> Value? {
        try count(subjects, by: origin)
        do {
            let value = try await work()
            if value != nil { forgive(subjects) }
            return value
        } catch let error as APIError where error.status == .tooManyRequests {
            forgive(subjects)
            throw error
        }
    }

    /// Counts an attempt that has failed, or is yet to be made.
    ///
    /// - Throws: ``APIError`` if one of the subjects must wait; then it counts for none.
    func count(_ subjects: [AttemptSubject], by origin: AttemptOrigin) throws {
        let now = ContinuousClock.now
        let wait = attempts.withLock { attempts -> Duration? in
            if attempts.count + subjects.count > Self.mostRemembered {
                attempts = attempts.filter { $0.value.until > now }
            }
            for subject in subjects {
                guard let known = attempts[subject], known.until > now else {
                    if attempts.count + subjects.count > Self.mostRemembered { return window }
                    continue
                }
                if known.count >= limit(of: subject) { return known.until - now }
            }
            for subject in subjects {
                let known = attempts[subject].flatMap { $0.until > now ? $0 : nil }
                attempts[subject] = Attempts(
                    count: (known?.count ?? 0) + 1,
                    until: known?.until ?? now + window,
                    origin: origin
                )
            }
            return nil
        }
        if let wait { throw APIError.tooOften(seconds: Int(wait.components.seconds) + 1) }
    }

    /// The subjects whose next attempt is refused.
    func exhausted(_ subjects: [AttemptSubject]) -> [AttemptSubject] {
        let now = ContinuousClock.now
        return attempts.withLock { attempts in
            subjects.filter { subject in attempts[subject].map { isExhausted(subject, $0, now) } ?? false }
        }
    }

    private func forgive(_ subjects: [AttemptSubject]) {
        attempts.withLock { attempts in
            for subject in subjects {
                guard var known = attempts[subject] else { continue }
                known.count -= 1
                attempts[subject] = known.count > 0 ? known : nil
            }
        }
    }

    /// The subjects that must wait, in the order in which their time ends.
    ///
    /// - Parameter time: the time now.
    func lockouts(at time: Timestamp) -> [Lockout] {
        let now = ContinuousClock.now
        let locked = attempts.withLock { attempts in
            attempts.filter { isExhausted($0.key, $0.value, now) }
        }
        return locked.sorted { $0.value.until < $1.value.until }.map { subject, known in
            Lockout(
                id: subject.id,
                kind: subject.kind,
                origin: known.origin,
                attempts: known.count,
                until: time + (known.until - now)
            )
        }
    }

    /// Ends the wait of a subject: its attempts no longer count.
    ///
    /// - Returns: the lockout that ended; nil if there is none of that id.
    func lift(_ id: String, at time: Timestamp) -> Lockout? {
        guard let lockout = lockouts(at: time).first(where: { $0.id == id }) else { return nil }
        attempts.withLock { attempts in attempts = attempts.filter { $0.key.id != id } }
        return lockout
    }

    /// How many subjects are remembered.
    var remembered: Int { attempts.withLock(\.count) }

    private func isExhausted(_ subject: AttemptSubject, _ known: Attempts, _ now: ContinuousClock.Instant) -> Bool {
        known.until > now && known.count >= limit(of: subject)
    }

    private func limit(of subject: AttemptSubject) -> Int {
        [.everybody, .everybodysTokens].contains(subject) ? mostOfEverybody : most
    }
}
