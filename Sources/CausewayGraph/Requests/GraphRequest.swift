package import CausewayJSON

/// A request to Graph, independent of how it is sent: alone or in a batch.
package struct GraphRequest: Sendable {
    /// The HTTP method.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// What to do when it is unknown whether it was carried out.
    package enum Repetition: Sendable {
        /// Send it again: its effect is the same however often it is carried out.
        case harmless
        /// Look for its effect, and send it again if there is none. Only for creations of which Graph itself refuses a second one.
        case afterLooking(ObjectLookup)
        /// Give up.
        case onlyIfNotCarriedOut
    }

    package let method: Method
    /// Below the version, with a leading slash and percent-encoded: `/users?$top=999`.
    package let path: String
    package let headers: [String: String]
    package let body: JSONValue?
    package let repetition: Repetition
    /// Whether it is sent again for a while if Graph does not show yet what was made just now; otherwise it fails at once.
    package private(set) var waitsUntilVisible = true

    package init(
        _ method: Method,
        _ path: String,
        headers: [String: String] = [:],
        body: JSONValue? = nil,
        repetition: Repetition? = nil
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.repetition = repetition ?? (method == .get ? .harmless : .onlyIfNotCarriedOut)
    }

    /// The same request, for callers that want to know at once that Graph does not show something.
    package var withoutWaiting: GraphRequest {
        var request = self
        request.waitsUntilVisible = false
        return request
    }
}

/// How to find an object by a key that its creator gave it.
package struct ObjectLookup: Sendable {
    /// The path of a `GET` that answers with the object, or with a list that would contain it.
    package let path: String
    /// A property with the value that only the right object has; nil if the path is unambiguous.
    package let key: (property: String, value: JSONValue)?

    package init(_ path: String, key: (property: String, value: JSONValue)? = nil) {
        (self.path, self.key) = (path, key)
    }

    package var request: GraphRequest { GraphRequest(.get, path) }

    /// The object in the answer, if it is there.
    package func object(in body: JSONValue?) -> JSONValue? {
        guard let body else { return nil }
        let candidates = body["value"]?.array ?? [body]
        return candidates.first { candidate in
            guard candidate["id"]?.string != nil else { return false }
            return key.map { candidate[$0.property] == $0.value } ?? true
        }
    }
}

/// A successful answer.
package struct GraphResponse: Sendable {
    package let status: Int
    /// By lower-case name.
    package let headers: [String: String]
    /// Nil for an answer without a body.
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
        var encoded: [UInt8] = []
        encoded.reserveCapacity(utf8.count)
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), Self.hexadecimalDigit(byte >> 4), Self.hexadecimalDigit(byte & 15)]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func hexadecimalDigit(_ half: UInt8) -> UInt8 {
        half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "A") + half - 10
    }

    /// The text as a string literal of OData, URL-encoded: a quote is doubled.
    package var odataLiteral: String { "'\(replacing("'", with: "''"))'".urlEncoded }
}
