import Foundation

/// Where an HTTP proxy is, and what it wants of its clients: `http://user:secret@host:port`. It shows itself without the secret.
package struct ProxyAddress: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    package let host: String
    package let port: Int
    /// nil for a proxy that asks for none.
    package let user: String?
    /// nil where none is given; for the proxy alone.
    package let secret: String?

    /// Reads the text form; user and secret are percent-encoded where they hold what an address may not (RFC 3986, 3.2.1).
    ///
    /// - Throws: ``ProxyAddressError``, which repeats nothing that may be secret.
    package init(_ text: String) throws(ProxyAddressError) {
        guard text.contains("://") else {
            throw ProxyAddressError("The proxy's address lacks http://; \(Self.example)")
        }
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased() else {
            throw ProxyAddressError("The proxy's address is not a URL; \(Self.example)")
        }
        guard scheme == "http" else {
            throw ProxyAddressError(
                "The proxy's address begins with \(scheme)://, and HTTP proxies alone are supported; \(Self.example)"
            )
        }
        guard let host = url.host, !host.isEmpty else {
            throw ProxyAddressError("The proxy's address has no host; \(Self.example)")
        }
        guard let port = url.port, (1...65_535).contains(port) else {
            throw ProxyAddressError("The proxy's address has no port from 1 to 65535; \(Self.example)")
        }
        guard ["", "/"].contains(url.percentEncodedPath), url.query == nil, url.fragment == nil else {
            throw ProxyAddressError("The proxy's address goes on after the port; leave that out. \(Self.example)")
        }
        let named = url.user.flatMap { $0.isEmpty ? nil : $0 }
        guard named != nil || url.password == nil else {
            throw ProxyAddressError("The proxy's address has a secret and no user; \(Self.example)")
        }
        guard named?.contains(":") != true else {
            throw ProxyAddressError("The user in the proxy's address has a colon, which HTTP does not allow there.")
        }
        (self.host, self.port) = (host.trimmingCharacters(in: ["[", "]"]), port)
        (user, secret) = (named, url.password)
    }

    private init(host: String, port: Int, user: String?, secret: String?) {
        (self.host, self.port, self.user, self.secret) = (host, port, user, secret)
    }

    private static let example = """
        write it like http://proxy.company.com:3128, or http://user:secret@proxy.company.com:3128 where the proxy asks.
        """

    /// The address without the secret.
    package var description: String { text(secret: nil) }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The whole address; for the store alone.
    package var revealed: String { text(secret: secret) }

    private func text(secret: String?) -> String {
        let named = host.contains(":") ? "[\(host)]" : host
        guard let user else { return "http://\(named):\(port)" }
        let access = [user, secret].compactMap(\.self).map(Self.encoded).joined(separator: ":")
        return "http://\(access)@\(named):\(port)"
    }

    private static func encoded(_ text: String) -> String {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }

    /// The address with the secret of a former one, where it names the same user of the same proxy and no secret.
    package func keepingSecret(of former: ProxyAddress) -> ProxyAddress {
        guard user != nil, secret == nil, description == former.description else { return self }
        return former
    }
}

/// Why a text is no proxy's address, and what to do about it, in a sentence or two.
package struct ProxyAddressError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
