package import Foundation

/// Where a tenant's log-in service and its Graph are.
///
/// Source: Graph, "National cloud deployments".
package struct GraphEndpoints: Hashable, Sendable {
    /// Base URL of the log-in service, without a path: `https://login.microsoftonline.com`.
    package let login: URL
    /// Base URL of Graph with its version: `https://graph.microsoft.com/v1.0`.
    package let graph: URL

    package static let global = GraphEndpoints("login.microsoftonline.com", "graph.microsoft.com")
    package static let usGovernment = GraphEndpoints("login.microsoftonline.us", "graph.microsoft.us")
    package static let usGovernmentDoD = GraphEndpoints("login.microsoftonline.us", "dod-graph.microsoft.us")
    package static let china = GraphEndpoints("login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn")

    private init(_ loginHost: StaticString, _ graphHost: StaticString) {
        login = URL(filePath: "/").appending(host: "\(loginHost)")
        graph = URL(filePath: "/").appending(host: "\(graphHost)").appending(path: "v1.0")
    }

    /// Endpoints that an administrator gives.
    ///
    /// - Throws: ``EndpointError`` where one is no URL, or would send a secret over the network in the clear.
    package init(login: String, graph: String) throws(EndpointError) {
        self.login = try Self.checked(login, named: "login endpoint")
        self.graph = try Self.checked(graph, named: "Graph endpoint")
    }

    /// Where tokens are asked for.
    func token(tenant: String) -> URL {
        login.appending(path: tenant).appending(path: "oauth2/v2.0/token")
    }

    /// The one scope of client credentials: whatever an administrator has consented to.
    var scope: String {
        let port = graph.port.map { ":\($0)" } ?? ""
        return "\(graph.scheme ?? "https")://\(graph.host() ?? "")\(port)/.default"
    }

    private static func checked(_ text: String, named name: String) throws(EndpointError) -> URL {
        guard let url = URL(string: text), let host = url.host(), !host.isEmpty else {
            throw EndpointError(description: "The \(name) '\(text)' is no URL; write it like https://host/path.")
        }
        let isLoopback = ["127.0.0.1", "::1", "localhost"].contains(host)
        guard url.scheme == "https" || (url.scheme == "http" && isLoopback) else {
            throw EndpointError(
                description: "The \(name) '\(text)' must start with https://; http:// is for this machine alone."
            )
        }
        return url
    }
}

/// An endpoint that cannot be used, in one sentence.
package struct EndpointError: Error, Equatable, CustomStringConvertible {
    package let description: String
}

extension URL {
    fileprivate func appending(host: String) -> URL {
        var components = URLComponents()
        components.scheme = "https"
        components.host = host
        return components.url ?? self
    }
}
