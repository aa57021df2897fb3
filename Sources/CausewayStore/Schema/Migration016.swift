extension Migration {
    /// What identifies a person, and what must be unique in a tenant: employee ids, nicknames of Microsoft 365 groups, and
    /// the addresses except the primary one. The latter are read with the next full reading of the mirror, which the longer list of
    /// properties causes.
    static let identity = Migration(
        version: 16,
        sql: """
            ALTER TABLE mirror_objects ADD COLUMN employee_id_folded TEXT;

            ALTER TABLE mirror_objects ADD COLUMN nickname_folded TEXT;

            CREATE INDEX mirror_by_employee_id ON mirror_objects (provider_id, employee_id_folded)
                WHERE employee_id_folded IS NOT NULL;

            CREATE INDEX mirror_by_nickname ON mirror_objects (provider_id, nickname_folded)
                WHERE nickname_folded IS NOT NULL;

            CREATE TABLE mirror_addresses (
                provider_id BIGINT NOT NULL,
                address_folded TEXT NOT NULL,
                entra_id TEXT NOT NULL,
                PRIMARY KEY (provider_id, address_folded, entra_id),
                FOREIGN KEY (provider_id, entra_id) REFERENCES mirror_objects (provider_id, entra_id) ON DELETE CASCADE
            ) /* clustered */;

            CREATE INDEX mirror_addresses_by_object ON mirror_addresses (provider_id, entra_id);

            ALTER TABLE retries ADD COLUMN waits_for_value BOOLEAN NOT NULL DEFAULT FALSE;

            ALTER TABLE providers ADD COLUMN same_person_keys TEXT NOT NULL DEFAULT 'immutable_id,employee_id';
            """,
        sqlite: """
            UPDATE mirror_objects SET employee_id_folded = LOWER(json_extract(known, '$.employeeId'))
            WHERE object_kind = 'user';

            UPDATE mirror_objects SET nickname_folded = LOWER(json_extract(known, '$.mailNickname'))
            WHERE object_kind = 'group' AND known LIKE '%"Unified"%';
            """
    )
}
