import CausewayNetwork

/// Why a request did not get through a proxy. Nothing was sent to the host behind it.
package struct ProxyFailure: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// The proxy accepts no connection, or does not answer.
        case unreachable
        /// The proxy needs a sign-in, or does not accept the user and the secret (RFC 9110, 15.5.8).
        case signIn
        /// The proxy does not connect to the host.
        case refused(host: String)
        /// The proxy must not be used; the reason, as a sentence.
        case forbidden(String)
        /// The variable with its address is invalid; the reason, as a sentence.
        case invalid(String)
    }

    package let reason: Reason
    /// The address without its secret; nil if it is invalid.
    private let proxy: String?
    private let user: String?

    init(_ reason: Reason, _ proxy: ProxyAddress?) {
        (self.reason, self.proxy, user) = (reason, proxy?.description, proxy?.user)
    }

    /// Whether a retry cannot succeed until a person changes something.
    var isLasting: Bool {
        switch reason {
        case .signIn, .forbidden, .invalid: true
        case .unreachable, .refused: false
        }
    }

    /// What happened.
    package var sentence: String {
        let name = "The proxy \(proxy ?? "")"
        return switch reason {
        case .unreachable: "\(name) cannot be reached."
        case .signIn:
            user.map { "\(name) does not accept the user '\($0)' with this secret (status 407)." }
                ?? "\(name) needs a user and a secret (status 407)."
        case .refused(let host): "\(name) does not connect to \(host)."
        case .forbidden(let sentence), .invalid(let sentence): sentence
        }
    }

    /// What to do about it.
    package var remedy: String {
        switch reason {
        case .unreachable: "Check that it runs, and check \(Self.place)."
        case .signIn: "Enter both as http://user:secret@host:port in \(Self.place)."
        case .refused(let host): "Allow it to connect to \(host), or check \(Self.place)."
        case .forbidden, .invalid: "Correct \(Self.place)."
        }
    }

    private static let place =
        "the provider's HTTP proxy or, if the provider has none, the variables HTTPS_PROXY and ALL_PROXY"

    /// The kind of failure. It does not depend on the proxy.
    var rule: String {
        switch reason {
        case .unreachable: "unreachable"
        case .signIn: "sign-in"
        case .refused: "refused"
        case .forbidden: "forbidden"
        case .invalid: "invalid"
        }
    }
}
