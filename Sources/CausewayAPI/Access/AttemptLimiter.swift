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
        .address(NetworkAddress(host: clientIP)?.subscriber.bytes.hexadecimalText ?? clientIP)
    }

    /// Its kind, in events.
    var word: String {
        switch self {
        case .everybody, .everybodysTokens: "everybody"
        case .address: "address"
        case .account: "account"
        case .browser: "browser"
        case .password: "password"
        case .code: "code"
        }
    }

    /// - Parameter username: as it was entered, of any length.
    static func account(named username: String) -> AttemptSubject {
        .account(AccessKey.hash(username.precomposedStringWithCompatibilityMapping.lowercased()))
    }
}

/// Rate-limits failed attempts per subject within a window. Each attempt is counted before it is made, so that parallel attempts gain
/// nothing over sequential ones; a correct one does not count in the end.
final class AttemptLimiter: Sendable {
    private struct Attempts {
        var count = 0
        var until: ContinuousClock.Instant
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
    func attempt<Value>(_ subjects: [AttemptSubject], _ work: () async throws -> Value?) async throws -> Value? {
        try count(subjects)
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
    func count(_ subjects: [AttemptSubject]) throws {
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
                attempts[subject] = Attempts(count: (known?.count ?? 0) + 1, until: known?.until ?? now + window)
            }
            return nil
        }
        if let wait { throw APIError.tooOften(seconds: Int(wait.components.seconds) + 1) }
    }

    /// The subjects whose next attempt is refused.
    func exhausted(_ subjects: [AttemptSubject]) -> [AttemptSubject] {
        let now = ContinuousClock.now
        return attempts.withLock { attempts in
            subjects.filter { subject in
                guard let known = attempts[subject], known.until > now else { return false }
                return known.count >= limit(of: subject)
            }
        }
    }

    private func forgive(_ subjects: [AttemptSubject]) {
        attempts.withLock { attempts in
            for subject in subjects {
                guard let known = attempts[subject] else { continue }
                attempts[subject] = known.count > 1 ? Attempts(count: known.count - 1, until: known.until) : nil
            }
        }
    }

    /// How many subjects are remembered.
    var remembered: Int { attempts.withLock(\.count) }

    private func limit(of subject: AttemptSubject) -> Int {
        [.everybody, .everybodysTokens].contains(subject) ? mostOfEverybody : most
    }
}
