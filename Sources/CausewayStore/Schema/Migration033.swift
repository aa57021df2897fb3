extension Migration {
    /// Who wants a run in progress to end. The process that runs it looks here, whichever process was asked.
    static let cancellations = Migration(
        version: 33,
        sql: """
            CREATE TABLE run_cancellations (
                run_id TEXT NOT NULL PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
                requested_by TEXT NOT NULL CHECK (length(requested_by) >= 1),
                requested_at_ms BIGINT NOT NULL
            );
            """
    )
}
