extension Migration {
    /// The mirror of each tenant: its objects and members separate from the links to them, and the positions of its delta queries.
    ///
    /// The known values of linked objects move over; the rest is read again, since no delta query has begun.
    ///
    /// Partial indexes test only for NULL: for one that compares with a literal, SQLite prepares a statement again at each binding.
    static let mirror = Migration(
        version: 3,
        sql: """
            CREATE TABLE mirror_objects (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                entra_id TEXT NOT NULL CHECK (length(entra_id) >= 1),
                object_kind TEXT NOT NULL,
                immutable_id TEXT,
                principal_name_folded TEXT,
                mail_folded TEXT,
                identity_folded TEXT,
                unique_name TEXT,
                display_name_folded TEXT,
                known TEXT NOT NULL,
                presence TEXT NOT NULL,
                deleted_at_ms BIGINT,
                former_object_id TEXT,
                written TEXT NOT NULL,
                doubt_since_ms BIGINT,
                round BIGINT NOT NULL,
                PRIMARY KEY (provider_id, entra_id)
            );

            CREATE INDEX mirror_by_immutable_id ON mirror_objects (provider_id, immutable_id);

            CREATE INDEX mirror_by_principal_name ON mirror_objects (provider_id, principal_name_folded);

            CREATE INDEX mirror_by_mail ON mirror_objects (provider_id, mail_folded) WHERE mail_folded IS NOT NULL;

            CREATE INDEX mirror_by_identity ON mirror_objects (provider_id, identity_folded)
                WHERE identity_folded IS NOT NULL;

            CREATE INDEX mirror_by_unique_name ON mirror_objects (provider_id, unique_name) WHERE unique_name IS NOT NULL;

            CREATE INDEX mirror_by_display_name ON mirror_objects (provider_id, display_name_folded)
                WHERE display_name_folded IS NOT NULL;

            CREATE INDEX mirror_by_former_object ON mirror_objects (provider_id, former_object_id)
                WHERE former_object_id IS NOT NULL;

            CREATE INDEX mirror_not_present ON mirror_objects (provider_id, deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;

            CREATE INDEX mirror_in_doubt ON mirror_objects (provider_id, doubt_since_ms) WHERE doubt_since_ms IS NOT NULL;

            INSERT INTO mirror_objects (provider_id, entra_id, object_kind, known, presence, written, round)
            SELECT provider_id, entra_id, object_kind, known, 'present', '{}', 0 FROM connections;

            CREATE TABLE mirror_members (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                group_entra_id TEXT NOT NULL,
                member_entra_id TEXT NOT NULL,
                is_member BOOLEAN NOT NULL,
                written_at_ms BIGINT,
                removed_at_ms BIGINT,
                round BIGINT NOT NULL,
                PRIMARY KEY (provider_id, group_entra_id, member_entra_id)
            ) /* clustered */;

            CREATE INDEX mirror_members_removed ON mirror_members (provider_id, removed_at_ms)
                WHERE removed_at_ms IS NOT NULL;

            DROP TABLE known_members;

            DROP TABLE unlinked_objects;

            CREATE TABLE mirror_feeds (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                object_kind TEXT NOT NULL,
                source TEXT NOT NULL,
                delta_link TEXT,
                round BIGINT NOT NULL,
                read_at_ms BIGINT,
                PRIMARY KEY (provider_id, object_kind)
            );

            ALTER TABLE connections DROP COLUMN known;

            ALTER TABLE connections DROP COLUMN seen_in_run;

            ALTER TABLE connections ADD COLUMN matched_by TEXT NOT NULL DEFAULT '';

            ALTER TABLE connections ADD COLUMN is_suspended BOOLEAN NOT NULL DEFAULT FALSE;

            ALTER TABLE connections ADD COLUMN members_known BOOLEAN NOT NULL DEFAULT FALSE;

            ALTER TABLE connections ADD COLUMN members_doubt_since_ms BIGINT;

            CREATE INDEX connections_user_to_entra ON connections (provider_id, user_id, entra_id);

            CREATE INDEX connections_entra_to_object ON connections (provider_id, entra_id, user_id, group_id);

            CREATE INDEX connections_orphaned ON connections (provider_id, object_kind)
                WHERE user_id IS NULL AND group_id IS NULL;

            ALTER TABLE providers ADD COLUMN user_match_rules TEXT NOT NULL
                DEFAULT 'immutable_id,user_principal_name,mail';

            ALTER TABLE providers ADD COLUMN group_match_rules TEXT NOT NULL DEFAULT 'unique_name,display_name';

            ALTER TABLE journal ADD COLUMN member_kind TEXT;

            ALTER TABLE journal ADD COLUMN member_id TEXT;
            """
    )
}
