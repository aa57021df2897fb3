package import CausewayModel

extension BrowserSession {
    fileprivate static let table = RecordTable<BrowserSession>(
        "browser_sessions",
        [
            Column("key_hash") { .blob($0.keyHash) },
            Column("user_id") { SQLValue($0.user) },
            Column("csrf_token") { .text($0.csrfToken) },
            Column("created_at_ms") { SQLValue($0.created) },
            Column("expires_at_ms") { SQLValue($0.expires) },
            Column("seen_at_ms") { SQLValue($0.lastSeen) },
            Column("user_agent") { .text($0.userAgent) },
            Column("client_ip") { .text($0.clientIP) },
        ]
    )
}

extension Transaction {
    private static let browserSessions = "SELECT \(BrowserSession.table.selection("s")) FROM browser_sessions s"

    /// Stores a session, and deletes those that have ended.
    package func createSession(_ session: BrowserSession) throws {
        try execute("DELETE FROM browser_sessions WHERE expires_at_ms <= ?", SQLValue(now))
        try connection.execute(BrowserSession.table.insertion, try BrowserSession.table.values(of: session))
    }

    /// The session whose key has that hash, ended or not.
    package func session(withKeyHash hash: [UInt8]) throws -> BrowserSession? {
        try first("\(Self.browserSessions) WHERE s.key_hash = ?", .blob(hash), as: Self.browserSession)
    }

    /// A user's sessions, ended or not, the latest used one first.
    package func sessions(of user: UserID) throws -> [BrowserSession] {
        try all(
            "\(Self.browserSessions) WHERE s.user_id = ? ORDER BY s.seen_at_ms DESC, s.created_at_ms DESC",
            SQLValue(user),
            as: Self.browserSession
        )
    }

    private static func browserSession(_ row: SQLRow) throws -> BrowserSession {
        BrowserSession(
            keyHash: try row.blob("key_hash"),
            user: try row.id("user_id"),
            csrfToken: try row.text("csrf_token"),
            created: try row.timestamp("created_at_ms"),
            expires: try row.timestamp("expires_at_ms"),
            lastSeen: try row.timestamp("seen_at_ms"),
            userAgent: try row.text("user_agent"),
            clientIP: try row.text("client_ip")
        )
    }

    /// Records that a session is in use.
    package func touchSession(withKeyHash hash: [UInt8]) throws {
        try execute("UPDATE browser_sessions SET seen_at_ms = ? WHERE key_hash = ?", SQLValue(now), .blob(hash))
    }

    /// Ends a session.
    package func deleteSession(withKeyHash hash: [UInt8]) throws {
        try execute("DELETE FROM browser_sessions WHERE key_hash = ?", .blob(hash))
    }

    /// Ends a user's sessions.
    ///
    /// - Parameter kept: the hash of the one that continues; nil for none.
    package func deleteSessions(of user: UserID, except kept: [UInt8]?) throws {
        try execute(
            "DELETE FROM browser_sessions WHERE user_id = ? AND key_hash <> ?",
            SQLValue(user),
            .blob(kept ?? [])
        )
    }

    /// Stores a link for creating the first administrator, instead of earlier ones.
    package func saveSetupLink(keyHash: [UInt8], expires: Timestamp) throws {
        try execute("DELETE FROM setup_links")
        try execute(
            "INSERT INTO setup_links (key_hash, expires_at_ms) VALUES (?, ?)",
            .blob(keyHash),
            SQLValue(expires)
        )
    }

    /// Whether a link is still valid.
    package func hasSetupLink(keyHash: [UInt8]) throws -> Bool {
        try exists(
            "SELECT 1 FROM setup_links WHERE key_hash = ? AND expires_at_ms > ?",
            .blob(keyHash),
            SQLValue(now)
        )
    }

    /// Uses a link up.
    ///
    /// - Returns: false if there is none, or if it has expired.
    package func takeSetupLink(keyHash: [UInt8]) throws -> Bool {
        try executeAndCount(
            "DELETE FROM setup_links WHERE key_hash = ? AND expires_at_ms > ?",
            .blob(keyHash),
            SQLValue(now)
        ) > 0
    }
}
