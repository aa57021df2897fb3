extension Migration {
    /// The directory, providers with what is known about their tenants, runs, journal and events.
    ///
    /// Times are milliseconds since 1970 in UTC. Keys of users and providers are integers, all others UUIDs in lower case.
    static let directoryAndProviders = Migration(
        version: 1,
        sql: """
            CREATE TABLE installation (
                id TEXT NOT NULL PRIMARY KEY,
                created_at_ms BIGINT NOT NULL
            );

            CREATE TABLE sequences (
                name TEXT NOT NULL PRIMARY KEY,
                last_value BIGINT NOT NULL
            );

            INSERT INTO sequences (name, last_value) VALUES ('users', 0), ('providers', 0);

            CREATE TABLE users (
                id BIGINT NOT NULL PRIMARY KEY,
                uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
                uid TEXT NOT NULL UNIQUE CHECK (length(uid) = 64),
                username TEXT NOT NULL UNIQUE CHECK (length(username) BETWEEN 1 AND 150),
                name TEXT NOT NULL,
                email TEXT NOT NULL CHECK (length(email) <= 254),
                email_folded TEXT NOT NULL,
                is_active BOOLEAN NOT NULL,
                type TEXT NOT NULL
                    CHECK (type IN ('internal', 'external', 'service_account', 'internal_service_account')),
                path TEXT NOT NULL CHECK (length(path) >= 1),
                attributes TEXT NOT NULL,
                joined_at_ms BIGINT NOT NULL,
                updated_at_ms BIGINT NOT NULL
            );

            CREATE INDEX users_by_email ON users (email_folded);

            CREATE TABLE groups (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
                name TEXT NOT NULL UNIQUE CHECK (length(name) >= 1),
                is_superuser BOOLEAN NOT NULL,
                attributes TEXT NOT NULL
            );

            CREATE TABLE group_parents (
                child_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
                parent_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
                PRIMARY KEY (child_id, parent_id),
                CHECK (child_id <> parent_id)
            ) /* clustered */;

            CREATE INDEX group_parents_by_parent ON group_parents (parent_id);

            CREATE TABLE memberships (
                group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
                user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                PRIMARY KEY (group_id, user_id)
            ) /* clustered */;

            CREATE INDEX memberships_by_user ON memberships (user_id);

            CREATE TABLE applications (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
                name TEXT NOT NULL CHECK (length(name) >= 1),
                slug TEXT NOT NULL UNIQUE CHECK (length(slug) >= 1),
                library_group TEXT NOT NULL,
                launch_url TEXT NOT NULL,
                description TEXT NOT NULL,
                publisher TEXT NOT NULL
            );

            CREATE TABLE property_mappings (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
                managed TEXT UNIQUE,
                name TEXT NOT NULL UNIQUE CHECK (length(name) >= 1),
                expression TEXT NOT NULL
            );

            CREATE TABLE providers (
                id BIGINT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL UNIQUE CHECK (length(name) >= 1),
                client_id TEXT NOT NULL,
                client_secret_sealed BYTEA NOT NULL,
                tenant_id TEXT NOT NULL,
                exclude_users_service_account BOOLEAN NOT NULL,
                user_delete_action TEXT NOT NULL CHECK (user_delete_action IN ('do_nothing', 'delete', 'suspend')),
                group_delete_action TEXT NOT NULL CHECK (group_delete_action IN ('do_nothing', 'delete', 'suspend')),
                filter_group_id TEXT REFERENCES groups (id) ON DELETE SET NULL,
                filter_group_name TEXT,
                filter_group_recursive BOOLEAN NOT NULL,
                nested_groups TEXT NOT NULL CHECK (nested_groups IN ('keep', 'flatten')),
                sync_page_size BIGINT NOT NULL CHECK (sync_page_size >= 1),
                sync_page_timeout TEXT NOT NULL,
                discovery_enabled BOOLEAN NOT NULL,
                dry_run BOOLEAN NOT NULL,
                cloud TEXT NOT NULL CHECK (cloud IN ('global', 'us_gov', 'us_gov_dod', 'china', 'custom')),
                login_endpoint TEXT NOT NULL,
                graph_endpoint TEXT NOT NULL,
                credential_kind TEXT NOT NULL CHECK (credential_kind IN ('client_secret', 'certificate', 'federated')),
                scope_exit_action TEXT NOT NULL
                    CHECK (scope_exit_action IN ('follow_delete_action', 'suspend', 'keep')),
                guard_max_count BIGINT NOT NULL CHECK (guard_max_count >= 0),
                guard_max_percent BIGINT NOT NULL CHECK (guard_max_percent BETWEEN 0 AND 100),
                drift_policy TEXT NOT NULL CHECK (drift_policy IN ('restore', 'report', 'accept')),
                selects_groups BOOLEAN NOT NULL,
                application_id TEXT REFERENCES applications (id) ON DELETE SET NULL,
                CHECK (filter_group_id IS NULL OR filter_group_name IS NOT NULL)
            );

            CREATE INDEX providers_by_application ON providers (application_id);

            CREATE TABLE provider_mappings (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                object_kind TEXT NOT NULL CHECK (object_kind IN ('user', 'group')),
                mapping_id TEXT NOT NULL REFERENCES property_mappings (id) ON DELETE CASCADE,
                PRIMARY KEY (provider_id, object_kind, mapping_id)
            ) /* clustered */;

            CREATE TABLE provider_groups (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
                PRIMARY KEY (provider_id, group_id)
            ) /* clustered */;

            CREATE TABLE connections (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                object_kind TEXT NOT NULL CHECK (object_kind IN ('user', 'group')),
                user_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
                group_id TEXT REFERENCES groups (id) ON DELETE SET NULL,
                object_name TEXT NOT NULL,
                entra_id TEXT NOT NULL CHECK (length(entra_id) >= 1),
                known TEXT NOT NULL,
                created_at_ms BIGINT NOT NULL,
                seen_in_run TEXT,
                UNIQUE (provider_id, entra_id),
                UNIQUE (provider_id, user_id),
                UNIQUE (provider_id, group_id),
                CHECK (user_id IS NULL OR object_kind = 'user'),
                CHECK (group_id IS NULL OR object_kind = 'group')
            );

            CREATE INDEX connections_by_user ON connections (user_id);

            CREATE INDEX connections_by_group ON connections (group_id);

            CREATE TABLE unlinked_objects (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                entra_id TEXT NOT NULL,
                object_kind TEXT NOT NULL CHECK (object_kind IN ('user', 'group')),
                immutable_id TEXT,
                principal_name_folded TEXT,
                mail_folded TEXT,
                identity_folded TEXT,
                unique_name TEXT,
                display_name_folded TEXT,
                known TEXT NOT NULL,
                PRIMARY KEY (provider_id, entra_id)
            );

            CREATE INDEX unlinked_by_immutable_id ON unlinked_objects (provider_id, immutable_id);

            CREATE INDEX unlinked_by_principal_name ON unlinked_objects (provider_id, principal_name_folded);

            CREATE INDEX unlinked_by_mail ON unlinked_objects (provider_id, mail_folded);

            CREATE INDEX unlinked_by_identity ON unlinked_objects (provider_id, identity_folded);

            CREATE INDEX unlinked_by_unique_name ON unlinked_objects (provider_id, unique_name);

            CREATE INDEX unlinked_by_display_name ON unlinked_objects (provider_id, display_name_folded);

            CREATE TABLE known_members (
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                group_entra_id TEXT NOT NULL,
                member_entra_id TEXT NOT NULL,
                PRIMARY KEY (provider_id, group_entra_id, member_entra_id)
            ) /* clustered */;

            CREATE TABLE journal (
                sequence BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
                object_kind TEXT NOT NULL CHECK (object_kind IN ('user', 'group')),
                object_id TEXT NOT NULL,
                change TEXT NOT NULL CHECK (change IN ('created', 'updated', 'deleted', 'members')),
                created_at_ms BIGINT NOT NULL
            );

            CREATE TABLE runs (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
                provider_id BIGINT NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
                cause TEXT NOT NULL CHECK (cause IN ('manual', 'schedule', 'save', 'change', 'preview')),
                status TEXT NOT NULL CHECK (status IN ('discovering', 'planning', 'planned', 'awaiting_approval',
                    'applying', 'succeeded', 'warning', 'failed', 'interrupted')),
                message TEXT NOT NULL,
                examined_users BIGINT NOT NULL,
                examined_groups BIGINT NOT NULL,
                started_at_ms BIGINT NOT NULL,
                finished_at_ms BIGINT
            );

            CREATE INDEX runs_by_provider ON runs (provider_id, started_at_ms);

            CREATE TABLE run_leases (
                provider_id BIGINT NOT NULL PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
                run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                owner TEXT NOT NULL,
                expires_at_ms BIGINT NOT NULL
            );

            CREATE TABLE actions (
                run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                sequence BIGINT NOT NULL CHECK (sequence >= 1),
                phase BIGINT NOT NULL,
                level BIGINT NOT NULL,
                verb TEXT NOT NULL,
                object_kind TEXT NOT NULL CHECK (object_kind IN ('user', 'group')),
                object_id TEXT,
                object_name TEXT NOT NULL,
                entra_id TEXT,
                reason TEXT NOT NULL,
                detail TEXT NOT NULL,
                changes TEXT NOT NULL,
                members TEXT NOT NULL,
                member_count BIGINT NOT NULL,
                secrets_sealed BYTEA,
                status TEXT NOT NULL
                    CHECK (status IN ('planned', 'sent', 'applied', 'unchanged', 'skipped', 'retry', 'failed')),
                message TEXT NOT NULL,
                remedy TEXT NOT NULL,
                attribute TEXT,
                updated_at_ms BIGINT NOT NULL,
                PRIMARY KEY (run_id, sequence)
            );

            CREATE INDEX actions_by_state ON actions (run_id, status, phase, level, sequence);

            CREATE INDEX actions_by_object ON actions (object_kind, object_id);

            CREATE TABLE events (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
                action TEXT NOT NULL CHECK (length(action) >= 1),
                app TEXT NOT NULL,
                actor TEXT NOT NULL,
                context TEXT NOT NULL,
                created_at_ms BIGINT NOT NULL
            );

            CREATE INDEX events_by_time ON events (created_at_ms);
            """
    )
}
