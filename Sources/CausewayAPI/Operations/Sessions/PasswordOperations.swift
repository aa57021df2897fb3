import CausewayModel
import CausewayStore
import HTTPTypes

/// `causeway/password/`: the caller's own password.
struct PasswordOperations: Sendable {
    let authenticator: Authenticator

    var handlers: [String: APIHandler] { ["causeway_password_create": change] }

    /// Changes it, and ends the caller's other sessions. The browser of the request stays known.
    @Sendable private func change(_ request: APIRequest) async throws -> APIResponse {
        let (user, password) = (try request.caller.signedIn, request.text("new_password") ?? "")
        try await request.requirePassword(authenticator.attempts, field: "current_password")
        guard password != request.text("current_password") else {
            throw APIError.invalid("new_password", "This is the current password.")
        }
        let hash = try await request.services.hash(password, of: user.profile, field: "new_password", for: .known)
        let cookie = try await request.store.write { transaction -> String? in
            try transaction.setPasswordHash(hash, of: user.id)
            try transaction.deleteSessions(of: user.id, except: request.caller.session?.keyHash)
            let changes = [FieldChange("password", .secret)]
            try request.record(.passwordSet, .user, "\(user.id)", user.username, changes, in: transaction)
            guard request.caller.session != nil else { return nil }
            return try KnownBrowser.newCookie(for: user.id, request.source, in: transaction)
        }
        var response = APIResponse.noContent
        response.headers[.setCookie] = cookie
        return response
    }
}
