extension Migration {
    /// What people have tried of a provider before its first sync.
    static let providerTrials = Migration(
        version: 37,
        sql: """
            CREATE TABLE provider_trials (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                trial TEXT NOT NULL CHECK (trial IN ('connection', 'mapping')),
                at_ms BIGINT NOT NULL,
                PRIMARY KEY (provider_id, trial)
            ) /* clustered */;
            """
    )
}
