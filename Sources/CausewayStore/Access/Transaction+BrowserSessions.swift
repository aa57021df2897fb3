package import CausewayModel

extension Transaction {
    /// Stores a session, and forgets those that are over.
    package func createSession(_ session: BrowserSession) throws {
        try execute("DELETE FROM browser_sessions WHERE expires_at_ms <= ?", SQLValue(now))
        try execute(
            """
            INSERT INTO browser_sessions (key_hash, user_id, csrf_token, created_at_ms, expires_at_ms, seen_at_ms, user_agent)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            .blob(session.keyHash),
            SQLValue(session.user),
            .text(session.csrfToken),
            SQLValue(session.created),
            SQLValue(session.expires),
            SQLValue(session.lastSeen),
            .text(session.userAgent)
        )
    }

    /// The session whose key has that hash, over or not.
    package func session(withKeyHash hash: [UInt8]) throws -> BrowserSession? {
        try first(
            """
            SELECT user_id, csrf_token, created_at_ms, expires_at_ms, seen_at_ms, user_agent FROM browser_sessions
            WHERE key_hash = ?
            """,
            .blob(hash)
        ) { row in
            BrowserSession(
                keyHash: hash,
                user: UserID(try row.requiredInteger(0)),
                csrfToken: try row.requiredText(1),
                created: try row.timestamp(2),
                expires: try row.timestamp(3),
                lastSeen: try row.timestamp(4),
                userAgent: try row.requiredText(5)
            )
        }
    }

    /// Notes that a session is in use.
    package func touchSession(withKeyHash hash: [UInt8]) throws {
        try execute("UPDATE browser_sessions SET seen_at_ms = ? WHERE key_hash = ?", SQLValue(now), .blob(hash))
    }

    /// Ends a session.
    package func deleteSession(withKeyHash hash: [UInt8]) throws {
        try execute("DELETE FROM browser_sessions WHERE key_hash = ?", .blob(hash))
    }

    /// Ends a user's sessions.
    ///
    /// - Parameter kept: the hash of the one that goes on; nil for none.
    package func deleteSessions(of user: UserID, except kept: [UInt8]?) throws {
        try execute(
            "DELETE FROM browser_sessions WHERE user_id = ? AND key_hash <> ?",
            SQLValue(user),
            .blob(kept ?? [])
        )
    }

    /// Keeps a link for making the first administrator, in place of earlier ones.
    package func saveSetupLink(keyHash: [UInt8], expires: Timestamp) throws {
        try execute("DELETE FROM setup_links")
        try execute(
            "INSERT INTO setup_links (key_hash, expires_at_ms) VALUES (?, ?)",
            .blob(keyHash),
            SQLValue(expires)
        )
    }

    /// Whether a link is still good.
    package func hasSetupLink(keyHash: [UInt8]) throws -> Bool {
        try exists(
            "SELECT 1 FROM setup_links WHERE key_hash = ? AND expires_at_ms > ?",
            .blob(keyHash),
            SQLValue(now)
        )
    }

    /// Uses a link up.
    ///
    /// - Returns: false where there is none, or it is too old.
    package func takeSetupLink(keyHash: [UInt8]) throws -> Bool {
        try execute(
            "DELETE FROM setup_links WHERE key_hash = ? AND expires_at_ms > ?",
            .blob(keyHash),
            SQLValue(now)
        ) > 0
    }
}
