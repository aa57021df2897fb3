import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayAPI

@Suite("The limits of a token", .serialized)
struct CeilingTests {
    /// The limit of a token.
    private enum Limit: Hashable { case role, time }

    /// A limited token, and what else its user has.
    private struct Limited {
        let name: String
        let limits: Set<Limit>
        let key: String
        let user: JSONValue
        /// A token of the same user without a limit.
        let stronger: String
        let password = ServedProgram.password
    }

    /// An attempt to exceed the token's limits.
    private struct Attempt {
        let operation: String
        /// Tokens that are limited by one of these are refused.
        var limits: Set<Limit> = [.role, .time]
        let send: @Sendable (World, Limited) async throws -> HTTP.Answer
    }

    private static let farAway: JSONValue = "2999-01-01T00:00:00Z"
    private static let administrator = JSONValue.array([.string(AccessRole.administrator.id.uuidString.lowercased())])

    /// Every way to hand out access that an operation has.
    private static let attempts: [Attempt] = [
        // Without expiry, longer, or with another role; for the caller or for others.
        Attempt(operation: "core_tokens_create") { world, own in
            let body: JSONValue = [
                "identifier": .string("ever-\(own.name)"), "expiring": false, "causeway_role": .null,
            ]
            return try await world.send("POST", "/core/tokens/", body, own)
        },
        Attempt(operation: "core_tokens_create", limits: [.time]) { world, own in
            let body: JSONValue = ["identifier": .string("longer-\(own.name)"), "expires": farAway]
            return try await world.send("POST", "/core/tokens/", body, own)
        },
        Attempt(operation: "core_tokens_create", limits: [.role]) { world, own in
            let body: JSONValue = ["identifier": .string("more-\(own.name)"), "causeway_role": "administrator"]
            return try await world.send("POST", "/core/tokens/", body, own)
        },
        Attempt(operation: "core_tokens_create") { world, own in
            let body: JSONValue = [
                "identifier": .string("others-\(own.name)"), "user": world.plain, "expiring": false,
                "causeway_role": .null,
            ]
            return try await world.send("POST", "/core/tokens/", body, own)
        },
        // The caller's own token, and a stronger one.
        Attempt(operation: "core_tokens_partial_update", limits: [.time]) { world, own in
            try await world.send("PATCH", "/core/tokens/\(own.name)/", ["expiring": false], own)
        },
        Attempt(operation: "core_tokens_partial_update", limits: [.time]) { world, own in
            try await world.send("PATCH", "/core/tokens/\(own.name)/", ["expires": farAway], own)
        },
        Attempt(operation: "core_tokens_partial_update", limits: [.role]) { world, own in
            try await world.send("PATCH", "/core/tokens/\(own.name)/", ["causeway_role": .null], own)
        },
        Attempt(operation: "core_tokens_partial_update") { world, own in
            try await world.send("PATCH", "/core/tokens/\(own.stronger)/", ["description": "mine"], own)
        },
        Attempt(operation: "core_tokens_update") { world, own in
            let body: JSONValue = ["identifier": .string(own.stronger), "causeway_role": "auditor"]
            return try await world.send("PUT", "/core/tokens/\(own.stronger)/", body, own)
        },
        Attempt(operation: "core_tokens_update", limits: [.time]) { world, own in
            let body: JSONValue = ["identifier": .string(own.name), "expires": farAway]
            return try await world.send("PUT", "/core/tokens/\(own.name)/", body, own)
        },
        Attempt(operation: "core_tokens_set_key_create") { world, own in
            let body: JSONValue = ["key": .string("a key that \(own.name) knows, long enough")]
            return try await world.send("POST", "/core/tokens/\(own.stronger)/set_key/", body, own)
        },
        Attempt(operation: "core_tokens_view_key_retrieve") { world, own in
            try await world.send("GET", "/core/tokens/\(own.stronger)/view_key/", nil, own)
        },
        Attempt(operation: "core_tokens_destroy", limits: [.role]) { world, own in
            try await world.send("DELETE", "/core/tokens/\(own.stronger)/", nil, own)
        },
        // Users with a role, directly or through a group.
        Attempt(operation: "core_users_create") { world, own in
            let body: JSONValue = ["username": .string("new-\(own.name)"), "name": "", "roles": administrator]
            return try await world.send("POST", "/core/users/", body, own)
        },
        Attempt(operation: "core_users_create") { world, own in
            let body: JSONValue = ["username": .string("in-\(own.name)"), "name": "", "groups": [world.supers]]
            return try await world.send("POST", "/core/users/", body, own)
        },
        Attempt(operation: "core_users_update") { world, own in
            let body: JSONValue = ["username": "plain", "name": "", "roles": administrator]
            return try await world.send("PUT", "/core/users/\(world.plain.text)/", body, own)
        },
        Attempt(operation: "core_users_partial_update") { world, own in
            try await world.send("PATCH", "/core/users/\(world.plain.text)/", ["roles": administrator], own)
        },
        Attempt(operation: "core_users_partial_update") { world, own in
            try await world.send("PATCH", "/core/users/\(world.plain.text)/", ["groups": [world.supers]], own)
        },
        Attempt(operation: "core_users_partial_update") { world, own in
            try await world.send("PATCH", "/core/users/\(world.asleep.text)/", ["is_active": true], own)
        },
        Attempt(operation: "core_users_set_password_create") { world, own in
            let path = "/core/users/\(world.keeper.text)/set_password/"
            return try await world.send("POST", path, ["password": "known to someone else"], own)
        },
        // Superuser groups.
        Attempt(operation: "core_groups_create") { world, own in
            let body: JSONValue = [
                "name": .string("super-\(own.name)"), "is_superuser": true, "users": [world.plain],
            ]
            return try await world.send("POST", "/core/groups/", body, own)
        },
        Attempt(operation: "core_groups_create") { world, own in
            let body: JSONValue = ["name": .string("below-\(own.name)"), "parents": [world.supers]]
            return try await world.send("POST", "/core/groups/", body, own)
        },
        Attempt(operation: "core_groups_update") { world, own in
            let body: JSONValue = ["name": "Ordinary", "is_superuser": true]
            return try await world.send("PUT", "/core/groups/\(world.ordinaryID)/", body, own)
        },
        Attempt(operation: "core_groups_partial_update") { world, own in
            try await world.send("PATCH", "/core/groups/\(world.ordinaryID)/", ["is_superuser": true], own)
        },
        Attempt(operation: "core_groups_partial_update") { world, own in
            try await world.send("PATCH", "/core/groups/\(world.ordinaryID)/", ["parents": [world.supers]], own)
        },
        Attempt(operation: "core_groups_partial_update") { world, own in
            let body: JSONValue = ["users": [world.keeper, world.plain]]
            return try await world.send("PATCH", "/core/groups/\(world.supersID)/", body, own)
        },
        Attempt(operation: "core_groups_add_user_create") { world, own in
            try await world.send("POST", "/core/groups/\(world.supersID)/add_user/", ["pk": world.plain], own)
        },
        Attempt(operation: "causeway_users_bulk_create") { world, own in
            let body: JSONValue = ["action": "add", "users": [world.plain], "group": .string(world.supersID)]
            return try await world.send("POST", "/causeway/users/bulk/", body, own)
        },
        Attempt(operation: "causeway_users_bulk_create") { world, own in
            let body: JSONValue = ["action": "activate", "users": [world.asleep]]
            return try await world.send("POST", "/causeway/users/bulk/", body, own)
        },
        Attempt(operation: "causeway_groups_bulk_create") { world, own in
            let body: JSONValue = [
                "action": "add", "groups": [.string(world.ordinaryID)], "group": .string(world.supersID),
            ]
            return try await world.send("POST", "/causeway/groups/bulk/", body, own)
        },
        Attempt(operation: "causeway_import_create") { world, own in
            try await world.send("POST", "/causeway/import/", ["groups": "group,member\nSupers,plain\n"], own)
        },
        Attempt(operation: "causeway_import_create") { world, own in
            let users: JSONValue = "username,name,groups\nplain,Plain,Supers\n"
            return try await world.send("POST", "/causeway/import/", ["users": users], own)
        },
        // How a user signs in.
        Attempt(operation: "causeway_authenticators_destroy") { world, own in
            try await world.send("DELETE", "/causeway/authenticators/\(world.keeper.text)/", nil, own)
        },
    ]

    /// The same for operations on the caller's own account.
    private static let ownAttempts: [Attempt] = [
        Attempt(operation: "causeway_password_create") { world, own in
            let body: JSONValue = ["current_password": .string(own.password), "new_password": "a fresh phrase of mine"]
            return try await world.send("POST", "/causeway/password/", body, own)
        },
        Attempt(operation: "causeway_totp_create") { world, own in
            try await world.send("POST", "/causeway/totp/", ["password": .string(own.password)], own)
        },
        Attempt(operation: "causeway_totp_confirm_create") { world, own in
            let step = Int64(Date().timeIntervalSince1970) / OneTimePassword.period
            let code = OneTimePassword(base32: World.secret)?.code(step: step) ?? ""
            return try await world.send("POST", "/causeway/totp/confirm/", ["code": .string(code)], own)
        },
        Attempt(operation: "causeway_totp_remove_create") { world, own in
            try await world.send("POST", "/causeway/totp/remove/", ["password": .string(own.password)], own)
        },
    ]

    /// Operations that hand out no access: they read what every user with the role may read, remove access, are unrelated to it, or ask
    /// for a password themselves. A service account's token is an app password, which does not sign in here.
    private static let apart = Set(
        """
        admin_apps_list admin_models_list admin_system_create admin_system_retrieve admin_version_history_list
        admin_version_history_retrieve admin_version_retrieve causeway_activity_list causeway_authenticators_list
        causeway_events_export_retrieve causeway_events_list causeway_events_retrieve causeway_events_views_create
        causeway_events_views_destroy causeway_events_views_list causeway_events_volume_retrieve
        causeway_bulk_retrieve causeway_connection_check_create causeway_export_groups_retrieve causeway_export_users_retrieve
        causeway_groups_reach_retrieve causeway_groups_tree_list causeway_mappings_list
        causeway_nodes_drain_create causeway_nodes_list causeway_nodes_undrain_create
        causeway_import_columns_create causeway_lockouts_destroy causeway_lockouts_list causeway_sessions_all_destroy
        causeway_sessions_destroy causeway_sessions_list
        causeway_mappings_preview_create causeway_preferences_partial_update causeway_preferences_retrieve
        causeway_providers_check_create causeway_providers_drift_list
        causeway_providers_explain_retrieve causeway_providers_failures_causes_list causeway_providers_failures_export_retrieve
        causeway_providers_events_retrieve causeway_providers_overview_retrieve causeway_providers_failures_list
        causeway_providers_failures_objects_list causeway_providers_guard_retrieve causeway_providers_plans_create
        causeway_providers_quarantine_destroy causeway_providers_retry_create causeway_providers_runs_list
        causeway_providers_state_retrieve causeway_providers_throttle_retrieve causeway_roles_list causeway_runs_actions_list causeway_runs_apply_create
        causeway_runs_approve_create causeway_runs_cancel_create causeway_runs_diff_retrieve causeway_runs_events_retrieve
        causeway_runs_reject_create causeway_runs_retrieve causeway_search_list causeway_session_create causeway_session_destroy
        causeway_session_link_create causeway_session_retrieve causeway_setup_create causeway_system_retrieve
        causeway_totp_retrieve
        core_applications_check_access_retrieve core_applications_create core_applications_destroy
        core_applications_list core_applications_partial_update core_applications_retrieve core_applications_update
        core_applications_used_by_list core_groups_destroy core_groups_list core_groups_remove_user_create
        core_groups_retrieve core_groups_used_by_list core_tokens_list core_tokens_retrieve core_tokens_used_by_list
        core_transactional_applications_update core_users_destroy core_users_list core_users_me_retrieve
        core_users_paths_retrieve core_users_recovery_create core_users_retrieve core_users_service_account_create
        core_users_used_by_list events_events_actions_list events_events_create events_events_destroy
        events_events_export_create events_events_list events_events_partial_update events_events_retrieve
        events_events_stats_retrieve events_events_top_per_user_list events_events_update events_events_volume_list
        managed_blueprints_apply_create managed_blueprints_available_list managed_blueprints_create
        managed_blueprints_destroy managed_blueprints_import_create managed_blueprints_list
        managed_blueprints_partial_update managed_blueprints_retrieve managed_blueprints_update
        managed_blueprints_used_by_list propertymappings_all_destroy propertymappings_all_list
        propertymappings_all_retrieve propertymappings_all_test_create propertymappings_all_types_list
        propertymappings_all_used_by_list propertymappings_provider_microsoft_entra_create
        propertymappings_provider_microsoft_entra_destroy propertymappings_provider_microsoft_entra_list
        propertymappings_provider_microsoft_entra_partial_update propertymappings_provider_microsoft_entra_retrieve
        propertymappings_provider_microsoft_entra_update propertymappings_provider_microsoft_entra_used_by_list
        providers_all_destroy providers_all_list providers_all_retrieve providers_all_types_list
        providers_all_used_by_list providers_microsoft_entra_create providers_microsoft_entra_destroy
        providers_microsoft_entra_groups_create providers_microsoft_entra_groups_destroy
        providers_microsoft_entra_groups_list providers_microsoft_entra_groups_retrieve
        providers_microsoft_entra_groups_used_by_list providers_microsoft_entra_list
        providers_microsoft_entra_partial_update providers_microsoft_entra_retrieve
        providers_microsoft_entra_sync_object_create providers_microsoft_entra_sync_status_retrieve
        providers_microsoft_entra_syncs_list
        providers_microsoft_entra_update providers_microsoft_entra_used_by_list providers_microsoft_entra_users_create
        providers_microsoft_entra_users_destroy providers_microsoft_entra_users_list
        providers_microsoft_entra_users_retrieve providers_microsoft_entra_users_used_by_list root_config_retrieve
        schema_retrieve tasks_schedules_list tasks_schedules_partial_update tasks_schedules_retrieve
        tasks_schedules_send_create tasks_schedules_update tasks_tasks_list tasks_tasks_retrieve
        tasks_tasks_retry_create tasks_tasks_status_retrieve tasks_workers_list
        """.split(whereSeparator: \.isWhitespace).map(String.init)
    )

    @Test("every operation is either listed as one that hands out no access, or attempted here")
    func decided() throws {
        let tried = Set((Self.attempts + Self.ownAttempts).map(\.operation))
        #expect(tried.isDisjoint(with: Self.apart))
        let known = Set(try DocumentTests.load().operations.map(\.id))
        #expect(known.subtracting(tried).subtracting(Self.apart).sorted() == [])
        #expect(tried.union(Self.apart).subtracting(known).sorted() == [])
    }

    @Test(
        "no operation gives more access than a limited token has; a token without a limit may do everything"
    )
    func attempts() async throws {
        try await World.with { world in
            let limited = try await world.limited()
            let before = try await world.access()
            for own in limited {
                for attempt in Self.attempts + Self.ownAttempts where !attempt.limits.isDisjoint(with: own.limits) {
                    let answer = try await attempt.send(world, own)
                    #expect(answer.status == 403, "\(attempt.operation) with \(own.name): \(answer.body.text)")
                    #expect(answer.body["detail"]?.string?.isEmpty == false)
                }
            }
            #expect(try await world.access() == before)
            let free = try await world.token("free", of: world.root, ["expiring": true, "expires": World.inAnHour()])
            _ = try await world.server.send("POST", "/core/tokens/", ["identifier": "freer", "expiring": false])
            let own = Limited(name: "free", limits: [], key: free, user: world.root, stronger: "freer")
            for attempt in Self.attempts {
                let answer = try await attempt.send(world, own)
                if answer.body["detail"]?.string?.contains("extend its own life") == true { continue }
                #expect((200..<300).contains(answer.status), "\(attempt.operation): \(answer.body.text)")
            }
            let tokens = try await world.server.send("GET", "/core/tokens/free/")
            #expect(tokens.body["expires"]?.string?.hasPrefix("2999") == false && tokens.body["expiring"] == true)
        }
    }

    @Test("a token that a limited token creates has the same limits unless the request sets others")
    func inherited() async throws {
        try await World.with { world in
            for own in try await world.limited() {
                let identifier = "child-\(own.name)"
                let made = try await world.send("POST", "/core/tokens/", ["identifier": .string(identifier)], own)
                #expect(made.status == 201, "\(own.name): \(made.body.text)")
                let maker = try await world.server.send("GET", "/core/tokens/\(own.name)/")
                #expect(made.body["causeway_role"] == maker.body["causeway_role"])
                #expect(!own.limits.contains(.time) || made.body["expires"] == maker.body["expires"])
                let shown = try await world.send("GET", "/core/tokens/\(identifier)/view_key/", nil, own)
                #expect(shown.status == 200)
                let less: JSONValue = ["causeway_role": "auditor", "description": "less"]
                #expect(try await world.send("PATCH", "/core/tokens/\(identifier)/", less, own).status == 200)
                let key: JSONValue = ["key": "a key of its own, long enough"]
                let replaced = try await world.send("POST", "/core/tokens/\(identifier)/set_key/", key, own)
                #expect(replaced.status == 204)
                #expect(try await world.send("DELETE", "/core/tokens/\(identifier)/", nil, own).status == 204)
            }
        }
    }

    @Test("an import that would hand out access is refused as a whole")
    func whole() async throws {
        try await World.with { world in
            let own = try #require(try await world.limited().first { $0.name == "boss-hour" })
            let users: JSONValue = "username,name,groups\nfirst,First,\nsecond,Second,Supers\n"
            #expect(try await world.send("POST", "/causeway/import/", ["users": users], own).status == 403)
            let found = try await world.server.send("GET", "/core/users/?username=first")
            #expect(found.body["pagination"]?["count"] == 0)
            let ordinary: JSONValue = "username,name,groups\nfirst,First,Ordinary\n"
            #expect(try await world.send("POST", "/causeway/import/", ["users": ordinary], own).status == 200)
        }
    }

    /// A directory with administrators, an operator, a user without a role, and a superuser group.
    private struct World: Sendable {
        let server: ServedProgram
        let (root, boss, opera, keeper, asleep, plain):
            (JSONValue, JSONValue, JSONValue, JSONValue, JSONValue, JSONValue)
        let (supers, ordinary): (JSONValue, JSONValue)

        var supersID: String { supers.string ?? "" }
        var ordinaryID: String { ordinary.string ?? "" }

        /// The secrets of authenticators that are not confirmed yet, and of the keeper's confirmed one.
        static let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

        static func inAnHour() -> JSONValue { .string(APITime.text(Timestamp.now() + .seconds(3600))) }

        static func with(_ body: (World) async throws -> Void) async throws {
            try await ServedProgram.with(environment: ["CAUSEWAY_SIGN_IN_FAILURES": "1000000"]) { server in
                try await body(try await World(server))
            }
        }

        init(_ server: ServedProgram) async throws {
            self.server = server
            func made(_ path: String, _ body: JSONValue) async throws -> JSONValue {
                let answer = try await server.send("POST", path, body)
                return try #require(answer.body["pk"], "\(answer.body.text)")
            }
            func user(_ name: String, _ role: AccessRole?, isActive: Bool = true) async throws -> JSONValue {
                let roles = role.map { [JSONValue.string($0.id.uuidString.lowercased())] } ?? []
                let key = try await made(
                    "/core/users/",
                    [
                        "username": .string(name), "name": "", "roles": .array(roles), "is_active": .bool(isActive),
                    ]
                )
                let password: JSONValue = ["password": .string(ServedProgram.password)]
                _ = try await server.send("POST", "/core/users/\(key.text)/set_password/", password)
                return key
            }
            let found = try await server.send("GET", "/core/users/?username=root")
            root = try #require(found.body["results"]?.array?.first?["pk"])
            boss = try await user("boss", .administrator)
            opera = try await user("opera", .operator)
            keeper = try await user("keeper", .administrator)
            asleep = try await user("asleep", .administrator, isActive: false)
            plain = try await user("plain", nil)
            supers = try await made("/core/groups/", ["name": "Supers", "is_superuser": true, "users": [keeper]])
            ordinary = try await made("/core/groups/", ["name": "Ordinary"])
            let store = try await Store.open(dataFolder: server.folder)
            let ids = [boss, opera, keeper].compactMap(\.integer).map { UserID($0) }
            try await store.write { transaction in
                for (number, id) in ids.enumerated() {
                    try transaction.setTOTP(
                        Secret(Self.secret),
                        isConfirmed: number == 2,
                        recoveryCodeHashes: [],
                        of: id
                    )
                }
            }
            try store.close()
        }

        func send(_ method: String, _ path: String, _ body: JSONValue?, _ own: Limited) async throws -> HTTP.Answer {
            try await server.send(method, path, body, key: own.key)
        }

        /// The key of a new token.
        func token(_ name: String, of user: JSONValue, _ more: [String: JSONValue]) async throws -> String {
            let body = more.merging(["identifier": .string(name), "user": user]) { $1 }
            let made = try await server.send("POST", "/core/tokens/", .object(body))
            try #require(made.status == 201, "\(made.body.text)")
            return try #require(try await server.send("GET", "/core/tokens/\(name)/view_key/").body["key"]?.string)
        }

        /// Tokens of each role and cap, with and without expiry.
        func limited() async throws -> [Limited] {
            for (name, user) in [("boss-free", boss), ("opera-free", opera)] {
                let body: JSONValue = ["identifier": .string(name), "user": user, "expiring": false]
                try #require(try await server.send("POST", "/core/tokens/", body).status == 201)
            }
            let hour: [String: JSONValue] = ["expires": Self.inAnHour()]
            let ever: [String: JSONValue] = ["expiring": false]
            let kinds: [(String, JSONValue, Set<Limit>, [String: JSONValue])] = [
                ("boss-auditor", boss, [.role], ever.merging(["causeway_role": "auditor"]) { $1 }),
                ("boss-operator", boss, [.role], ever.merging(["causeway_role": "operator"]) { $1 }),
                ("boss-operator-hour", boss, [.role, .time], hour.merging(["causeway_role": "operator"]) { $1 }),
                ("boss-hour", boss, [.time], hour.merging(["causeway_role": "administrator"]) { $1 }),
                ("opera-auditor", opera, [.role], ever.merging(["causeway_role": "auditor"]) { $1 }),
                ("opera-hour", opera, [.time], hour),
            ]
            var limited: [Limited] = []
            for (name, user, limits, more) in kinds {
                let stronger = user == boss ? "boss-free" : "opera-free"
                let key = try await token(name, of: user, more)
                limited.append(Limited(name: name, limits: limits, key: key, user: user, stronger: stronger))
            }
            return limited
        }

        /// All access as administrators see it, including the tokens of limited callers.
        func access() async throws -> [String: Set<JSONValue>] {
            var access: [String: Set<JSONValue>] = [:]
            let parts: [(path: String, fields: [String])] = [
                (
                    "/core/tokens/?page_size=100",
                    ["identifier", "user", "causeway_role", "expires", "expiring", "description"]
                ),
                (
                    "/core/users/?page_size=100",
                    ["username", "roles", "groups", "is_superuser", "is_active", "password_change_date"]
                ),
                ("/core/groups/?page_size=100&include_parents=true", ["name", "is_superuser", "users", "parents"]),
            ]
            for (path, fields) in parts {
                let rows = try await server.send("GET", path).body["results"]?.array ?? []
                access[path] = Set(
                    rows.map { row in .object(Dictionary(fields.map { ($0, row[$0] ?? .null) }) { $1 }) }
                )
            }
            let authenticators = try await server.send("GET", "/causeway/authenticators/").body.array ?? []
            access["authenticators"] = Set(authenticators)
            return access
        }
    }
}
