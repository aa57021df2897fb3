import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// `causeway/totp/` and `causeway/authenticators/`: the authenticators that are required in addition to a password (RFC 6238), the
/// caller's own and those of others.
struct AuthenticatorOperations: Sendable {
    let authenticator: Authenticator

    var handlers: [String: APIHandler] {
        [
            "causeway_totp_retrieve": retrieve, "causeway_totp_create": begin, "causeway_totp_confirm_create": confirm,
            "causeway_totp_remove_create": remove, "causeway_authenticators_list": list,
            "causeway_authenticators_destroy": removeOfAnother,
        ]
    }

    // MARK: The caller's own

    @Sendable private func retrieve(_ request: APIRequest) async throws -> APIResponse {
        let user = try request.caller.signedIn
        let account = try await request.store.read { try $0.account(of: user.id) }
        return .ok([
            "is_set_up": .bool(account?.isTOTPConfirmed ?? false),
            "recovery_codes_left": .integer(Int64(account?.recoveryCodeHashes.count ?? 0)),
        ])
    }

    @Sendable private func begin(_ request: APIRequest) async throws -> APIResponse {
        let user = try request.caller.signedIn
        try await request.requirePassword(authenticator.attempts)
        let secret = OneTimePassword.randomSecret()
        try await request.store.write { transaction in
            guard try transaction.account(of: user.id)?.isTOTPConfirmed != true else {
                throw APIError.invalid("non_field_errors", "An authenticator is already set up; remove it first.")
            }
            try transaction.setTOTP(Secret(secret), isConfirmed: false, recoveryCodeHashes: [], of: user.id)
        }
        let address = OneTimePassword.address(username: user.username, secret: secret)
        return .created(["secret": .string(secret), "uri": .string(address)])
    }

    @Sendable private func confirm(_ request: APIRequest) async throws -> APIResponse {
        let user = try request.caller.signedIn
        let codes = (0..<10).map { _ in AccessKey.random(length: 12).lowercased() }
        let subjects = [AttemptSubject.code(user.id)]
        let right: Void? = try await authenticator.attempts.attempt(subjects, by: request.attemptOrigin) {
            try await confirm(user, codes, request) ? () : nil
        }
        guard right != nil else {
            try await request.noteLockout(of: subjects, authenticator.attempts, by: request.attemptOrigin)
            throw APIError.invalid("code", "The code is wrong, or no authenticator is being set up.")
        }
        return .ok(["codes": JSONValue(codes)])
    }

    private func confirm(_ user: User, _ codes: [String], _ request: APIRequest) async throws -> Bool {
        try await request.store.write { transaction in
            guard let account = try transaction.account(of: user.id), !account.isTOTPConfirmed,
                let secret = account.totpSecret,
                let step = OneTimePassword(base32: secret.revealed)?.step(
                    of: request.text("code") ?? "",
                    at: transaction.now.milliseconds / 1000,
                    after: account.lastTOTPStep
                )
            else { return false }
            let hashes = codes.map { Data(AccessKey.hash($0)).base64EncodedString() }
            try transaction.setTOTP(secret, isConfirmed: true, recoveryCodeHashes: hashes, of: user.id)
            guard try transaction.spendTOTPStep(step, of: user.id) else { return false }
            try transaction.deleteSessions(of: user.id, except: request.caller.session?.keyHash)
            try record("added", user, request, in: transaction)
            return true
        }
    }

    @Sendable private func remove(_ request: APIRequest) async throws -> APIResponse {
        let user = try request.caller.signedIn
        try await request.requirePassword(authenticator.attempts)
        try await request.store.write { transaction in
            let wasThere = try !transaction.authenticators(of: user.id).isEmpty
            try transaction.setTOTP(nil, isConfirmed: false, recoveryCodeHashes: [], of: user.id)
            if wasThere { try record("removed", user, request, in: transaction) }
        }
        return .noContent
    }

    private func record(_ what: String, _ user: User, _ request: APIRequest, in transaction: Transaction) throws {
        let isThere = what == "added"
        let change = FieldChange("authenticator", from: .bool(!isThere), to: .bool(isThere))
        try request.record(
            .updated,
            .user,
            "\(user.id)",
            user.username,
            [change].compactMap(\.self),
            details: ["authenticator": .string(what)],
            in: transaction
        )
    }

    // MARK: Those of others

    @Sendable private func list(_ request: APIRequest) async throws -> APIResponse {
        let user = request.query.integer("user").map { UserID($0) }
        let found = try await request.store.read { try $0.authenticators(of: user) }
        return .ok(
            .array(
                found.map {
                    [
                        "user": .integer($0.user.rawValue), "username": .string($0.username),
                        "recovery_codes_left": .integer(Int64($0.recoveryCodes)),
                    ]
                }
            )
        )
    }

    /// For a user who has lost it. Their sessions end; they sign in again with the password alone.
    @Sendable private func removeOfAnother(_ request: APIRequest) async throws -> APIResponse {
        guard let key = request.path.integer("user").map({ UserID($0) }) else { throw APIError.notFound("User") }
        guard try request.caller.signedIn.id != key else {
            throw APIError.invalid("non_field_errors", "Remove your own with your password: causeway/totp/remove/.")
        }
        try await request.store.write { transaction in
            guard let user = try transaction.user(key), try !transaction.authenticators(of: key).isEmpty else { return }
            try transaction.setTOTP(nil, isConfirmed: false, recoveryCodeHashes: [], of: key)
            try transaction.deleteSessions(of: key, except: nil)
            try record("removed", user, request, in: transaction)
        }
        return .noContent
    }
}
