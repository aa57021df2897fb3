extension Migration {
    /// Inactive users are suspended, also by existing providers: their guard asks if that concerns many.
    static let blockInactive = Migration(
        version: 14,
        sql: """
            ALTER TABLE providers ADD COLUMN block_inactive BOOLEAN NOT NULL DEFAULT TRUE
            """
    )
}
