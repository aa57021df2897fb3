import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

/// `causeway/session/` and `causeway/setup/`: signing in with a password, and who is the first to.
struct SessionOperations: Sendable {
    let authenticator: Authenticator

    var handlers: [String: APIHandler] {
        [
            "causeway_session_create": signIn, "causeway_session_retrieve": retrieve,
            "causeway_session_destroy": signOut, "causeway_setup_create": setUp,
        ]
    }

    private static let wrong = APIError.invalid("non_field_errors", "The user name, the password or the code is wrong.")

    @Sendable private func signIn(_ request: APIRequest) async throws -> APIResponse {
        let (name, address) = (request.text("username") ?? "", request.source.clientIP)
        try authenticator.failures.require(address)
        try authenticator.failures.require("user \(name)")
        let found = try await request.store.read { transaction in
            try transaction.user(named: name).flatMap { user in try transaction.account(of: user.id).map { (user, $0) }
            }
        }
        // A user that there is not takes as long as a wrong password.
        let stored = found?.1.passwordHash ?? Self.nobodysHash
        let isRight = try PasswordHash.matches(request.text("password") ?? "", stored)
        guard isRight, let (user, account) = found, account.passwordHash != nil, user.isActive,
            try await hasCode(request.text("code") ?? "", account, request)
        else {
            authenticator.failures.record(address)
            authenticator.failures.record("user \(name)")
            try await request.store.write { transaction in
                try request.record("login_failed", .user, "", name, in: transaction)
            }
            throw Self.wrong
        }
        authenticator.failures.forget("user \(name)")
        return try await begin(user, request)
    }

    /// So that the time of an answer does not tell which user names there are.
    private static let nobodysHash =
        "scrypt$32768$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

    /// Whether the code is right: one of the authenticator, or a recovery code, each of which counts once.
    private func hasCode(_ code: String, _ account: Account, _ request: APIRequest) async throws -> Bool {
        guard account.isTOTPConfirmed, let secret = account.totpSecret else { return true }
        let now = Timestamp.now().milliseconds / 1000
        if let step = OneTimePassword(base32: secret.revealed)?.step(of: code, at: now, after: account.lastTOTPStep) {
            try await request.store.write { try $0.setTOTPStep(step, of: account.user) }
            return true
        }
        let hash = Data(AccessKey.hash(code.lowercased())).base64EncodedString()
        guard account.recoveryCodeHashes.contains(hash) else { return false }
        let left = account.recoveryCodeHashes.filter { $0 != hash }
        try await request.store.write { try $0.setRecoveryCodeHashes(left, of: account.user) }
        return true
    }

    /// A session of its own for every sign-in, so that a key that somebody else planted is worth nothing.
    private func begin(_ user: User, _ request: APIRequest) async throws -> APIResponse {
        let (key, csrf, limits) = (AccessKey.random(), AccessKey.random(length: 40), request.services.limits)
        let (session, role) = try await request.store.write { transaction in
            let session = BrowserSession(
                keyHash: AccessKey.hash(key),
                user: user.id,
                csrfToken: csrf,
                created: transaction.now,
                expires: transaction.now + limits.sessionLifetime,
                lastSeen: transaction.now,
                userAgent: String(request.source.userAgent.prefix(200))
            )
            try transaction.createSession(session)
            try transaction.recordLogin(of: user.id)
            try request.record("login", .user, "\(user.id)", user.username, in: transaction)
            return (session, try transaction.role(of: user.id))
        }
        var response = APIResponse.created(Self.json(session, user, role))
        let seconds = limits.sessionLifetime.components.seconds
        response.headers[.setCookie] = Self.cookie(key, seconds, request.source)
        return response
    }

    private static func cookie(_ key: String, _ seconds: Int64, _ source: RequestSource) -> String {
        "\(Authenticator.sessionCookie)=\(key); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
            + (source.isSecure ? "; Secure" : "")
    }

    private static func json(_ session: BrowserSession, _ user: User, _ role: AccessRole?) -> JSONValue {
        [
            "username": .string(user.username), "role": JSONValue(role?.rawValue),
            "csrf_token": .string(session.csrfToken), "expires": .string(APITime.text(session.expires)),
        ]
    }

    @Sendable private func retrieve(_ request: APIRequest) async throws -> APIResponse {
        guard let session = request.caller.session else {
            throw APIError.detail(.notFound, "You signed in with a token; there is no session.")
        }
        return .ok(Self.json(session, try request.caller.signedIn, request.caller.role))
    }

    @Sendable private func signOut(_ request: APIRequest) async throws -> APIResponse {
        if let session = request.caller.session {
            let user = try request.caller.signedIn
            try await request.store.write { transaction in
                try transaction.deleteSession(withKeyHash: session.keyHash)
                try request.record("logout", .user, "\(user.id)", user.username, in: transaction)
            }
        }
        var response = APIResponse.noContent
        response.headers[.setCookie] = Self.cookie("", 0, request.source)
        return response
    }

    // MARK: First administrator

    /// Makes the first administrator, with the key of the link that the server printed when there was none.
    @Sendable private func setUp(_ request: APIRequest) async throws -> APIResponse {
        try authenticator.failures.require(request.source.clientIP)
        let (username, password) = (request.text("username") ?? "", request.text("password") ?? "")
        if let objection = PasswordHash.objection(to: password, username: username) {
            throw APIError.invalid("password", objection)
        }
        let hash = try PasswordHash.make(password)
        let key = AccessKey.hash(request.text("token") ?? "")
        let profile = UserProfile(
            username: username,
            name: request.text("name") ?? username,
            email: request.text("email") ?? ""
        )
        try profile.validate()
        let user: User? = try await request.store.write { transaction in
            guard try !transaction.hasAdministrator(), try transaction.takeSetupLink(keyHash: key) else { return nil }
            let user = try transaction.createAdministrator(profile, passwordHash: hash)
            try request.record("model_created", .user, "\(user.id)", user.username, in: transaction)
            return user
        }
        guard let user else {
            authenticator.failures.record(request.source.clientIP)
            throw APIError.invalid("token", "The link is used up or too old; start the server again for a new one.")
        }
        return try await begin(user, request)
    }
}

extension Transaction {
    /// A user who may do everything.
    func createAdministrator(_ profile: UserProfile, passwordHash: String) throws -> User {
        let user = try createUser(profile)
        try setPasswordHash(passwordHash, of: user.id)
        try setRoles([.administrator], of: user.id)
        return user
    }
}
