import AsyncHTTPClient
package import CausewayJSON
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Plain HTTP for tests, without any code of the product's own client.
package enum HTTP {
    /// An answer with its JSON; a text for a table, and for lines of JSON.
    package struct Answer: Sendable {
        package let status: Int
        /// By lower-case name.
        package let headers: [String: String]
        package let body: JSONValue
        /// The values of `Set-Cookie` headers, each without its attributes.
        package let cookies: [String]
    }

    package static func send(
        _ method: String,
        _ url: String,
        headers: [(String, String)] = [],
        body: JSONValue? = nil,
        form: String? = nil,
        media: (type: String, bytes: [UInt8])? = nil
    ) async throws -> Answer {
        var request = request(method, url, headers, body, form)
        if let media {
            request.headers.add(name: "Content-Type", value: media.type)
            request.body = .bytes(media.bytes)
        }
        let answer = try await execute(request)
        let type = answer.headers["content-type"] ?? ""
        let isText = ["text/csv", "application/x-ndjson"].contains { type.hasPrefix($0) }
        let json =
            answer.bytes.isEmpty
            ? JSONValue.null
            : isText ? .string(String(decoding: answer.bytes, as: UTF8.self)) : try JSONValue(parsing: answer.bytes)
        return Answer(status: answer.status, headers: answer.headers, body: json, cookies: answer.cookies)
    }

    private static func request(
        _ method: String,
        _ url: String,
        _ headers: [(String, String)],
        _ body: JSONValue?,
        _ form: String?
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(body.bytes)
        }
        if let form {
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(Array(form.utf8))
        }
        return request
    }

    /// An answer that is not JSON. A redirect is not followed.
    package static func text(
        _ method: String,
        _ url: String,
        headers: [(String, String)] = [],
        body: JSONValue? = nil,
        form: String? = nil
    ) async throws -> (status: Int, headers: [String: String], text: String) {
        let client = HTTPClient(configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
        let result: Result<Exchange, any Error>
        do { result = .success(try await execute(request(method, url, headers, body, form), by: client)) } catch {
            result = .failure(error)
        }
        try await client.shutdown()
        let answer = try result.get()
        return (answer.status, answer.headers, String(decoding: answer.bytes, as: UTF8.self))
    }

    private struct Exchange {
        let status: Int
        let headers: [String: String]
        let cookies: [String]
        let bytes: [UInt8]
    }

    /// With as many connections as there are requests at once, so that none waits here for another.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 80
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private static func execute(_ request: HTTPClientRequest, by client: HTTPClient = client) async throws -> Exchange {
        // Longer than anything takes on the busiest machine, such as hashing thirty passwords without optimization.
        let response = try await client.execute(request, timeout: .minutes(5))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        var fields: [String: String] = [:]
        for (name, value) in response.headers { fields[name.lowercased()] = value }
        return Exchange(
            status: Int(response.status.code),
            headers: fields,
            cookies: response.headers["set-cookie"].map { String($0.prefix { $0 != ";" }) },
            bytes: Array(bytes.readableBytesView)
        )
    }
}
