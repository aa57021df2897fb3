import CausewayJSON
import CausewayModel
import CausewayStore
import HTTPTypes

/// `causeway/sessions/`: the browsers in which a user is signed in. Users see and end their own sessions, administrators those of everyone.
enum SessionListOperations {
    static let handlers: [String: APIHandler] = [
        "causeway_sessions_list": list, "causeway_sessions_destroy": end, "causeway_sessions_all_destroy": endAll,
    ]

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let user = try owner(request)
        let found = try await request.store.read { try sessions(of: user, request, in: $0) }
        return .ok(.array(found.map { json($0, request) }))
    }

    /// Whose sessions a request is about.
    private static func owner(_ request: APIRequest) throws -> UserID {
        let own = try request.caller.signedIn.id
        guard let user = request.query.integer("user").map({ UserID($0) }), user != own else { return own }
        guard request.caller.isAdministrator else { throw APIError.forbidden }
        return user
    }

    private static func sessions(of user: UserID, _ request: APIRequest, in transaction: Transaction) throws
        -> [BrowserSession]
    {
        let idle = request.services.limits.sessionIdle
        return try transaction.sessions(of: user).filter { $0.isValid(at: transaction.now, idle: idle) }
    }

    private static func json(_ session: BrowserSession, _ request: APIRequest) -> JSONValue {
        [
            "id": .string(session.id), "user": .integer(session.user.rawValue), "client_ip": .string(session.clientIP),
            "user_agent": .string(session.userAgent), "created": .string(APITime.text(session.created)),
            "last_used": .string(APITime.text(session.lastSeen)), "expires": .string(APITime.text(session.expires)),
            "is_current": .bool(session.keyHash == request.caller.session?.keyHash),
        ]
    }

    @Sendable private static func end(_ request: APIRequest) async throws -> APIResponse {
        let (user, id) = (try owner(request), request.path.text("id") ?? "")
        let session = try await request.store.write { transaction in
            guard let session = try sessions(of: user, request, in: transaction).first(where: { $0.id == id }) else {
                throw APIError.notFound("Session")
            }
            try transaction.deleteSession(withKeyHash: session.keyHash)
            try record(user, 1, request, in: transaction)
            return session
        }
        return response(isSignedOut: session.keyHash == request.caller.session?.keyHash, request)
    }

    /// Ends all sessions of a user; with `keep_current`, all but the one of the request.
    @Sendable private static func endAll(_ request: APIRequest) async throws -> APIResponse {
        let (user, own) = (try owner(request), request.caller.session)
        let kept = request.query.bool("keep_current") == true ? own?.keyHash : nil
        try await request.store.write { transaction in
            let ended = try sessions(of: user, request, in: transaction).count { $0.keyHash != kept }
            try transaction.deleteSessions(of: user, except: kept)
            if ended > 0 { try record(user, ended, request, in: transaction) }
        }
        return response(isSignedOut: own?.user == user && kept == nil, request)
    }

    /// - Parameter count: how many sessions ended.
    private static func record(_ user: UserID, _ count: Int, _ request: APIRequest, in transaction: Transaction) throws
    {
        guard let user = try transaction.user(user) else { return }
        let details: [String: JSONValue] = ["sessions": .integer(Int64(count))]
        try request.record(.logout, .user, "\(user.id)", user.username, details: details, in: transaction)
    }

    private static func response(isSignedOut: Bool, _ request: APIRequest) -> APIResponse {
        var response = APIResponse.noContent
        if isSignedOut { response.headers[.setCookie] = request.source.endedSessionCookie }
        return response
    }
}
