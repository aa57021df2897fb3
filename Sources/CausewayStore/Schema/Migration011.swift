extension Migration {
    /// Links store the present names of their objects, so that lists of them are in order without reading the objects.
    static let connectionNames = Migration(
        version: 11,
        sql: """
            UPDATE connections SET object_name = (SELECT username FROM users WHERE users.id = connections.user_id)
            WHERE user_id IS NOT NULL;

            UPDATE connections SET object_name = (SELECT name FROM groups WHERE groups.id = connections.group_id)
            WHERE group_id IS NOT NULL;

            CREATE INDEX connections_of_users_by_name ON connections (object_name, id, provider_id, user_id) WHERE user_id IS NOT NULL;

            CREATE INDEX connections_of_groups_by_name ON connections (object_name, id, provider_id, group_id) WHERE group_id IS NOT NULL;
            """
    )
}
