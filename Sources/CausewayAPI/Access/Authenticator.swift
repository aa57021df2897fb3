import CausewayJSON
import CausewayModel
import CausewayStore
import HTTPTypes
import Logging

/// Identifies the sender of a request: by a bearer token (RFC 6750) or by a browser's session.
struct Authenticator: Sendable {
    static let sessionCookie = "causeway_session"
    /// authentik's header for the token that only Causeway's own pages can read.
    static let csrfHeader = HTTPField.Name("X-authentik-CSRF")

    private let store: Store
    private let limits: APILimits
    private let logger: Logger
    let attempts: AttemptLimiter

    init(store: Store, limits: APILimits, logger: Logger) {
        self.store = store
        self.limits = limits
        self.logger = logger
        attempts = AttemptLimiter(limits)
    }

    /// Who sends a request, by its bearer token or its session's cookie. A session's CSRF token is not checked here, but in
    /// ``admitted(_:_:changes:)``, which every API request passes.
    ///
    /// - Throws: ``APIError`` if the client must wait after too many wrong tokens.
    func caller(of source: RequestSource) async throws -> Caller {
        if let header = source.headers[.authorization], let key = Self.bearer(header) {
            if let caller = try await caller(withKey: key) { return caller }
            // Only wrong keys wait: a client that shares an address with an attacker does not.
            try await countWrongKey(from: source)
            return .nobody(.wrongToken)
        }
        guard let key = Self.cookie(Self.sessionCookie, source.headers) else { return .nobody(.noCredentials) }
        logger.trace("session looked up", metadata: ["request": "\(source.requestID)"])
        guard let caller = try await caller(inSession: key) else { return .nobody(.noCredentials) }
        return caller
    }

    private func countWrongKey(from source: RequestSource) async throws {
        let subjects: [AttemptSubject] = [.everybodysTokens, .address(of: source.clientIP)]
        try attempts.count(subjects, by: AttemptOrigin(username: "", address: source.clientIP))
        let locked = attempts.exhausted(subjects)
        guard !locked.isEmpty else { return }
        try await store.write { transaction in
            try transaction.insertEvent(
                Event(
                    action: EventKind.lockout.rawValue,
                    app: "causeway.api",
                    actor: "",
                    context: ["locked": .array(locked.map { .string($0.kind) })],
                    created: transaction.now,
                    clientIP: source.clientIP
                )
            )
        }
    }

    /// The caller of one request. A request that changes something in a session needs the session's CSRF token too, so that another
    /// site cannot send it from the user's browser.
    ///
    /// - Parameter changes: whether the request changes something.
    /// - Returns: a caller who is not signed in if the CSRF token is missing or wrong.
    func admitted(_ caller: Caller, _ source: RequestSource, changes: Bool) -> Caller {
        guard changes, let session = caller.session, !hasToken(source.headers, session) else { return caller }
        return .nobody(.detail(.forbidden, "CSRF Failed: CSRF token missing or incorrect."))
    }

    private static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1]).trimmingPrefix(" ").description
    }

    static func cookie(_ name: String, _ headers: HTTPFields) -> String? {
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.trimmingPrefix(while: \.isWhitespace).split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0] == name { return String(parts[1]) }
            }
        }
        return nil
    }

    private func hasToken(_ headers: HTTPFields, _ session: BrowserSession) -> Bool {
        guard let name = Self.csrfHeader, let sent = headers[name] else { return false }
        return AccessKey.areEqual(sent, session.csrfToken)
    }

    private func caller(withKey key: String) async throws -> Caller? {
        let hash = AccessKey.hash(key)
        return try await store.read { transaction in
            guard let token = try transaction.token(withKeyHash: hash), token.intent == .api,
                !token.isExpired(at: transaction.now), let (user, role) = try transaction.userWithRole(token.user),
                user.isActive
            else { return nil }
            return Caller(
                user: user,
                role: role.map { min($0, token.role ?? .administrator) },
                token: token,
                ceiling: AccessCeiling(of: token, userRole: role)
            )
        }
    }

    private func caller(inSession key: String) async throws -> Caller? {
        let (hash, limits) = (AccessKey.hash(key), limits)
        let found: (Caller, isStale: Bool)? = try await store.read { transaction in
            guard let session = try transaction.session(withKeyHash: hash),
                session.isValid(at: transaction.now, idle: limits.sessionIdle),
                let (user, role) = try transaction.userWithRole(session.user), user.isActive
            else { return nil }
            let caller = Caller(user: user, role: role, session: session)
            return (caller, transaction.now - session.lastSeen > .seconds(60))
        }
        if found?.isStale == true { try await store.write { try $0.touchSession(withKeyHash: hash) } }
        return found?.0
    }
}
