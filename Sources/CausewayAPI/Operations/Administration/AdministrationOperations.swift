import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

/// `admin/` and `root/config/`
enum AdministrationOperations {
    static let handlers: [String: APIHandler] = [
        "admin_apps_list": { _ in .ok(.array(apps)) }, "admin_models_list": { _ in .ok(.array(models)) },
        "admin_system_retrieve": system, "admin_system_create": system, "admin_version_retrieve": version,
        "admin_version_history_list": versionHistory, "admin_version_history_retrieve": versionOfHistory,
        "root_config_retrieve": config,
    ]

    /// The release of authentik whose API is served; clients check it.
    static let dialect = "2026.8.5"

    private static let apps: [JSONValue] = [
        ["name": "authentik.core", "label": "authentik Core"],
        ["name": "authentik.events", "label": "authentik Events"],
        ["name": "authentik.tasks", "label": "authentik Tasks"],
        ["name": "authentik.blueprints", "label": "authentik Blueprints"],
        ["name": "authentik.providers.microsoft_entra", "label": "authentik Providers.Microsoft Entra"],
    ]

    private static let models: [JSONValue] = [
        APIModel.user, .group, .token, .application, .provider, .mapping, .userLink, .groupLink,
    ].map { ["name": .string("\($0.app).\($0.name)"), "label": .string($0.title)] }

    @Sendable private static func system(_ request: APIRequest) async throws -> APIResponse {
        let secret: Set<String> = ["authorization", "cookie", "x-authentik-csrf"]
        let headers = request.source.headers.filter { !secret.contains($0.name.canonicalName) }
        let json: [String: JSONValue] = [
            "http_headers": .object(
                Dictionary(headers.map { ($0.name.rawName, JSONValue.string($0.value)) }, uniquingKeysWith: { $1 })
            ),
            "http_host": .string(request.source.host), "http_is_secure": false,
            "runtime": runtime(request), "brand": "Causeway", "server_time": .string(APITime.text(.now())),
            "embedded_outpost_disabled": true, "embedded_outpost_host": "",
            "base_url": .string(request.source.origin + "/"),
        ]
        return .ok(.object(json))
    }

    private static func runtime(_ request: APIRequest) -> JSONValue {
        let system = ProcessInfo.processInfo
        #if arch(arm64)
            let architecture = "aarch64"
        #else
            let architecture = "x86_64"
        #endif
        return [
            "python_version": .string(request.services.mappings.python.path), "environment": "causeway",
            "architecture": .string(architecture), "platform": .string(system.operatingSystemVersionString),
            "uname": .string(system.operatingSystemVersionString), "openssl_version": "BoringSSL",
            "openssl_fips_enabled": .null, "authentik_version": .string(dialect),
        ]
    }

    @Sendable private static func version(_ request: APIRequest) async throws -> APIResponse {
        .ok([
            "version_current": .string(dialect), "version_latest": .string(dialect), "version_latest_valid": true,
            "build_hash": .string(request.services.version), "outdated": false, "outpost_outdated": false,
        ])
    }

    @Sendable private static func versionHistory(_ request: APIRequest) async throws -> APIResponse {
        let all = [try await history(request)]
        let (version, build) = (request.query.text("version"), request.query.text("build"))
        return .ok(
            .array(
                all.filter { entry in
                    (version.map { $0 == entry["version"]?.string } ?? true)
                        && (build.map { $0 == entry["build"]?.string } ?? true)
                }
            )
        )
    }

    @Sendable private static func versionOfHistory(_ request: APIRequest) async throws -> APIResponse {
        guard request.path.text("id") == "1" || request.path.integer("id") == 1 else {
            throw APIError.notFound("VersionHistory")
        }
        return .ok(try await history(request))
    }

    /// Causeway has no record of its releases; it knows the running one, and when the installation was made.
    private static func history(_ request: APIRequest) async throws -> JSONValue {
        let since = try await request.store.read { try $0.installedAt() }
        return [
            "id": 1, "timestamp": .string(APITime.text(since)), "version": .string(dialect),
            "build": .string(request.services.version),
        ]
    }

    @Sendable private static func config(_ request: APIRequest) async throws -> APIResponse {
        .ok([
            "error_reporting": [
                "enabled": false, "sentry_dsn": "", "environment": "", "send_pii": false, "traces_sample_rate": 0,
            ],
            "capabilities": [], "cache_timeout": 300, "cache_timeout_flows": 300, "cache_timeout_policies": 300,
        ])
    }
}
