extension Migration {
    /// Runs of which actions were deleted because they are old, and providers whose database was restored from a backup: until a
    /// full sync has ended with nothing to wait for, what they would take away waits for a person.
    static let retention = Migration(
        version: 38,
        sql: """
            ALTER TABLE runs ADD COLUMN trimmed_at_ms BIGINT;

            ALTER TABLE providers ADD COLUMN restored_at_ms BIGINT
            """
    )
}
