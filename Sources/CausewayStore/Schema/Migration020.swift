extension Migration {
    /// Links remember whether a mapping leaves their object alone.
    static let skippedObjects = Migration(
        version: 20,
        sql: """
            ALTER TABLE connections ADD COLUMN is_skipped BOOLEAN NOT NULL DEFAULT FALSE
            """
    )
}
