extension Migration {
    /// How far each provider has followed the journal, and pending retries.
    static let directSync = Migration(
        version: 6,
        sql: """
            CREATE TABLE journal_positions (
                provider_id BIGINT NOT NULL PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
                sequence BIGINT NOT NULL
            );

            CREATE TABLE retries (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                object_kind TEXT NOT NULL,
                object_id TEXT NOT NULL,
                attempts BIGINT NOT NULL,
                due_at_ms BIGINT NOT NULL,
                PRIMARY KEY (provider_id, object_kind, object_id)
            );

            CREATE INDEX retries_by_time ON retries (provider_id, due_at_ms);
            """
    )
}
