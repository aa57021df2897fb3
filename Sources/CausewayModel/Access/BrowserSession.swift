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

    package init(
        keyHash: [UInt8],
        user: UserID,
        csrfToken: String,
        created: Timestamp,
        expires: Timestamp,
        lastSeen: Timestamp,
        userAgent: String
    ) {
        self.keyHash = keyHash
        self.user = user
        self.csrfToken = csrfToken
        self.created = created
        self.expires = expires
        self.lastSeen = lastSeen
        self.userAgent = userAgent
    }
}
