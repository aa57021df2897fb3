extension Migration {
    /// What Graph has refused to write, object by object, and under which circumstances of the provider.
    static let refusals = Migration(
        version: 15,
        sql: """
            CREATE TABLE refusals (
                connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
                part TEXT NOT NULL CHECK (part IN ('attribute', 'member', 'former_member')),
                name TEXT NOT NULL CHECK (length(name) >= 1),
                fingerprint TEXT NOT NULL,
                message TEXT NOT NULL,
                remedy TEXT NOT NULL,
                rule TEXT NOT NULL,
                rule_title TEXT NOT NULL,
                since_ms BIGINT NOT NULL,
                PRIMARY KEY (connection_id, part, name)
            ) /* clustered */;

            ALTER TABLE providers ADD COLUMN refusal_circumstances TEXT NOT NULL DEFAULT ''
            """
    )
}
