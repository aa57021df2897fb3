extension Migration {
    /// The words of the glossary: a link, stale, the trigger of a run, drift that is resolved.
    static let glossaryNames = Migration(
        version: 25,
        sql: """
            ALTER TABLE connections RENAME TO links;

            ALTER TABLE links RENAME COLUMN members_doubt_since_ms TO members_stale_since_ms;

            ALTER TABLE mirror_objects RENAME COLUMN doubt_since_ms TO stale_since_ms;

            ALTER TABLE refusals RENAME COLUMN connection_id TO link_id;

            ALTER TABLE drifts RENAME COLUMN settled_at_ms TO resolved_at_ms;

            ALTER TABLE runs RENAME COLUMN cause TO trigger;

            ALTER TABLE run_requests RENAME COLUMN cause TO trigger;

            ALTER TABLE actions RENAME COLUMN is_dangerous TO is_destructive;

            ALTER TABLE approvals RENAME COLUMN carried_by TO applied_by;

            ALTER TABLE approvals RENAME COLUMN ending TO end_reason;

            DROP INDEX connections_by_user;

            CREATE INDEX links_by_user ON links (user_id);

            DROP INDEX connections_by_group;

            CREATE INDEX links_by_group ON links (group_id);

            DROP INDEX connections_user_to_entra;

            CREATE INDEX links_user_to_entra ON links (provider_id, user_id, entra_id);

            DROP INDEX connections_entra_to_object;

            CREATE INDEX links_entra_to_object ON links (provider_id, entra_id, user_id, group_id);

            DROP INDEX connections_orphaned;

            CREATE INDEX links_orphaned ON links (provider_id, object_kind)
                WHERE user_id IS NULL AND group_id IS NULL;

            DROP INDEX connections_of_users_by_name;

            CREATE INDEX links_of_users_by_name ON links (object_name, id, provider_id, user_id) WHERE user_id IS NOT NULL;

            DROP INDEX connections_of_groups_by_name;

            CREATE INDEX links_of_groups_by_name ON links (object_name, id, provider_id, group_id) WHERE group_id IS NOT NULL;

            DROP INDEX connections_by_object;

            CREATE INDEX links_by_object ON links (provider_id, object_kind, object_id);

            DROP INDEX connections_in_doubt;

            CREATE INDEX links_with_stale_members ON links (provider_id, members_stale_since_ms)
                WHERE members_stale_since_ms IS NOT NULL;

            DROP INDEX mirror_in_doubt;

            CREATE INDEX mirror_stale ON mirror_objects (provider_id, stale_since_ms) WHERE stale_since_ms IS NOT NULL
            """
    )
}
