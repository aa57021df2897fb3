extension Migration {
    /// Links with which a browser signs in without a password, once.
    static let signInLinks = Migration(
        version: 30,
        sql: """
            CREATE TABLE sign_in_links (
                user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
                key_hash BYTEA NOT NULL UNIQUE,
                expires_at_ms BIGINT NOT NULL
            );
            """
    )
}
