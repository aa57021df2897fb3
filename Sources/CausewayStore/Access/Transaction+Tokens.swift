package import CausewayModel
import Foundation

extension Transaction {
    private static let tokenColumns =
        "id, identifier, intent, user_id, description, expires_at_ms, is_expiring, managed, role"

    /// Stores a token.
    ///
    /// - Parameter key: kept, sealed, until it is taken once.
    /// - Throws: ``StoreError`` of code `conflict` where the identifier or the key is taken.
    package func createToken(_ token: AccessToken, keyHash: [UInt8], key: Secret) throws {
        try connection.execute(
            """
            INSERT INTO tokens (id, identifier, intent, user_id, description, expires_at_ms, is_expiring, managed, role, key_hash,
                key_sealed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [.text(token.id.uuidString.lowercased())] + columns(of: token)
                + [.blob(keyHash), .blob(try secrets.seal(key))]
        )
    }

    private func columns(of token: AccessToken) -> [SQLValue] {
        [
            .text(token.identifier), SQLValue(token.intent), SQLValue(token.user), .text(token.description),
            SQLValue(token.expires), .bool(token.isExpiring), SQLValue(token.managed), SQLValue(token.role?.rawValue),
        ]
    }

    /// The token of that name.
    package func token(named identifier: String) throws -> AccessToken? {
        try first("SELECT \(Self.tokenColumns) FROM tokens WHERE identifier = ?", .text(identifier), as: Self.token)
    }

    /// The token whose key has that hash.
    package func token(withKeyHash hash: [UInt8]) throws -> AccessToken? {
        try first("SELECT \(Self.tokenColumns) FROM tokens WHERE key_hash = ?", .blob(hash), as: Self.token)
    }

    /// All tokens by name.
    package func tokens() throws -> [AccessToken] {
        try all("SELECT \(Self.tokenColumns) FROM tokens ORDER BY identifier", as: Self.token)
    }

    /// A user's tokens by name.
    package func tokens(of user: UserID) throws -> [AccessToken] {
        try all(
            "SELECT \(Self.tokenColumns) FROM tokens WHERE user_id = ? ORDER BY identifier",
            SQLValue(user),
            as: Self.token
        )
    }

    private static func token(_ row: any SQLRow) throws -> AccessToken {
        AccessToken(
            id: (try row.uuid(0) as RunID).rawValue,
            identifier: try row.requiredText(1),
            intent: try row.word(2),
            user: UserID(try row.requiredInteger(3)),
            description: try row.requiredText(4),
            expires: row.isNull(5) ? nil : try row.timestamp(5),
            isExpiring: try row.bool(6),
            managed: row.text(7),
            role: row.isNull(8) ? nil : try row.word(8)
        )
    }

    /// Changes a token; its key stays.
    package func updateToken(_ token: AccessToken) throws {
        try connection.execute(
            """
            UPDATE tokens SET identifier = ?, intent = ?, user_id = ?, description = ?, expires_at_ms = ?, is_expiring = ?,
                managed = ?, role = ?
            WHERE id = ?
            """,
            columns(of: token) + [.text(token.id.uuidString.lowercased())]
        )
    }

    /// Deletes the token of that name.
    package func deleteToken(named identifier: String) throws {
        try execute("DELETE FROM tokens WHERE identifier = ?", .text(identifier))
    }

    /// Gives a token another key, which can be taken once.
    package func setKey(of identifier: String, keyHash: [UInt8], key: Secret) throws {
        try execute(
            "UPDATE tokens SET key_hash = ?, key_sealed = ? WHERE identifier = ?",
            .blob(keyHash),
            .blob(try secrets.seal(key)),
            .text(identifier)
        )
    }

    /// Hands the key of a token out, and forgets it.
    ///
    /// - Returns: nil where it was handed out already.
    package func takeKey(of identifier: String) throws -> Secret? {
        let sealed = try first("SELECT key_sealed FROM tokens WHERE identifier = ?", .text(identifier)) { $0.blob(0) }
        guard let sealed = sealed ?? nil else { return nil }
        let taken = try execute(
            "UPDATE tokens SET key_sealed = NULL WHERE identifier = ? AND key_sealed IS NOT NULL",
            .text(identifier)
        )
        return taken > 0 ? try secrets.open(sealed) : nil
    }
}
