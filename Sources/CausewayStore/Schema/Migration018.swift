extension Migration {
    /// A link remembers whose it was when its local object is deleted, so that each deletion is carried out on its own account.
    /// Of objects that were deleted before, nobody knows; full syncs look at those.
    static let connectionObjects = Migration(
        version: 18,
        sql: """
            ALTER TABLE connections ADD COLUMN object_id TEXT;

            UPDATE connections SET object_id = COALESCE(CAST(user_id AS TEXT), group_id);

            CREATE INDEX connections_by_object ON connections (provider_id, object_kind, object_id);
            """
    )
}
