extension Migration {
    /// Several programs at work on one database: who they are, who holds a lease, which of them can use a newer
    /// schema, and what they may send to a tenant together.
    static let nodes = Migration(
        version: 39,
        sql: """
            ALTER TABLE run_leases ADD COLUMN token BIGINT NOT NULL DEFAULT 0;

            INSERT INTO sequences (name, last_value) VALUES ('run_leases', 0);

            ALTER TABLE schema_versions ADD COLUMN safe_for BIGINT;

            CREATE TABLE nodes (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
                name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
                version TEXT NOT NULL,
                owner TEXT NOT NULL,
                is_draining BOOLEAN NOT NULL,
                started_at_ms BIGINT NOT NULL,
                seen_at_ms BIGINT NOT NULL
            );

            CREATE INDEX nodes_by_name ON nodes (name, id);

            CREATE TABLE throttle_budgets (
                tenant_id TEXT NOT NULL,
                client_id TEXT NOT NULL,
                counted TEXT NOT NULL CHECK (counted IN ('writes', 'units', 'tenant_writes')),
                level_thousandths BIGINT NOT NULL,
                filled_at_ms BIGINT NOT NULL,
                closed_until_ms BIGINT NOT NULL,
                PRIMARY KEY (tenant_id, client_id, counted)
            ) /* clustered */;
            """
    )
}
