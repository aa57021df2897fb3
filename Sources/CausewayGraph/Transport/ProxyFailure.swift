import CausewayNetwork

/// Why a request did not get through a proxy. Nothing was sent to the host behind it.
package struct ProxyFailure: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// No connection to the proxy, or it does not answer.
        case unreachable
        /// It wants to know who asks, or does not accept what it is told (RFC 9110, 15.5.8).
        case signIn
        /// It does not connect to the host.
        case refused(host: String)
        /// It may not be used; why not, in a sentence.
        case forbidden(String)
        /// The variable that names it cannot be understood; why not, in a sentence.
        case invalid(String)
    }

    package let reason: Reason
    /// Without its secret; nil where it cannot be understood.
    private let proxy: String?
    private let user: String?

    init(_ reason: Reason, _ proxy: ProxyAddress?) {
        (self.reason, self.proxy, user) = (reason, proxy?.description, proxy?.user)
    }

    /// Whether it stays so until a person does something.
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
                ?? "\(name) wants a user and a secret (status 407)."
        case .refused(let host): "\(name) does not connect to \(host)."
        case .forbidden(let sentence), .invalid(let sentence): sentence
        }
    }

    /// What to do about it.
    package var remedy: String {
        switch reason {
        case .unreachable: "Check that it runs, and \(Self.place)."
        case .signIn: "Enter both as http://user:secret@host:port: check \(Self.place)."
        case .refused(let host): "Let it connect to \(host), or check \(Self.place)."
        case .forbidden, .invalid: "Correct \(Self.place)."
        }
    }

    private static let place = "the provider's HTTP proxy, or where it has none the variables HTTPS_PROXY and ALL_PROXY"

    /// The sort of failure, the same whatever the proxy.
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
