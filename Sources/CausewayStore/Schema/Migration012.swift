extension Migration {
    /// An application's backchannel providers keep the order in which they were named.
    static let providerOrder = Migration(
        version: 12,
        sql: """
            ALTER TABLE providers ADD COLUMN application_place BIGINT NOT NULL DEFAULT 0
            """
    )
}
