extension Migration {
    /// Who may sign in, and how; further columns of authentik's applications and events; indexes for long lists.
    ///
    /// Lists that are filtered by activity, path or type stay in the order of user names: their indexes contain those too. Activity and
    /// type are filtered together. Parts of names are found by their trigrams (SQLite's FTS5; PostgreSQL's `pg_trgm` would serve
    /// `LIKE` by itself).
    static let access = Migration(
        version: 9,
        sql: """
            CREATE TABLE accounts (
                user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
                password_hash TEXT,
                password_changed_at_ms BIGINT,
                totp_sealed BYTEA,
                is_totp_confirmed BOOLEAN NOT NULL DEFAULT FALSE,
                last_totp_step BIGINT NOT NULL DEFAULT 0,
                recovery_code_hashes TEXT NOT NULL DEFAULT ''
            );

            CREATE TABLE user_roles (
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                role TEXT NOT NULL CHECK (role IN ('auditor', 'operator', 'administrator')),
                PRIMARY KEY (user_id, role)
            ) /* clustered */;

            CREATE INDEX user_roles_by_role ON user_roles (role);

            CREATE TABLE tokens (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
                identifier TEXT NOT NULL UNIQUE CHECK (length(identifier) BETWEEN 1 AND 255),
                intent TEXT NOT NULL CHECK (intent IN ('verification', 'api', 'recovery', 'app_password')),
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                description TEXT NOT NULL,
                expires_at_ms BIGINT,
                is_expiring BOOLEAN NOT NULL,
                managed TEXT,
                role TEXT CHECK (role IN ('auditor', 'operator', 'administrator')),
                key_hash BYTEA NOT NULL UNIQUE,
                key_sealed BYTEA
            );

            CREATE INDEX tokens_by_user ON tokens (user_id);

            CREATE TABLE browser_sessions (
                key_hash BYTEA NOT NULL PRIMARY KEY,
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                csrf_token TEXT NOT NULL,
                created_at_ms BIGINT NOT NULL,
                expires_at_ms BIGINT NOT NULL,
                seen_at_ms BIGINT NOT NULL,
                user_agent TEXT NOT NULL
            );

            CREATE INDEX browser_sessions_by_user ON browser_sessions (user_id);

            CREATE TABLE setup_links (
                key_hash BYTEA NOT NULL PRIMARY KEY,
                expires_at_ms BIGINT NOT NULL
            );

            CREATE TABLE user_search (
                user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
                text TEXT NOT NULL
            );

            INSERT INTO user_search (user_id, text)
            SELECT id, LOWER(username || ' ' || name) || ' ' || email_folded FROM users;

            ALTER TABLE users ADD COLUMN last_login_at_ms BIGINT;

            CREATE INDEX users_by_login ON users (last_login_at_ms, id);

            ALTER TABLE applications ADD COLUMN open_in_new_tab BOOLEAN NOT NULL DEFAULT FALSE;

            ALTER TABLE applications ADD COLUMN icon TEXT NOT NULL DEFAULT '';

            ALTER TABLE applications ADD COLUMN policy_engine_mode TEXT NOT NULL DEFAULT 'any';

            ALTER TABLE applications ADD COLUMN is_hidden BOOLEAN NOT NULL DEFAULT FALSE;

            ALTER TABLE applications ADD COLUMN provider_id BIGINT REFERENCES providers (id) ON DELETE SET NULL;

            CREATE UNIQUE INDEX applications_by_provider ON applications (provider_id);

            ALTER TABLE events ADD COLUMN client_ip TEXT;

            CREATE INDEX events_by_action ON events (action, created_at_ms);

            CREATE INDEX users_by_name ON users (name, id);

            CREATE INDEX users_by_joining ON users (joined_at_ms, id);

            CREATE INDEX users_by_change ON users (updated_at_ms, id);

            CREATE INDEX users_by_path ON users (path, username, id);

            CREATE INDEX users_by_type ON users (type, username, id);

            CREATE INDEX users_by_activity ON users (is_active, username, id, type);

            CREATE INDEX runs_by_start ON runs (started_at_ms)
            """,
        sqlite: """
            CREATE VIRTUAL TABLE user_trigrams USING fts5(
                text, content='user_search', content_rowid='user_id', tokenize='trigram', detail='none', columnsize=0
            );

            INSERT INTO user_trigrams (rowid, text) SELECT user_id, text FROM user_search;

            CREATE TRIGGER user_search_added AFTER INSERT ON user_search BEGIN
                INSERT INTO user_trigrams (rowid, text) VALUES (new.user_id, new.text);
            END;

            CREATE TRIGGER user_search_removed AFTER DELETE ON user_search BEGIN
                INSERT INTO user_trigrams (user_trigrams, rowid, text) VALUES ('delete', old.user_id, old.text);
            END;

            CREATE TRIGGER user_search_changed AFTER UPDATE ON user_search BEGIN
                INSERT INTO user_trigrams (user_trigrams, rowid, text) VALUES ('delete', old.user_id, old.text);
                INSERT INTO user_trigrams (rowid, text) VALUES (new.user_id, new.text);
            END;
            """
    )
}
