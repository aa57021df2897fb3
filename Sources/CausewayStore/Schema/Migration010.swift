extension Migration {
    /// Runs of a hundred thousand actions are counted from an index alone.
    static let actionCounts = Migration(
        version: 10,
        sql: """
            CREATE INDEX actions_by_kind ON actions (run_id, verb, object_kind, status, member_count)
            """
    )
}
