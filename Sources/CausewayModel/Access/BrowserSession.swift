/// A browser in which a user signed in; only the hash of its key is stored.
package struct BrowserSession: Hashable, Sendable {
    package let keyHash: [UInt8]
    package let user: UserID
    /// What only Causeway's own pages can read; changes must send it.
    package let csrfToken: String
    package let created: Timestamp
    package let expires: Timestamp
    package let lastSeen: Timestamp
    package let userAgent: String
    /// The address from which the user signed in; empty for sessions of earlier versions.
    package let clientIP: String

    package init(
        keyHash: [UInt8],
        user: UserID,
        csrfToken: String,
        created: Timestamp,
        expires: Timestamp,
        lastSeen: Timestamp,
        userAgent: String,
        clientIP: String = ""
    ) {
        self.keyHash = keyHash
        self.user = user
        self.csrfToken = csrfToken
        self.created = created
        self.expires = expires
        self.lastSeen = lastSeen
        self.userAgent = userAgent
        self.clientIP = clientIP
    }

    /// What people and programs call it: a part of the hash, which does not reveal the key.
    package var id: String { keyHash.prefix(8).hexadecimalText }

    /// Whether it can be used.
    ///
    /// - Parameter idle: how long it lasts without a request.
    package func isValid(at now: Timestamp, idle: Duration) -> Bool { expires > now && lastSeen + idle > now }
}
