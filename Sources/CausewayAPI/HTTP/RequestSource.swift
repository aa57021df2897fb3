import HTTPTypes

/// Where a request comes from.
struct RequestSource: Sendable {
    /// Found again in the log and in the answer's header.
    let requestID: String
    let path: String
    let method: String
    let clientIP: String
    let userAgent: String
    /// The host that the client asked for, with its port.
    let host: String
    var headers: HTTPFields

    /// Whether the client speaks TLS, with a proxy before this server.
    let isSecure: Bool

    /// What addresses of this server begin with.
    var origin: String { "\(isSecure ? "https" : "http")://\(host)" }
}

extension RequestSource {
    /// The value of a `Set-Cookie` header that only this server reads.
    func cookie(_ name: String, _ value: String, _ lifetime: Duration) -> String {
        "\(name)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(lifetime.components.seconds)"
            + (isSecure ? "; Secure" : "")
    }

    /// The value of a `Set-Cookie` header that removes the session from the browser.
    var endedSessionCookie: String { cookie(Authenticator.sessionCookie, "", .zero) }
}
