extension Migration {
    /// Whether Causeway suspended an account is stored with the account, not with its link, which ends when the
    /// account is deleted or its user leaves.
    static let suspendedAccounts = Migration(
        version: 24,
        sql: """
            ALTER TABLE mirror_objects ADD COLUMN is_suspended BOOLEAN NOT NULL DEFAULT FALSE;

            UPDATE mirror_objects SET is_suspended = TRUE WHERE EXISTS (
                SELECT 1 FROM connections c WHERE c.provider_id = mirror_objects.provider_id
                    AND c.entra_id = mirror_objects.entra_id AND c.is_suspended);

            ALTER TABLE connections DROP COLUMN is_suspended
            """
    )
}
