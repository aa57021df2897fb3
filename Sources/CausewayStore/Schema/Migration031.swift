extension Migration {
    /// The log of events: a number for each event, in the order in which they were recorded; the objects that they concern; their words;
    /// and the views of the log that people save.
    ///
    /// Lists of the log are in the order of the numbers, whatever the filter is, so each index ends with the number. Words are found by
    /// their trigrams, as those of users are; the index keeps no copy of the texts.
    static let eventLog = Migration(
        version: 31,
        sql: """
            ALTER TABLE events ADD COLUMN number BIGINT;

            ALTER TABLE events ADD COLUMN object_app TEXT;

            ALTER TABLE events ADD COLUMN object_type TEXT;

            ALTER TABLE events ADD COLUMN object_key TEXT;

            ALTER TABLE events ADD COLUMN object_name TEXT;

            UPDATE events SET number = numbered.number
            FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY created_at_ms, id) AS number FROM events) AS numbered
            WHERE numbered.id = events.id;

            INSERT INTO sequences (name, last_value) SELECT 'events', COALESCE(MAX(number), 0) FROM events;

            CREATE UNIQUE INDEX events_by_number ON events (number);

            CREATE INDEX events_by_action_and_number ON events (action, number);

            CREATE INDEX events_by_actor ON events (actor, number);

            CREATE INDEX events_by_object_type ON events (object_type, number);

            CREATE INDEX events_by_object_name ON events (object_name, number);

            DROP INDEX events_by_time;

            CREATE INDEX events_by_time ON events (created_at_ms, action);

            CREATE TABLE event_views (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
                filter TEXT NOT NULL,
                UNIQUE (user_id, name)
            );

            CREATE TABLE event_objects (
                object_type TEXT NOT NULL,
                object_key TEXT NOT NULL,
                number BIGINT NOT NULL REFERENCES events (number) ON DELETE CASCADE,
                PRIMARY KEY (object_type, object_key, number)
            ) /* clustered */;

            CREATE INDEX event_objects_by_number ON event_objects (number)
            """,
        sqlite: """
            UPDATE events SET object_app = json_extract(context, '$.model.app'),
                object_type = json_extract(context, '$.model.model_name'),
                object_key = REPLACE(json_extract(context, '$.model.pk'), '-', ''),
                object_name = json_extract(context, '$.model.name')
            WHERE json_type(context, '$.model.model_name') = 'text';

            INSERT INTO event_objects (object_type, object_key, number)
            SELECT object_type, object_key, number FROM events WHERE object_key <> '';

            INSERT OR IGNORE INTO event_objects (object_type, object_key, number)
            SELECT 'microsoftentraprovider', CAST(p.id AS TEXT), e.number FROM events e
            JOIN providers p ON p.name = COALESCE(
                CASE json_type(e.context, '$.provider') WHEN 'text' THEN json_extract(e.context, '$.provider') END,
                json_extract(e.context, '$.provider.name')
            );

            CREATE VIRTUAL TABLE event_trigrams USING fts5(
                text, content='', tokenize='trigram', detail='none', columnsize=0
            );

            INSERT INTO event_trigrams (rowid, text)
            SELECT number, id || ' ' || action || ' ' || app || ' ' || actor || ' ' || COALESCE(client_ip, '') || ' ' || context
            FROM events ORDER BY number;

            CREATE TRIGGER event_search_added AFTER INSERT ON events BEGIN
                INSERT INTO event_trigrams (rowid, text) VALUES (new.number, new.id || ' ' || new.action || ' ' || new.app || ' '
                    || new.actor || ' ' || COALESCE(new.client_ip, '') || ' ' || new.context);
            END;

            CREATE TRIGGER event_search_removed AFTER DELETE ON events BEGIN
                INSERT INTO event_trigrams (event_trigrams, rowid, text) VALUES ('delete', old.number, old.id || ' ' || old.action
                    || ' ' || old.app || ' ' || old.actor || ' ' || COALESCE(old.client_ip, '') || ' ' || old.context);
            END;

            CREATE TRIGGER event_search_changed AFTER UPDATE OF action, app, context ON events BEGIN
                INSERT INTO event_trigrams (event_trigrams, rowid, text) VALUES ('delete', old.number, old.id || ' ' || old.action
                    || ' ' || old.app || ' ' || old.actor || ' ' || COALESCE(old.client_ip, '') || ' ' || old.context);
                INSERT INTO event_trigrams (rowid, text) VALUES (new.number, new.id || ' ' || new.action || ' ' || new.app || ' '
                    || new.actor || ' ' || COALESCE(new.client_ip, '') || ' ' || new.context);
            END;
            """
    )
}
