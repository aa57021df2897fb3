extension Migration {
    /// Whoever is inactive is blocked, in providers that were there before as well: their guard asks where that concerns many.
    static let blockInactive = Migration(
        version: 14,
        sql: """
            ALTER TABLE providers ADD COLUMN block_inactive BOOLEAN NOT NULL DEFAULT TRUE
            """
    )
}
