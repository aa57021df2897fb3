import CausewayJSON
import Foundation

/// What clients read before they sign in: the endpoints, and the names of the clouds (OpenID Connect Discovery 1.0;
/// Microsoft identity platform, "OpenID Connect on the Microsoft identity platform").
struct LoginDocuments {
    /// URL of the sign-in service, without a path.
    let base: String
    /// URL of Graph, without its version.
    let graph: String

    /// Names that stand for any tenant.
    static let anyTenant: Set<String> = ["common", "organizations"]

    /// The OpenID configuration.
    ///
    /// - Parameters:
    ///   - tenant: as it was requested.
    ///   - id: the tenant's id; nil for names that stand for any tenant.
    ///   - isVersion2: whether the issuer is that of tokens of version 2. Graph's own are of version 1.
    func configuration(of tenant: String, id: String?, isVersion2: Bool) -> JSONValue {
        let id = id ?? "{tenantid}"
        let place = isVersion2 ? "v2.0/" : ""
        func endpoint(_ path: String) -> JSONValue { .string("\(base)/\(tenant)/\(path)") }
        return [
            "issuer": .string(isVersion2 ? "\(base)/\(id)/v2.0" : "https://sts.windows.net/\(id)/"),
            "token_endpoint": endpoint("oauth2/\(place)token"),
            "authorization_endpoint": endpoint("oauth2/\(place)authorize"),
            "device_authorization_endpoint": endpoint("oauth2/\(place)devicecode"),
            "end_session_endpoint": endpoint("oauth2/\(place)logout"),
            "jwks_uri": endpoint("discovery/\(place)keys"),
            "userinfo_endpoint": .string("\(graph)/oidc/userinfo"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "subject_types_supported": ["pairwise"], "id_token_signing_alg_values_supported": ["RS256"],
            "request_uri_parameter_supported": false,
            "claims_supported": [
                "sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "nonce", "name", "tid", "ver", "at_hash",
                "c_hash", "email",
            ],
            "tenant_region_scope": "WW", "cloud_instance_name": .string(Self.host(of: base)),
            "msgraph_host": .string(Self.host(of: graph)),
        ]
    }

    /// Instance discovery: the names of each cloud, and this one's own.
    ///
    /// - Returns: nil if no cloud has the host of the requested endpoint.
    func instances(for endpoint: String) -> JSONValue? {
        let own = Self.host(of: base)
        let known = MicrosoftNames.loginClouds
        let clouds = known.contains { $0.names.contains(own) } ? known : [.init(own)] + known
        guard let url = URL(string: endpoint), clouds.contains(where: { $0.names.contains(Self.host(of: endpoint)) })
        else {
            return nil
        }
        let tenant = url.path.split(separator: "/").first.map(String.init) ?? "common"
        let place = url.path.contains("/v2.0/") ? "v2.0/" : ""
        return [
            "tenant_discovery_endpoint": .string("\(base)/\(tenant)/\(place).well-known/openid-configuration"),
            "api-version": "1.1",
            "metadata": .array(
                clouds.map { cloud in
                    [
                        "preferred_network": .string(cloud.names[0]), "preferred_cache": .string(cloud.cache),
                        "aliases": JSONValue(cloud.names),
                    ]
                }
            ),
        ]
    }

    /// Name and port of a URL's host.
    private static func host(of url: String) -> String {
        guard let url = URL(string: url), let host = url.host else { return "" }
        return (url.port.map { "\(host):\($0)" } ?? host).lowercased()
    }
}
