extension Migration {
    /// What reveals a wrong secret key, a copy without its write-ahead log, and a clock that was ahead.
    static let dataAtRest = Migration(
        version: 17,
        sql: """
            ALTER TABLE installation ADD COLUMN key_check BYTEA;

            ALTER TABLE installation ADD COLUMN is_whole BOOLEAN NOT NULL DEFAULT TRUE;

            ALTER TABLE installation ADD COLUMN seen_at_ms BIGINT
            """
    )
}
