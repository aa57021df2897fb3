import CausewayJSON
import Foundation

/// The addresses of the sign-in service.
struct LoginRoutes {
    let hosts: TenantRegistry
    let documents: LoginDocuments

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - target: path and query.
    ///   - headers: by lower-case name.
    /// - Returns: nil if the address does not belong to the sign-in service.
    func answer(_ method: String, _ target: String, _ headers: [String: String], _ body: [UInt8]) -> GraphReply? {
        let path = String(target.prefix { $0 != "?" })
        let parts = path.split(separator: "/").map { String($0).removingPercentEncoding ?? String($0) }
        guard let tenant = parts.first else { return nil }
        switch (method, Array(parts.dropFirst())) {
        case ("POST", ["oauth2", "v2.0", "token"]): return token(tenant, path, headers, body)
        case ("GET", ["v2.0", ".well-known", "openid-configuration"]): return configuration(tenant, isVersion2: true)
        case ("GET", [".well-known", "openid-configuration"]): return configuration(tenant, isVersion2: false)
        case ("GET", ["discovery", "v2.0", "keys"]), ("GET", ["discovery", "keys"]): return keys()
        case ("GET", ["discovery", "instance"]): return instances(target)
        default: return nil
        }
    }

    private func token(_ tenant: String, _ path: String, _ headers: [String: String], _ body: [UInt8]) -> GraphReply {
        let host = hosts.named(tenant) ?? hosts.first
        var form = Self.fields(String(decoding: body, as: UTF8.self))
        form.merge(Self.basic(headers["authorization"])) { own, _ in own }
        return host.token(
            LoginService.TokenRequest(
                tenant: tenant,
                form: form,
                url: documents.base + path,
                graph: "\(documents.graph)/v1.0"
            )
        )
    }

    private func configuration(_ tenant: String, isVersion2: Bool) -> GraphReply {
        if LoginDocuments.anyTenant.contains(tenant.lowercased()) {
            return .ok(documents.configuration(of: tenant, id: nil, isVersion2: isVersion2))
        }
        guard let host = hosts.named(tenant) else {
            return hosts.first.login.reply(LoginService.refusal(ofTenant: tenant))
        }
        return .ok(documents.configuration(of: tenant, id: host.id, isVersion2: isVersion2))
    }

    private func keys() -> GraphReply {
        guard let keys = try? hosts.key.keySet() else { return hosts.first.login.reply(.transient(status: 503)) }
        return .ok(keys)
    }

    private func instances(_ target: String) -> GraphReply {
        let endpoint = Self.fields(String(target.drop { $0 != "?" }.dropFirst()))["authorization_endpoint"] ?? ""
        guard !endpoint.isEmpty else { return hosts.first.login.reply(.missing("authorization_endpoint")) }
        guard let found = documents.instances(for: endpoint) else { return hosts.first.login.reply(.unknownInstance) }
        return .ok(found)
    }

    /// The fields of a form, or of a query.
    private static func fields(_ text: String) -> [String: String] {
        GraphCall(method: "POST", target: "?" + text, headers: [:], body: nil)?.query ?? [:]
    }

    /// Client id and secret of a Basic header, which replace the fields of the body (RFC 6749, section 2.3.1).
    private static func basic(_ authorization: String?) -> [String: String] {
        guard let authorization, authorization.lowercased().hasPrefix("basic "),
            let bytes = Data(base64Encoded: String(authorization.dropFirst("basic ".count)))
        else { return [:] }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1).map { part in
            part.removingPercentEncoding ?? String(part)
        }
        return parts.count == 2 ? ["client_id": parts[0], "client_secret": parts[1]] : [:]
    }
}
