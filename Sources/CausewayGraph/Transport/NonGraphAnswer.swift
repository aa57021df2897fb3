import CausewayJSON
import Foundation

/// An answer that neither Microsoft Graph nor its sign-in service gives: something in between answered instead, the
/// address belongs to another service, or the answer is cut off. Its apparent content does not count, above all not that an object
/// is gone or that a list is empty.
package struct NonGraphAnswer: Hashable, Sendable {
    /// What came instead of an answer from Graph.
    package enum Kind: Hashable, Sendable {
        /// A redirect to another address; the host, if it is given.
        case redirect(to: String?)
        /// A proxy demands a sign-in (HTTP status 407).
        case proxySignIn
        /// HTML: from a proxy, a sign-in page of the network, another web server.
        case webPage
        case text
        /// JSON without what Graph's answers have.
        case otherJSON
        case empty
        /// JSON that ends too early.
        case cut
        /// An error in Graph's format, or a similar one, for an address that is not Graph's.
        case unknownAddress
    }

    /// Who answered, with the port if one is given.
    package let host: String
    package let status: Int
    package let kind: Kind

    /// What happened: `login.corp.example answers with a web page (status 200), not as Microsoft Graph does.`
    ///
    /// - Parameter service: the service that should have answered.
    func sentence(service: String) -> String {
        let what =
            switch kind {
            case .redirect(let target?): "with a redirect to \(target)"
            case .redirect(nil): "with a redirect"
            case .proxySignIn: "with a proxy's demand to sign in"
            case .webPage: "with a web page"
            case .text: "with something that is not JSON"
            case .otherJSON: "with JSON of another kind"
            case .empty: "without content"
            case .cut: "with text that ends too early"
            case .unknownAddress: "that the address is unknown"
            }
        return "\(host) answers \(what) (status \(status)), not as \(service) does."
    }

    /// What to check.
    ///
    /// - Parameter endpoint: the name of the address in a provider's settings.
    func remedy(endpoint: String) -> String {
        switch kind {
        case .proxySignIn:
            "Allow this machine to reach \(host) without signing in at the proxy, or set a proxy that does not ask for it."
        case .webPage, .text, .redirect:
            "Check what is between this machine and \(host), such as a proxy, a firewall or the sign-in page of a network, and "
                + "check the provider's \(endpoint)."
        case .empty, .cut:
            "It will be retried. If it persists, check proxies between this machine and \(host), and check the provider's "
                + "\(endpoint)."
        case .otherJSON, .unknownAddress: "Check the provider's \(endpoint); \(Self.example(endpoint))"
        }
    }

    private static func example(_ endpoint: String) -> String {
        endpoint == graphEndpoint
            ? "it ends with the version: https://graph.microsoft.com/v1.0 in the global cloud."
            : "it is https://login.microsoftonline.com in the global cloud."
    }

    static let graphEndpoint = "Graph endpoint"
    static let loginEndpoint = "login endpoint"
    static let graph = "Microsoft Graph"
    static let login = "Microsoft's sign-in service"
}

extension NonGraphAnswer {
    /// What a body is that does not contain an answer from Graph.
    init(url: String, _ head: HTTPHead, _ body: JSONBody) {
        let kind: Kind
        if head.status == 407 {
            kind = .proxySignIn
        } else if (300...399).contains(head.status) {
            kind = .redirect(to: head.headers["location"].flatMap { URL(string: $0)?.host() })
        } else if body.isEmpty {
            kind = .empty
        } else if body.value != nil {
            kind = .otherJSON
        } else if body.isMarkup || head.headers["content-type"]?.contains("html") == true {
            kind = .webPage
        } else {
            kind = body.isCut ? .cut : .text
        }
        self.init(host: Self.host(of: url), status: head.status, kind: kind)
    }

    /// An address whose answer says that there is no such object, although it is not an object.
    init(unknownAddress url: String, status: Int) {
        self.init(host: Self.host(of: url), status: status, kind: .unknownAddress)
    }

    private static func host(of url: String) -> String {
        guard let url = URL(string: url), let host = url.host() else { return "The address" }
        return host + (url.port.map { ":\($0)" } ?? "")
    }
}
