import CausewayNetwork
import Foundation

/// The addresses of a tenant's sign-in service and of its Graph.
///
/// Source: Graph, "National cloud deployments".
package struct GraphEndpoints: Hashable, Sendable {
    /// Base URL of the sign-in service, without a path: `https://login.microsoftonline.com`.
    package let login: String
    /// Base URL of Graph with its version: `https://graph.microsoft.com/v1.0`.
    package let graph: String
    /// The part of ``graph`` that identifies the server: scheme, host and port.
    let graphOrigin: String

    package static let global = GraphEndpoints("login.microsoftonline.com", "graph.microsoft.com")
    package static let usGovernment = GraphEndpoints("login.microsoftonline.us", "graph.microsoft.us")
    package static let usGovernmentDoD = GraphEndpoints("login.microsoftonline.us", "dod-graph.microsoft.us")
    package static let china = GraphEndpoints("login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn")

    private init(_ loginHost: String, _ graphHost: String) {
        login = "https://\(loginHost)"
        graphOrigin = "https://\(graphHost)"
        graph = "\(graphOrigin)/v1.0"
    }

    /// Endpoints that an administrator enters.
    ///
    /// - Throws: ``EndpointError`` if one is not a URL, or would send a secret over the network in clear text.
    package init(login: String, graph: String) throws(EndpointError) {
        (self.login, _) = try Self.checked(login, named: "login endpoint")
        (self.graph, graphOrigin) = try Self.checked(graph, named: "Graph endpoint")
    }

    /// The token endpoint.
    func token(tenant: String) -> String { "\(login)/\(tenant.urlEncoded)/oauth2/v2.0/token" }

    /// The one scope of client credentials: all permissions that an administrator has consented to.
    var scope: String { "\(graphOrigin)/.default" }

    private static func checked(_ text: String, named name: String) throws(EndpointError) -> (
        url: String, origin: String
    ) {
        // Which addresses may be reached is checked when a connection is made.
        if let violation = EndpointRule(allowsLinkLocal: true).violation(to: text) {
            throw EndpointError(description: "The \(name) \(violation)")
        }
        guard let url = URL(string: text), let host = url.host(), let scheme = url.scheme else {
            throw EndpointError(description: "The \(name) '\(text)' is not a URL; write it like https://host/path.")
        }
        let port = url.port.map { ":\($0)" } ?? ""
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        return (trimmed, "\(scheme)://\(host.contains(":") ? "[\(host)]" : host)\(port)")
    }
}

/// Why an endpoint cannot be used, in one sentence.
package struct EndpointError: Error, Equatable, CustomStringConvertible {
    package let description: String
}
