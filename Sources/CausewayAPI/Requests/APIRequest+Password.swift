import CausewayJSON
import CausewayModel
import CausewayStore

extension APIRequest {
    /// Who makes an attempt with this request.
    var attemptOrigin: AttemptOrigin { AttemptOrigin(username: caller.user?.username ?? "", address: source.clientIP) }

    /// Makes sure that the caller knows their password, before something that a borrowed session must not do.
    ///
    /// - Parameter field: the field of the request that has it.
    /// - Throws: ``APIError`` if it is wrong, or after too many wrong ones.
    func requirePassword(_ attempts: AttemptLimiter, field: String = "password") async throws {
        let (user, password) = (try caller.signedIn, text(field) ?? "")
        let hash = try await store.read { try $0.account(of: user.id)?.passwordHash }
        let subjects = [AttemptSubject.password(user.id)]
        let right: Void? = try await attempts.attempt(subjects, by: attemptOrigin) {
            guard let hash else { return nil }
            return try await services.passwords.matches(password, hash, for: .known) ? () : nil
        }
        guard right != nil else {
            try await noteLockout(of: subjects, attempts, by: attemptOrigin)
            throw APIError.invalid(field, "The password is wrong.")
        }
    }

    /// Records, after a failed attempt, that further ones are refused for a while.
    func noteLockout(
        of subjects: [AttemptSubject],
        _ attempts: AttemptLimiter,
        by origin: AttemptOrigin,
        related: [EventReference] = []
    ) async throws {
        let locked = attempts.exhausted(subjects)
        guard !locked.isEmpty else { return }
        let details: [String: JSONValue] = ["locked": .array(locked.map { .string($0.kind) })]
        try await store.write { transaction in
            try record(.lockout, .user, "", origin.username, details: details, related: related, in: transaction)
        }
    }
}
