extension Migration {
    /// What plans need: fingerprints, destructive changes, approvals.
    ///
    /// The tables of runs are created again without lists of their allowed words, since SQLite cannot change a check: words
    /// are checked when they are read. Earlier actions have an empty fingerprint, so runs that waited cannot be approved.
    static let plans = Migration(
        version: 4,
        sql: """
            ALTER TABLE providers ADD COLUMN approval_lifetime TEXT NOT NULL DEFAULT 'hours=24';

            CREATE TABLE new_runs (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                cause TEXT NOT NULL CHECK (length(cause) >= 1),
                status TEXT NOT NULL CHECK (length(status) >= 1),
                message TEXT NOT NULL,
                examined_users BIGINT NOT NULL,
                examined_groups BIGINT NOT NULL,
                started_at_ms BIGINT NOT NULL,
                finished_at_ms BIGINT
            );

            INSERT INTO new_runs (id, provider_id, cause, status, message, examined_users, examined_groups,
                started_at_ms, finished_at_ms)
            SELECT id, provider_id, cause, status, message, examined_users, examined_groups, started_at_ms,
                finished_at_ms
            FROM runs;

            UPDATE new_runs SET status = 'superseded',
                message = 'Planned by an earlier version of Causeway; the next sync plans anew.'
            WHERE status = 'awaiting_approval';

            CREATE TABLE new_run_leases (
                provider_id BIGINT NOT NULL PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
                run_id TEXT NOT NULL REFERENCES new_runs (id) ON DELETE CASCADE,
                owner TEXT NOT NULL,
                expires_at_ms BIGINT NOT NULL
            );

            INSERT INTO new_run_leases (provider_id, run_id, owner, expires_at_ms)
            SELECT provider_id, run_id, owner, expires_at_ms FROM run_leases;

            CREATE TABLE new_actions (
                run_id TEXT NOT NULL REFERENCES new_runs (id) ON DELETE CASCADE,
                sequence BIGINT NOT NULL CHECK (sequence >= 1),
                phase BIGINT NOT NULL,
                level BIGINT NOT NULL,
                verb TEXT NOT NULL,
                object_kind TEXT NOT NULL CHECK (length(object_kind) >= 1),
                object_id TEXT,
                object_name TEXT NOT NULL,
                entra_id TEXT,
                reason TEXT NOT NULL,
                detail TEXT NOT NULL,
                changes TEXT NOT NULL,
                members TEXT NOT NULL,
                member_count BIGINT NOT NULL,
                secrets_sealed BYTEA,
                fingerprint TEXT NOT NULL,
                is_dangerous BOOLEAN NOT NULL,
                status TEXT NOT NULL CHECK (length(status) >= 1),
                message TEXT NOT NULL,
                remedy TEXT NOT NULL,
                attribute TEXT,
                updated_at_ms BIGINT NOT NULL,
                PRIMARY KEY (run_id, sequence)
            );

            INSERT INTO new_actions (run_id, sequence, phase, level, verb, object_kind, object_id, object_name,
                entra_id, reason, detail, changes, members, member_count, secrets_sealed, fingerprint, is_dangerous,
                status, message, remedy, attribute, updated_at_ms)
            SELECT run_id, sequence, phase, level, verb, object_kind, object_id, object_name, entra_id, reason, detail,
                changes, members, member_count, secrets_sealed, '',
                verb IN ('suspend', 'delete', 'remove_member')
                    OR (verb IN ('create', 'unlink') AND reason = 'vanished_from_entra'),
                status, message, remedy, attribute, updated_at_ms
            FROM actions;

            DROP TABLE actions;

            DROP TABLE run_leases;

            DROP TABLE runs;

            ALTER TABLE new_runs RENAME TO runs;

            ALTER TABLE new_run_leases RENAME TO run_leases;

            ALTER TABLE new_actions RENAME TO actions;

            CREATE INDEX runs_by_provider ON runs (provider_id, started_at_ms);

            CREATE INDEX actions_by_state ON actions (run_id, status, phase, level, sequence);

            CREATE INDEX actions_by_object ON actions (object_kind, object_id, run_id);

            CREATE INDEX actions_by_fingerprint ON actions (run_id, fingerprint);

            CREATE TABLE approvals (
                run_id TEXT NOT NULL PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                approved_by TEXT NOT NULL CHECK (length(approved_by) >= 1),
                approved_at_ms BIGINT NOT NULL,
                expires_at_ms BIGINT NOT NULL
            );

            CREATE INDEX approvals_by_provider ON approvals (provider_id, expires_at_ms);
            """
    )
}
