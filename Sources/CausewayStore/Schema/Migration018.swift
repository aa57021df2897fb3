extension Migration {
    /// A link keeps its owner when its local object is deleted, so that each deletion is processed separately.
    /// The owners of objects that were deleted before are unknown; full syncs process those.
    static let connectionObjects = Migration(
        version: 18,
        sql: """
            ALTER TABLE connections ADD COLUMN object_id TEXT;

            UPDATE connections SET object_id = COALESCE(CAST(user_id AS TEXT), group_id);

            CREATE INDEX connections_by_object ON connections (provider_id, object_kind, object_id);
            """
    )
}
