extension Migration {
    /// Changes of many users or groups: how far each of them is, and its result.
    static let bulkChanges = Migration(
        version: 35,
        sql: """
            CREATE TABLE bulk_changes (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
                kind TEXT NOT NULL CHECK (kind IN ('user', 'group')),
                action TEXT NOT NULL,
                total BIGINT NOT NULL,
                done BIGINT NOT NULL,
                failed BIGINT NOT NULL,
                failures TEXT NOT NULL,
                message TEXT NOT NULL,
                started_at_ms BIGINT NOT NULL,
                ended_at_ms BIGINT
            );
            """
    )
}
