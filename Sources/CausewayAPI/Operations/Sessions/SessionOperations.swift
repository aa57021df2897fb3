import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

/// `causeway/session/` and `causeway/setup/`: sign-in with a password, and the first administrator.
struct SessionOperations: Sendable {
    let authenticator: Authenticator

    var handlers: [String: APIHandler] {
        [
            "causeway_session_create": signIn, "causeway_session_retrieve": retrieve,
            "causeway_session_destroy": signOut, "causeway_session_link_create": signInWithLink,
            "causeway_setup_create": setUp,
        ]
    }

    private static let wrong = APIError.invalid("non_field_errors", "The user name, the password or the code is wrong.")

    @Sendable private func signIn(_ request: APIRequest) async throws -> APIResponse {
        let name = request.text("username") ?? ""
        let (account, browser) = try await request.store.read { transaction in
            let account = try transaction.user(named: name).flatMap { try transaction.account(of: $0.id) }
            let browser = account.flatMap { KnownBrowser(request.source.headers, of: $0, in: transaction) }
            return (account, browser)
        }
        let subjects: [AttemptSubject] =
            browser.map { [.browser($0.id)] }
            ?? [.everybody, .address(of: request.source.clientIP), .account(named: name)]
        let origin = AttemptOrigin(username: name, address: request.source.clientIP)
        let response = try await authenticator.attempts.attempt(subjects, by: origin) {
            try await signIn(account, isKnown: browser != nil, request)
        }
        if let response { return response }
        let related = account.map { [EventReference.user($0.user)] } ?? []
        try await request.store.write { transaction in
            try request.record(.loginFailed, .user, "", name, related: related, in: transaction)
        }
        try await request.noteLockout(of: subjects, authenticator.attempts, by: origin, related: related)
        throw Self.wrong
    }

    /// So that the time of an answer does not reveal which user names exist.
    private static let nobodysHash =
        "scrypt$32768$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

    /// - Returns: nil if password or code are wrong. What was right is checked again, and the code spent, in the transaction that
    ///   begins the session.
    private func signIn(_ account: Account?, isKnown: Bool, _ request: APIRequest) async throws -> APIResponse? {
        let (password, code) = (request.text("password") ?? "", request.text("code") ?? "")
        let isRight = try await request.services.passwords.matches(
            password,
            // An unknown user takes as long as a wrong password.
            account?.passwordHash ?? Self.nobodysHash,
            for: isKnown ? .known : .anybody
        )
        guard isRight, let account, let hash = account.passwordHash else { return nil }
        return try await begin(request) { transaction in
            guard let user = try transaction.user(account.user), user.isActive,
                let present = try transaction.account(of: user.id), present.passwordHash == hash,
                try Self.spend(code, of: present, in: transaction)
            else { return nil }
            return user
        }
    }

    /// Whether the code is right: a code of the authenticator, or a recovery code; each counts once.
    private static func spend(_ code: String, of account: Account, in transaction: Transaction) throws -> Bool {
        guard account.isTOTPConfirmed, let secret = account.totpSecret else { return true }
        let now = transaction.now.milliseconds / 1000
        if let step = OneTimePassword(base32: secret.revealed)?.step(of: code, at: now, after: account.lastTOTPStep) {
            return try transaction.spendTOTPStep(step, of: account.user)
        }
        let hash = Data(AccessKey.hash(code.lowercased())).base64EncodedString()
        return try transaction.spendRecoveryCode(hash: hash, of: account.user)
    }

    /// Signs in with the key of a link that a command on the server's machine made. The key replaces password and code: a
    /// command that makes one can read and write the database.
    @Sendable private func signInWithLink(_ request: APIRequest) async throws -> APIResponse {
        let key = AccessKey.hash(request.text("key") ?? "")
        let subjects: [AttemptSubject] = [.everybody, .address(of: request.source.clientIP)]
        let origin = AttemptOrigin(username: "", address: request.source.clientIP)
        let response = try await authenticator.attempts.attempt(subjects, by: origin) {
            try await begin(request, ["auth_method": "sign_in_link"]) { transaction in
                guard let user = try transaction.takeSignInLink(keyHash: key).flatMap({ try transaction.user($0) }),
                    user.isActive
                else { return nil }
                return user
            }
        }
        guard let response else {
            try await request.noteLockout(of: subjects, authenticator.attempts, by: origin)
            throw APIError.invalid("key", "The link was used or has expired; make another one: causeway open")
        }
        return response
    }

    /// A new session for every sign-in, so that a key that someone else planted has no value.
    ///
    /// - Parameters:
    ///   - context: further content of the event.
    ///   - user: finds out, in the transaction that begins the session, whose it is; nil for none.
    /// - Returns: nil if there is no user.
    private func begin(
        _ request: APIRequest,
        _ context: [String: JSONValue] = [:],
        _ user: @Sendable (Transaction) throws -> User?
    ) async throws -> APIResponse? {
        let (key, csrf, limits) = (AccessKey.random(), AccessKey.random(length: 40), request.services.limits)
        let begun: (json: JSONValue, browser: String?)? = try await request.store.write { transaction in
            guard let user = try user(transaction) else { return nil }
            let session = BrowserSession(
                keyHash: AccessKey.hash(key),
                user: user.id,
                csrfToken: csrf,
                created: transaction.now,
                expires: transaction.now + limits.sessionLifetime,
                lastSeen: transaction.now,
                userAgent: String(request.source.userAgent.prefix(200)),
                clientIP: request.source.clientIP
            )
            try transaction.createSession(session)
            try transaction.recordLogin(of: user.id)
            try request.record(.login, .user, "\(user.id)", user.username, details: context, by: user, in: transaction)
            let browser = try KnownBrowser.newCookie(for: user.id, request.source, in: transaction)
            let json = Self.json(
                session,
                user,
                try transaction.role(of: user.id),
                try transaction.preferences(of: user.id)
            )
            return (json, browser)
        }
        guard let begun else { return nil }
        var response = APIResponse.created(begun.json)
        let session = request.source.cookie(Authenticator.sessionCookie, key, limits.sessionLifetime)
        for cookie in [begun.browser, session].compactMap(\.self) {
            response.headers.append(HTTPField(name: .setCookie, value: cookie))
        }
        return response
    }

    private static func json(
        _ session: BrowserSession,
        _ user: User,
        _ role: AccessRole?,
        _ preferences: AccountPreferences
    ) -> JSONValue {
        let own: [String: JSONValue] = [
            "username": .string(user.username), "role": JSONValue(role?.rawValue),
            "csrf_token": .string(session.csrfToken), "expires": .string(APITime.text(session.expires)),
        ]
        return .object(own.merging(preferences.json) { $1 })
    }

    @Sendable private func retrieve(_ request: APIRequest) async throws -> APIResponse {
        guard let session = request.caller.session else {
            throw APIError.detail(.notFound, "You signed in with a token; there is no session.")
        }
        let user = try request.caller.signedIn
        let preferences = try await request.store.read { try $0.preferences(of: user.id) }
        return .ok(Self.json(session, user, request.caller.role, preferences))
    }

    @Sendable private func signOut(_ request: APIRequest) async throws -> APIResponse {
        if let session = request.caller.session {
            let user = try request.caller.signedIn
            try await request.store.write { transaction in
                try transaction.deleteSession(withKeyHash: session.keyHash)
                try request.record(.logout, .user, "\(user.id)", user.username, in: transaction)
            }
        }
        var response = APIResponse.noContent
        response.headers[.setCookie] = request.source.endedSessionCookie
        return response
    }

    // MARK: First administrator

    /// Creates the first administrator, with the key of the link that the server printed when there was none.
    @Sendable private func setUp(_ request: APIRequest) async throws -> APIResponse {
        let (username, password) = (request.text("username") ?? "", request.text("password") ?? "")
        let profile = UserProfile(
            username: username,
            name: request.text("name") ?? username,
            email: request.text("email") ?? ""
        )
        try profile.validate()
        let subjects: [AttemptSubject] = [.everybody, .address(of: request.source.clientIP)]
        let origin = AttemptOrigin(username: username, address: request.source.clientIP)
        let response = try await authenticator.attempts.attempt(subjects, by: origin) {
            try await setUp(profile, password, request)
        }
        guard let response else {
            try await request.noteLockout(of: subjects, authenticator.attempts, by: origin)
            throw APIError.invalid("token", "The link was used or has expired; restart the server for a new one.")
        }
        return try response.get()
    }

    /// - Returns: nil if the link is no longer valid; a failure if the link is valid and the password is not acceptable.
    private func setUp(_ profile: UserProfile, _ password: String, _ request: APIRequest) async throws
        -> Result<APIResponse, ValidationError>?
    {
        let key = AccessKey.hash(request.text("token") ?? "")
        // Without the link, no password is hashed.
        let isGood = try await request.store.read { transaction in
            try !transaction.hasAdministrator() && transaction.hasSetupLink(keyHash: key)
        }
        guard isGood else { return nil }
        let hash: String
        do { hash = try await request.services.hash(password, of: profile, for: .known) } catch let refusal
            as ValidationError
        {
            return .failure(refusal)
        }
        let begun = try await begin(request) { transaction in
            guard try !transaction.hasAdministrator(), try transaction.takeSetupLink(keyHash: key) else { return nil }
            let user = try transaction.createAdministrator(profile, passwordHash: hash)
            let changes =
                user.profile.initialChanges + [FieldChange("roles", added: ["administrator"])].compactMap(\.self)
            try request.record(.created, .user, "\(user.id)", user.username, changes, by: user, in: transaction)
            return user
        }
        return begun.map { .success($0) }
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
