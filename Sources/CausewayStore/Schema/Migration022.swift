extension Migration {
    /// First contact: a provider's first full sync may wait for a person, and what the first link of an object would take away from an
    /// existing Entra object always does. Earlier links count as decided.
    static let firstContact = Migration(
        version: 22,
        sql: """
            ALTER TABLE providers ADD COLUMN review_first_sync BOOLEAN NOT NULL DEFAULT FALSE;

            ALTER TABLE providers ADD COLUMN shaped_at_ms BIGINT NOT NULL DEFAULT 0;

            ALTER TABLE connections ADD COLUMN asks_first BOOLEAN NOT NULL DEFAULT FALSE;

            ALTER TABLE actions ADD COLUMN asks_first BOOLEAN NOT NULL DEFAULT FALSE;
            """
    )
}
