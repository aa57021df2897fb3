extension Migration {
    /// Which accounts are disabled in the tenant: lists and counts find them without reading every account's
    /// known values.
    static let disabledAccounts = Migration(
        version: 32,
        sql: """
            ALTER TABLE mirror_objects ADD COLUMN is_disabled BOOLEAN NOT NULL DEFAULT FALSE;

            CREATE INDEX mirror_disabled ON mirror_objects (provider_id, entra_id) WHERE is_disabled
            """,
        sqlite: """
            UPDATE mirror_objects SET is_disabled = TRUE
            WHERE object_kind = 'user' AND json_extract(known, '$.accountEnabled') = 0
            """
    )
}
