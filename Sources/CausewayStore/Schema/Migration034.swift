extension Migration {
    /// Since when an object fails, whatever the number of attempts since then. Of earlier failures, the latest attempt is known.
    static let failingSince = Migration(
        version: 34,
        sql: """
            ALTER TABLE failing_objects ADD COLUMN since_ms BIGINT NOT NULL DEFAULT 0;

            UPDATE failing_objects SET since_ms = COALESCE(
                (SELECT r.started_at_ms FROM runs r WHERE r.id = failing_objects.run_id), 0)
            """
    )
}
