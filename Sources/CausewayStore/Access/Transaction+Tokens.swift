package import CausewayModel
package import Foundation

/// A token as its row stores it, with the key that it is created with.
private struct TokenRow {
    var token: AccessToken
    var keyHash: [UInt8] = []
    var sealedKey: [UInt8] = []

    static let table = RecordTable<TokenRow>(
        "tokens",
        AccessToken.fields,
        of: \.token,
        [
            Column("id", .once) { SQLValue($0.token.id) },
            .id("user_id", \.token.user),
            .optionalTime("expires_at_ms", \.token.expires),
            .optionalText("managed", \.token.managed),
            .optionalWord("role", \.token.role),
            .derived("key_hash", .once) { .blob($0.keyHash) },
            .derived("key_sealed", .once) { .blob($0.sealedKey) },
        ]
    )
}

extension Transaction {
    private static let tokens = "SELECT \(TokenRow.table.selection("t")) FROM tokens t"

    private static let changeToken = TokenRow.table.update(where: "id = ?")

    /// Stores a token.
    ///
    /// - Parameter key: stored, sealed, until it is read once.
    /// - Throws: ``StoreError`` of code `conflict` if the identifier or the key is taken.
    package func createToken(_ token: AccessToken, keyHash: [UInt8], key: Secret) throws {
        let row = TokenRow(token: token, keyHash: keyHash, sealedKey: try secrets.seal(key))
        try connection.execute(TokenRow.table.insertion, try TokenRow.table.values(of: row))
    }

    /// The token with that name.
    package func token(named identifier: String) throws -> AccessToken? {
        try first("\(Self.tokens) WHERE t.identifier = ?", .text(identifier), as: Self.token)
    }

    /// The token whose key has that hash.
    package func token(withKeyHash hash: [UInt8]) throws -> AccessToken? {
        try first("\(Self.tokens) WHERE t.key_hash = ?", .blob(hash), as: Self.token)
    }

    /// All tokens by name.
    package func tokens() throws -> [AccessToken] {
        try all("\(Self.tokens) ORDER BY t.identifier", as: Self.token)
    }

    /// A user's tokens by name.
    package func tokens(of user: UserID) throws -> [AccessToken] {
        try all("\(Self.tokens) WHERE t.user_id = ? ORDER BY t.identifier", SQLValue(user), as: Self.token)
    }

    /// The tokens whose keys were not shown yet.
    package func tokensWithKeys() throws -> Set<UUID> {
        Set(try all("SELECT id FROM tokens WHERE key_sealed IS NOT NULL") { try $0.uuid("id") })
    }

    private static func token(_ row: SQLRow) throws -> AccessToken {
        let empty = AccessToken(
            id: try row.uuid("id"),
            identifier: "",
            intent: .verification,
            user: UserID(0),
            isExpiring: true
        )
        return try TokenRow.table.record(row, from: TokenRow(token: empty)).token
    }

    /// Changes a token; its key stays.
    package func updateToken(_ token: AccessToken) throws {
        let changes = try TokenRow.table.changes(to: TokenRow(token: token))
        try connection.execute(Self.changeToken, changes + [SQLValue(token.id)])
    }

    /// Deletes the token of that name.
    package func deleteToken(named identifier: String) throws {
        try execute("DELETE FROM tokens WHERE identifier = ?", .text(identifier))
    }

    /// Gives a token another key, which can be read once.
    package func setKey(of identifier: String, keyHash: [UInt8], key: Secret) throws {
        try execute(
            "UPDATE tokens SET key_hash = ?, key_sealed = ? WHERE identifier = ?",
            .blob(keyHash),
            .blob(try secrets.seal(key)),
            .text(identifier)
        )
    }

    /// Returns the key of a token, and deletes it.
    ///
    /// - Returns: nil if it was read already.
    package func takeKey(of identifier: String) throws -> Secret? {
        let sealed = try first("SELECT key_sealed FROM tokens WHERE identifier = ?", .text(identifier)) {
            try $0.blob(orNil: "key_sealed")
        }
        guard let sealed = sealed ?? nil else { return nil }
        let taken = try executeAndCount(
            "UPDATE tokens SET key_sealed = NULL WHERE identifier = ? AND key_sealed IS NOT NULL",
            .text(identifier)
        )
        return taken > 0 ? try secrets.open(sealed) : nil
    }
}
