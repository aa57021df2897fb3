extension Migration {
    /// Which objects fail, by their latest attempt; and what shows at once the state of a provider.
    static let failingObjects = Migration(
        version: 21,
        sql: """
            CREATE TABLE failing_objects (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                object_kind TEXT NOT NULL,
                object_id TEXT NOT NULL,
                run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                is_passing BOOLEAN NOT NULL,
                is_unsent BOOLEAN NOT NULL,
                is_refused BOOLEAN NOT NULL,
                PRIMARY KEY (provider_id, object_kind, object_id)
            );

            CREATE INDEX failing_objects_by_run ON failing_objects (run_id);

            CREATE INDEX failing_objects_by_object ON failing_objects (object_kind, object_id);

            CREATE INDEX failing_objects_by_sort ON failing_objects (provider_id, is_passing);

            CREATE INDEX runs_by_status ON runs (provider_id, status, finished_at_ms)
            """,
        sqlite: """
            INSERT INTO failing_objects (provider_id, object_kind, object_id, run_id, is_passing, is_unsent, is_refused)
            SELECT provider_id, object_kind, id, run_id, is_passing, is_unsent, is_refused FROM (
                SELECT r.provider_id, a.object_kind, COALESCE(a.object_id, 'entra:' || COALESCE(a.entra_id, '')) AS id, a.run_id,
                    a.status = 'retry' AS is_passing, a.verb = 'skip' AND a.reason <> 'refused_by_entra' AS is_unsent,
                    a.reason = 'refused_by_entra' AS is_refused, MAX(a.updated_at_ms)
                FROM actions a JOIN runs r ON r.id = a.run_id
                WHERE a.status IN ('failed', 'retry') AND r.cause <> 'preview' AND r.started_at_ms >= COALESCE((
                        SELECT MAX(l.started_at_ms) FROM runs l WHERE l.provider_id = r.provider_id
                            AND l.cause NOT IN ('change', 'preview') AND l.status IN ('succeeded', 'warning')), 0)
                    AND NOT EXISTS (
                        SELECT 1 FROM actions b JOIN runs s ON s.id = b.run_id
                        WHERE b.object_kind = a.object_kind AND b.object_id = a.object_id AND b.run_id <> a.run_id
                            AND s.provider_id = r.provider_id AND b.status NOT IN ('planned', 'held')
                            AND b.updated_at_ms > a.updated_at_ms)
                GROUP BY 1, 2, 3)
            """
    )
}
