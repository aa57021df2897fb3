package import CausewayJSON

/// A call that was carried out, with its answer: what tests check against Graph's types.
package struct Exchange: Sendable {
    package let method: String
    /// As fault rules and counts name it: `PATCH /groups/{id}`.
    package let operation: String
    /// Below the version, ids included; empty where none was given.
    package let path: String
    /// By lower-case name.
    package let headers: [String: String]
    /// By name, `$` included.
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

/// Told of every exchange.
package typealias ExchangeObserver = @Sendable (Exchange) -> Void
