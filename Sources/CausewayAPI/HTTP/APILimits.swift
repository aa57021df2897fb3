/// The limits of requests.
package struct APILimits: Sendable {
    /// Rows per page: the default, and the maximum.
    package var pageSize = 20
    package var largestPage = 100
    /// Bytes of a body.
    package var bodySize = 2 << 20
    /// Bytes of all bodies that are read at once.
    package var bodySizes = 64 << 20
    /// How long an API token is valid.
    package var tokenLifetime: Duration = .seconds(86_400)
    /// How long a browser stays signed in without a request, and at most.
    package var sessionIdle: Duration = .seconds(3600)
    package var sessionLifetime: Duration = .seconds(12 * 3600)
    /// Wrong passwords or tokens from one address, under one user name, and in one known browser, before it must wait.
    package var failures = 10
    /// The same for all clients together, by many addresses and names, without known browsers.
    package var failuresOfEverybody: Int { max(failures, min(50 * failures, 2000)) }
    package var failureWindow: Duration = .seconds(300)
    /// Whether every request comes through a proxy that says who the client is.
    package var trustsProxy = false

    package init() {}
}
