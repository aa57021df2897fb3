import AsyncHTTPClient
package import CausewayJSON
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Plain HTTP for tests: nothing of the product's own client.
package enum HTTP {
    /// An answer with its JSON.
    package struct Answer: Sendable {
        package let status: Int
        /// By lower-case name.
        package let headers: [String: String]
        package let body: JSONValue
    }

    package static func send(
        _ method: String,
        _ url: String,
        headers: [(String, String)] = [],
        body: JSONValue? = nil,
        form: String? = nil
    ) async throws -> Answer {
        let answer = try await execute(request(method, url, headers, body, form))
        let isCSV = answer.headers["content-type"]?.hasPrefix("text/csv") == true
        let json =
            answer.bytes.isEmpty
            ? JSONValue.null
            : isCSV ? .string(String(decoding: answer.bytes, as: UTF8.self)) : try JSONValue(parsing: answer.bytes)
        return Answer(status: answer.status, headers: answer.headers, body: json)
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

    /// An answer that is not JSON. Where it leads elsewhere, nobody follows.
    package static func text(
        _ method: String,
        _ url: String,
        headers: [(String, String)] = [],
        body: JSONValue? = nil,
        form: String? = nil
    ) async throws -> (status: Int, headers: [String: String], text: String) {
        let client = HTTPClient(configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
        let result: Result<(status: Int, headers: [String: String], bytes: [UInt8]), any Error>
        do { result = .success(try await execute(request(method, url, headers, body, form), by: client)) } catch {
            result = .failure(error)
        }
        try await client.shutdown()
        let answer = try result.get()
        return (answer.status, answer.headers, String(decoding: answer.bytes, as: UTF8.self))
    }

    private static func execute(_ request: HTTPClientRequest, by client: HTTPClient = .shared) async throws
        -> (status: Int, headers: [String: String], bytes: [UInt8])
    {
        let response = try await client.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        var fields: [String: String] = [:]
        for (name, value) in response.headers { fields[name.lowercased()] = value }
        return (Int(response.status.code), fields, Array(bytes.readableBytesView))
    }
}
