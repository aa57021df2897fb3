extension Migration {
    /// What a node must know of what another one began: changes of many objects, texts that a page shows later, changes that depend on
    /// the present state, and which mappings were delivered last.
    static let sharedState = Migration(
        version: 40,
        sql: """
            ALTER TABLE bulk_changes ADD COLUMN worker TEXT;

            ALTER TABLE bulk_changes ADD COLUMN seen_at_ms BIGINT;

            ALTER TABLE installation ADD COLUMN mapping_revision BIGINT NOT NULL DEFAULT 0;

            CREATE TABLE kept_texts (
                number BIGINT NOT NULL PRIMARY KEY,
                key_hash BYTEA NOT NULL UNIQUE,
                kind TEXT NOT NULL,
                owner_hash BYTEA NOT NULL,
                text_sealed BYTEA NOT NULL,
                kept_at_ms BIGINT NOT NULL
            );

            INSERT INTO sequences (name, last_value) VALUES ('kept_texts', 0);

            CREATE TABLE change_turns (
                object TEXT NOT NULL PRIMARY KEY,
                holder TEXT NOT NULL,
                expires_at_ms BIGINT NOT NULL
            ) /* clustered */;
            """,
        safeFor: 39
    )
}
