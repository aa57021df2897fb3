import Foundation

/// Which endpoints a credential may be sent to.
package struct EndpointRule: Hashable, Sendable {
    /// Whether link-local and metadata addresses may be reached: Graph is never there, unless an administrator of the server
    /// says so.
    package let allowsLinkLocal: Bool

    package static let standard = EndpointRule(allowsLinkLocal: false)

    package init(allowsLinkLocal: Bool) { self.allowsLinkLocal = allowsLinkLocal }

    /// Whether a connection to an address may be used.
    package func allows(_ address: NetworkAddress) -> Bool { allowsLinkLocal || !address.isLinkLocalOrMetadata }

    /// What is wrong with the base URL of an endpoint, in one sentence; nil if nothing is.
    package func violation(to text: String) -> String? {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }),
            let url = URLComponents(string: text), let host = url.host, !host.isEmpty, let scheme = url.scheme
        else { return "'\(text)' is not a URL; write it like https://host/path." }
        guard !text.contains("@") else { return "'\(text)' contains a user name or password; leave it out." }
        guard !text.contains("?"), !text.contains("#") else {
            return "'\(text)' has a query or a fragment; leave out everything from there on."
        }
        let address = NetworkAddress(host: host)
        let isLoopback = address?.isLoopback ?? (Self.name(host) == "localhost")
        guard scheme == "https" || (scheme == "http" && isLoopback) else {
            return "'\(text)' must start with https://; http:// is allowed only for this machine."
        }
        guard allowsLinkLocal || !(address?.isLinkLocalOrMetadata ?? Self.metadataNames.contains(Self.name(host)))
        else {
            return """
                '\(text)' is a link-local or metadata address, where credentials must not be sent; if your endpoint is there, set \
                CAUSEWAY_ALLOW_LINK_LOCAL=true where Causeway runs.
                """
        }
        return nil
    }

    /// The error in the address of a proxy, to which a user and a secret may be sent; nil if it is allowed.
    package func violation(to proxy: ProxyAddress) -> String? {
        let isForbidden =
            NetworkAddress(host: proxy.host)?.isLinkLocalOrMetadata
            ?? Self.metadataNames.contains(Self.name(proxy.host))
        guard isForbidden, !allowsLinkLocal else { return nil }
        return """
            The proxy \(proxy) is at a link-local or metadata address; if yours is there, set CAUSEWAY_ALLOW_LINK_LOCAL=true where \
            Causeway runs.
            """
    }

    /// Names of the metadata services of clouds.
    private static let metadataNames: Set = [
        "metadata", "metadata.google.internal", "metadata.goog", "metadata.azure.internal", "instance-data",
        "instance-data.ec2.internal",
    ]

    private static func name(_ host: String) -> String {
        let text = host.lowercased()
        return String(text.reversed().drop { $0 == "." }.reversed())
    }
}
