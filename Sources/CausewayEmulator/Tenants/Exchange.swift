package import CausewayJSON

/// A call that was carried out, with its answer: tests check it against Graph's types.
package struct Exchange: Sendable {
    package let method: String
    /// Its name in fault rules and counts: `PATCH /groups/{id}`.
    package let operation: String
    /// Below the version, including ids; empty if there is none.
    package let path: String
    /// By lower-case name.
    package let headers: [String: String]
    /// By name, including `$`.
    package let query: [String: String]
    package let request: JSONValue?
    package let status: Int
    package let response: JSONValue?

    package init(
        _ operation: String,
        path: String = "",
        headers: [String: String] = [:],
        query: [String: String] = [:],
        request: JSONValue?,
        status: Int,
        response: JSONValue?
    ) {
        method = operation.split(separator: " ").first.map(String.init) ?? ""
        (self.operation, self.path, self.headers, self.query) = (operation, path, headers, query)
        (self.request, self.status, self.response) = (request, status, response)
    }

    init(_ call: GraphCall, _ reply: GraphReply) {
        self.init(
            call.operation,
            path: "/" + call.path.segments.map(\.description).joined(separator: "/"),
            headers: call.headers,
            query: call.query,
            request: call.body,
            status: reply.status,
            response: reply.body
        )
    }
}

/// Receives every exchange.
package typealias ExchangeObserver = @Sendable (Exchange) -> Void
