extension Migration {
    /// Credentials other than the client secret, and further app registrations of a provider.
    static let credentials = Migration(
        version: 2,
        sql: """
            ALTER TABLE providers ADD COLUMN federated_token_file TEXT NOT NULL DEFAULT '';

            CREATE TABLE provider_registrations (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                client_id TEXT NOT NULL CHECK (length(client_id) >= 1),
                client_secret_sealed BYTEA NOT NULL,
                PRIMARY KEY (provider_id, client_id)
            ) /* clustered */;
            """
    )
}
