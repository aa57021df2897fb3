extension Migration {
    /// A tenant's description of itself when it was last read.
    static let tenants = Migration(
        version: 8,
        sql: """
            CREATE TABLE tenants (
                provider_id BIGINT NOT NULL PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
                organization_id TEXT NOT NULL,
                display_name TEXT NOT NULL,
                verified_domains TEXT NOT NULL,
                read_at_ms BIGINT NOT NULL
            );
            """
    )
}
