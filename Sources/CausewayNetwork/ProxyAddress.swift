import Foundation

/// The address of an HTTP proxy, with the user and the secret for it: `http://user:secret@host:port`. Its description has no secret.
package struct ProxyAddress: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    package let host: String
    package let port: Int
    /// nil for a proxy without a sign-in.
    package let user: String?
    /// Sent to the proxy only; nil if the address has none.
    package let secret: String?

    /// Reads the text form. Characters of user and secret that an address must not contain are percent-encoded (RFC 3986, 3.2.1).
    ///
    /// - Throws: ``ProxyAddressError``, which contains no part that can be secret.
    package init(_ text: String) throws(ProxyAddressError) {
        guard text.contains("://") else {
            throw ProxyAddressError("The proxy's address does not begin with http://. \(Self.example)")
        }
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased() else {
            throw ProxyAddressError("The proxy's address is not a URL. \(Self.example)")
        }
        guard scheme == "http" else {
            throw ProxyAddressError(
                "The proxy's address begins with \(scheme)://. Only HTTP proxies are supported. \(Self.example)"
            )
        }
        guard let host = url.host, !host.isEmpty else {
            throw ProxyAddressError("The proxy's address has no host. \(Self.example)")
        }
        guard let port = url.port, (1...65_535).contains(port) else {
            throw ProxyAddressError("The proxy's address has no port from 1 to 65535. \(Self.example)")
        }
        guard ["", "/"].contains(url.percentEncodedPath), url.query == nil, url.fragment == nil else {
            throw ProxyAddressError("The proxy's address must end after the port. \(Self.example)")
        }
        let named = url.user.flatMap { $0.isEmpty ? nil : $0 }
        guard named != nil || url.password == nil else {
            throw ProxyAddressError("The proxy's address has a secret but no user. \(Self.example)")
        }
        guard named?.contains(":") != true else {
            throw ProxyAddressError("The user in the proxy's address contains a colon. HTTP does not allow that.")
        }
        (self.host, self.port) = (host.trimmingCharacters(in: ["[", "]"]), port)
        (user, secret) = (named, url.password)
    }

    private init(host: String, port: Int, user: String?, secret: String?) {
        (self.host, self.port, self.user, self.secret) = (host, port, user, secret)
    }

    private static let example = """
        Write it like http://proxy.company.com:3128, or http://user:secret@proxy.company.com:3128 if the proxy needs a sign-in.
        """

    /// The address without the secret.
    package var description: String { text(secret: nil) }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The whole address, with the secret. Only the store uses it.
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

    /// The former address, with its secret, if this address has no secret and names the same user of the same proxy.
    package func keepingSecret(of former: ProxyAddress) -> ProxyAddress {
        guard user != nil, secret == nil, description == former.description else { return self }
        return former
    }
}

/// Why a text is not the address of a proxy, and what to do about it.
package struct ProxyAddressError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
