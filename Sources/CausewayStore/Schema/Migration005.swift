extension Migration {
    /// When providers run: their schedules, waiting requests, and providers that fail as a whole.
    ///
    /// Existing providers get their schedule at the first check, since SQL cannot compute their minute.
    static let schedules = Migration(
        version: 5,
        sql: """
            CREATE TABLE provider_schedules (
                provider_id BIGINT NOT NULL PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
                cron TEXT NOT NULL CHECK (length(cron) >= 1),
                is_paused BOOLEAN NOT NULL,
                next_run_at_ms BIGINT NOT NULL,
                last_full_sync_at_ms BIGINT
            );

            CREATE TABLE run_requests (
                provider_id BIGINT NOT NULL PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
                cause TEXT NOT NULL,
                requested_at_ms BIGINT NOT NULL,
                taken_by TEXT
            );

            CREATE TABLE provider_health (
                provider_id BIGINT NOT NULL PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
                failures BIGINT NOT NULL CHECK (failures >= 1),
                quarantined_until_ms BIGINT NOT NULL,
                reason TEXT NOT NULL,
                since_ms BIGINT NOT NULL
            );
            """
    )
}
