extension Migration {
    /// Links store whether a mapping skips their object.
    static let skippedObjects = Migration(
        version: 20,
        sql: """
            ALTER TABLE connections ADD COLUMN is_skipped BOOLEAN NOT NULL DEFAULT FALSE
            """
    )
}
