extension Migration {
    /// What a full sync need not evaluate again. A program that does not record what changes in the tenant must not work with it.
    static let evaluations = Migration(
        version: 42,
        sql: """
            CREATE TABLE evaluations (
                provider_id BIGINT NOT NULL PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
                basis TEXT NOT NULL,
                compared_at_ms BIGINT NOT NULL,
                users_changed BOOLEAN NOT NULL,
                groups_changed BOOLEAN NOT NULL
            );

            CREATE TABLE unsettled_objects (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                object_kind TEXT NOT NULL CHECK (object_kind IN ('user', 'group')),
                object_id TEXT NOT NULL,
                cause TEXT NOT NULL,
                run_id TEXT,
                PRIMARY KEY (provider_id, object_kind, object_id, cause)
            ) /* clustered */;

            ALTER TABLE providers ADD COLUMN comparison_interval TEXT NOT NULL DEFAULT 'days=1';
            """
    )
}
