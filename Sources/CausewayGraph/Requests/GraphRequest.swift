package import CausewayJSON
import Foundation

/// A request to Graph, independent of how it travels: alone or in a batch.
package struct GraphRequest: Sendable {
    /// The HTTP method.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// Whether it may be sent again when nobody knows whether it was carried out.
    package enum Repetition: Sendable {
        /// Its effect is the same however often it is carried out.
        case harmless
        /// Only where it certainly was not carried out.
        case onlyIfNotCarriedOut
    }

    package let method: Method
    /// Below the version, with a leading slash and percent-encoded: `/users?$top=999`.
    package let path: String
    package let headers: [String: String]
    package let body: JSONValue?
    package let repetition: Repetition
    package let cost: RequestCost

    package init(
        _ method: Method,
        _ path: String,
        headers: [String: String] = [:],
        body: JSONValue? = nil,
        repetition: Repetition? = nil,
        cost: RequestCost? = nil
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.repetition = repetition ?? (method == .get ? .harmless : .onlyIfNotCarriedOut)
        self.cost = cost ?? (method == .get ? .read : .write)
    }
}

/// What a request costs at Graph's limits for identity and access (Graph, "Throttling limits", 2026-02).
package struct RequestCost: Hashable, Sendable {
    package let resourceUnits: Int
    package let writes: Int

    package init(resourceUnits: Int, writes: Int) {
        self.resourceUnits = resourceUnits
        self.writes = writes
    }

    package static let read = RequestCost(resourceUnits: 1, writes: 0)
    package static let write = RequestCost(resourceUnits: 1, writes: 1)
    package static let memberList = RequestCost(resourceUnits: 2, writes: 0)
    static let free = RequestCost(resourceUnits: 0, writes: 0)

    static func + (one: RequestCost, other: RequestCost) -> RequestCost {
        RequestCost(resourceUnits: one.resourceUnits + other.resourceUnits, writes: one.writes + other.writes)
    }
}

/// A successful answer.
package struct GraphResponse: Sendable {
    package let status: Int
    /// By lower-case name.
    package let headers: [String: String]
    /// nil for an answer without a body.
    package let body: JSONValue?

    package init(status: Int, headers: [String: String], body: JSONValue?) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension String {
    /// The text as one segment or value of a URL.
    package var urlEncoded: String {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        return addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }

    /// The text as a string literal of OData, URL-encoded: a quote is doubled.
    package var odataLiteral: String { "'\(replacing("'", with: "''"))'".urlEncoded }
}
