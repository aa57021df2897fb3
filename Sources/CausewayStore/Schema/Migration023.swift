extension Migration {
    /// Groups whose members are stale are found at once, at each change.
    static let memberDoubts = Migration(
        version: 23,
        sql: """
            CREATE INDEX connections_in_doubt ON connections (provider_id, members_doubt_since_ms)
                WHERE members_doubt_since_ms IS NOT NULL
            """
    )
}
