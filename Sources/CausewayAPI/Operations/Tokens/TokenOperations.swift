import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

/// `core/tokens/`: the keys with which programs sign in. Only their hash is stored; a key is shown once.
enum TokenOperations: EditableResourceOperations {
    static let model = APIModel.token

    static let handlers: [String: APIHandler] = commonHandlers(ofEditable: "core_tokens").merging([
        "core_tokens_list": list, "core_tokens_set_key_create": setKey, "core_tokens_view_key_retrieve": viewKey,
    ]) { $1 }

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let (list, query) = (try ListRequest(request), request.query)
        let tokens = try await request.store.read { transaction in
            let all = try visible(request, in: transaction).filter { token in
                (query.text("identifier").map { $0 == token.identifier } ?? true)
                    && (query.text("intent").map { $0 == token.intent.rawValue } ?? true)
                    && (query.bool("expiring").map { $0 == token.isExpiring } ?? true)
                    && (query.text("description").map { $0 == token.description } ?? true)
                    && (query.text("managed").map { $0 == token.managed } ?? true)
                    && (query.time("expires").map { $0 == token.expires } ?? true)
            }
            return try Self.json(all, in: transaction).filter { token in
                query.text("user__username").map { $0 == token["user_obj"]?["username"]?.string } ?? true
            }
        }
        let searched = ["identifier", "intent", "description", "user_obj.username"]
        return try list.envelope(of: tokens, searched: searched, standard: ["identifier"])
    }

    /// Administrators see all, others their own.
    private static func visible(_ request: APIRequest, in transaction: Transaction) throws -> [AccessToken] {
        if request.caller.isAdministrator { return try transaction.tokens() }
        return try transaction.tokens(of: try request.caller.signedIn.id)
    }

    /// A new token has the same limits as the token that creates it, unless the client asks for less.
    private static func blank(_ identifier: String, _ request: APIRequest) throws -> AccessToken {
        AccessToken(
            id: UUID(),
            identifier: identifier,
            intent: .api,
            user: try owner(request),
            description: "",
            expires: nil,
            isExpiring: true,
            managed: nil,
            role: request.caller.token?.role
        )
    }

    /// The user of a new token: an administrator may name another than the caller, and a command must.
    private static func owner(_ request: APIRequest) throws -> UserID {
        if request.caller.isAdministrator, let user = request.integer("user") { return UserID(user) }
        return try request.caller.signedIn.id
    }

    static func made(by request: APIRequest, in transaction: Transaction) throws -> Edit<AccessToken> {
        let (identifier, key) = (request.text("identifier") ?? "", AccessKey.random())
        guard try transaction.token(named: identifier) == nil else {
            throw APIError.invalid("identifier", "This field must be unique.")
        }
        let token = try merged(blank(identifier, request), request, in: transaction)
        try transaction.createToken(token, keyHash: AccessKey.hash(key), key: Secret(key))
        return Edit(object: token, changes: changes(from: nil, to: token))
    }

    /// What a request changes in a token.
    ///
    /// - Parameter before: nil for a new token.
    static func changes(from before: AccessToken?, to after: AccessToken) -> [FieldChange] {
        func value(_ field: String, _ of: (AccessToken) -> JSONValue) -> FieldChange? {
            FieldChange(field, from: before.map(of) ?? .null, to: of(after))
        }
        let further = [
            value("user") { .integer($0.user.rawValue) },
            value("expires") { JSONValue($0.expires.map(APITime.text)) },
            value("causeway_role") { JSONValue($0.role?.rawValue) }, value("managed") { JSONValue($0.managed) },
        ]
        return after.changes(since: before ?? .blank) + further.compactMap(\.self)
    }

    static func finalChanges(of token: AccessToken) -> [FieldChange] { token.finalChanges }

    /// A token acts for its user.
    static func related(to token: AccessToken, in transaction: Transaction) throws -> [EventReference] {
        [.user(token.user)]
    }

    static func changed(_ before: AccessToken, by request: APIRequest, in transaction: Transaction) throws
        -> Edit<AccessToken>
    {
        let identifier = request.text("identifier") ?? before.identifier
        if identifier != before.identifier, try transaction.token(named: identifier) != nil {
            throw APIError.invalid("identifier", "This field must be unique.")
        }
        if let user = request.integer("user"), UserID(user) != before.user {
            throw APIError.invalid("user", "User cannot be changed")
        }
        let token = try merged(before, request, in: transaction)
        try requireNoExtension(of: before, to: token, request)
        try transaction.updateToken(token)
        return Edit(object: token, changes: changes(from: before, to: token))
    }

    /// A key alone cannot extend its own life.
    private static func requireNoExtension(of before: AccessToken, to after: AccessToken, _ request: APIRequest) throws
    {
        guard request.caller.token?.id == before.id, after.outlives(before.end) else { return }
        throw APIError.detail(.forbidden, "A token cannot extend its own life; use another one, or sign in.")
    }

    /// A token with the values of a request.
    private static func merged(_ before: AccessToken, _ request: APIRequest, in transaction: Transaction) throws
        -> AccessToken
    {
        var token = before
        AccessToken.fields.take(request.body, into: &token)
        try token.validate()
        guard [.api, .appPassword].contains(token.intent) || token.intent == before.intent else {
            throw APIError.invalid("intent", "Invalid intent \(token.intent.rawValue)")
        }
        if request.caller.isAdministrator, let user = request.integer("user").map(UserID.init) {
            guard try transaction.user(user) != nil else { throw UserOperations.unknownKey("user", "\(user)") }
            token.user = user
        }
        token.managed = request.text("managed") ?? before.managed
        if let role = request.body["causeway_role"] { token.role = role.string.flatMap(AccessRole.init) }
        token.expires = request.text("expires").flatMap(APITime.timestamp) ?? before.expires
        if token.isExpiring, request.text("expires") == nil, token.expires == nil {
            let standard = transaction.now + request.services.limits.tokenLifetime
            token.expires = request.caller.ceiling.expires.map { min($0, standard) } ?? standard
        }
        if token.intent == .api, token.isExpiring, let expires = token.expires, expires <= transaction.now {
            throw APIError.invalid("expires", "Ensure this is in the future.")
        }
        return token
    }

    @Sendable private static func setKey(_ request: APIRequest) async throws -> APIResponse {
        let key = request.text("key") ?? ""
        guard key.utf8.count >= 20 else {
            throw APIError.invalid(
                "key",
                "Ensure this field has at least 20 unguessable characters."
            )
        }
        try await request.store.write { transaction in
            let token = try requested(request, in: transaction)
            if let other = try transaction.token(withKeyHash: AccessKey.hash(key)), other.id != token.id {
                throw APIError.invalid("key", "This field must be unique.")
            }
            try transaction.setKey(of: token.identifier, keyHash: AccessKey.hash(key), key: Secret(key))
            try record(.secretRotate, token, request, [FieldChange("key", .secret)], in: transaction)
        }
        return .noContent
    }

    @Sendable private static func viewKey(_ request: APIRequest) async throws -> APIResponse {
        let key = try await request.store.write { transaction in
            let token = try requested(request, in: transaction)
            guard let key = try transaction.takeKey(of: token.identifier) else {
                // Not 404: Terraform would assume that the token is gone, and create another.
                throw APIError.detail(
                    .forbidden,
                    "The key was already shown and is not stored; set another one with set_key/."
                )
            }
            try record(.secretView, token, request, in: transaction)
            return key
        }
        return .ok(["key": .string(key.revealed)])
    }

    static func requested(_ request: APIRequest, in transaction: Transaction) throws -> AccessToken {
        guard let name = request.path.text("identifier"), let token = try transaction.token(named: name),
            try request.caller.isAdministrator || token.user == request.caller.signedIn.id
        else { throw APIError.notFound("Token") }
        return token
    }

    static func label(of token: AccessToken) -> (key: String, name: String) {
        (token.id.uuidString.lowercased(), token.identifier)
    }

    static func json(_ token: AccessToken, _ request: APIRequest, in transaction: Transaction) throws -> JSONValue {
        try json([token], in: transaction)[0]
    }

    static func delete(_ token: AccessToken, _ request: APIRequest, in transaction: Transaction) throws {
        try transaction.deleteToken(named: token.identifier)
    }

    static func uses(of token: AccessToken, in transaction: Transaction) throws -> [JSONValue] { [] }

    private static func json(_ tokens: [AccessToken], in transaction: Transaction) throws -> [JSONValue] {
        let users = try transaction.users(ids: Array(Set(tokens.map(\.user))))
        let answer = try UserAnswer(Array(users.values), in: transaction)
        let available = try transaction.tokensWithKeys()
        return tokens.map { token in
            let further: [String: JSONValue] = [
                "pk": .string(token.id.uuidString.lowercased()), "managed": JSONValue(token.managed),
                "user": .integer(token.user.rawValue), "user_obj": users[token.user].map(answer.json) ?? .null,
                "expires": JSONValue(token.expires.map(APITime.text)), "causeway_role": JSONValue(token.role?.rawValue),
                "causeway_key_available": .bool(available.contains(token.id)),
            ]
            return .object(AccessToken.fields.values(of: token).merging(further) { $1 })
        }
    }
}
