package import CausewayModel

/// Links with which a browser signs in without a password. A user has at most one; only the hash of its key is stored.
extension Transaction {
    /// Stores a link, instead of an earlier one of the user, and deletes those that have expired.
    package func saveSignInLink(of user: UserID, keyHash: [UInt8], expires: Timestamp) throws {
        try execute("DELETE FROM sign_in_links WHERE user_id = ? OR expires_at_ms <= ?", SQLValue(user), SQLValue(now))
        try execute(
            "INSERT INTO sign_in_links (user_id, key_hash, expires_at_ms) VALUES (?, ?, ?)",
            SQLValue(user),
            .blob(keyHash),
            SQLValue(expires)
        )
    }

    /// Uses a link up.
    ///
    /// - Returns: whose it is; nil if there is none, or if it has expired.
    package func takeSignInLink(keyHash: [UInt8]) throws -> UserID? {
        let user: UserID? = try first(
            "SELECT user_id FROM sign_in_links WHERE key_hash = ? AND expires_at_ms > ?",
            .blob(keyHash),
            SQLValue(now)
        ) { try $0.id("user_id") }
        guard let user else { return nil }
        try execute("DELETE FROM sign_in_links WHERE key_hash = ?", .blob(keyHash))
        return user
    }
}
