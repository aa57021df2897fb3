import CausewayJSON
import Foundation
import HTTPTypes
package import Hummingbird
import Logging
package import NIOCore

/// What is known about a connection, for requests to the API.
package struct APIRequestContext: RequestContext, RemoteAddressRequestContext {
    package var coreContext: CoreRequestContextStorage
    package let remoteAddress: SocketAddress?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}

extension APIService {
    /// Whether a request is for the API.
    package static func serves(_ path: String) -> Bool { path.hasPrefix(APIRouter.base + "/") }

    /// Answers a request of the HTTP server.
    package func respond(to request: Request, context: APIRequestContext) async -> Response {
        let (target, began) = (request.uri.description, ContinuousClock.now)
        let source = source(of: request, context)
        let answer = await services.bodies.withBody(of: request, upTo: services.limits.bodySize) {
            body -> APIResponse in
            switch body {
            case .success(let bytes): return await respond(to: request.method, target, body: bytes, source: source)
            case .failure(.busy): return .busy
            case .failure(.tooLarge), .failure(.interrupted):
                return await respond(to: request.method, target, body: nil, source: source)
            }
        }
        services.logger.debug(
            "request",
            metadata: [
                "request": "\(source.requestID)", "method": "\(source.method)", "path": "\(source.path)",
                "status": "\(answer.status.code)",
                "milliseconds": "\((ContinuousClock.now - began) / .milliseconds(1))",
            ]
        )
        return answer.response(id: source.requestID, isHead: request.method == .head)
    }

    /// Reads the body of a request for a page, within the memory that all requests share.
    package func withBody<Value: Sendable>(
        of request: Request,
        upTo limit: Int,
        _ work: (Result<[UInt8], BodyMemory.Refusal>) async throws -> Value
    ) async rethrows -> Value {
        try await services.bodies.withBody(of: request, upTo: limit, work)
    }

    /// The host name of the request, with its port; a trusted proxy reports the original one.
    package func host(of request: Request) -> String? {
        let forwarded = services.limits.trustsProxy ? ForwardedHeaders(request.headers).host : nil
        return forwarded ?? request.head.authority
    }

    func source(of request: Request, _ context: APIRequestContext) -> RequestSource {
        let forwarded = services.limits.trustsProxy ? ForwardedHeaders(request.headers) : nil
        return RequestSource(
            requestID: UUID().uuidString.lowercased(),
            path: String(request.uri.description.prefix { $0 != "?" }),
            method: request.method.rawValue,
            clientIP: forwarded?.client ?? context.remoteAddress?.ipAddress ?? "",
            userAgent: request.headers[.userAgent] ?? "",
            host: host(of: request) ?? "localhost",
            headers: request.headers,
            isSecure: forwarded?.isSecure ?? false
        )
    }
}

extension APIResponse {
    /// There is no memory for the body.
    fileprivate static let busy = APIResponse(
        status: .serviceUnavailable,
        content: .json(["detail": "The server is busy with other requests; send it again."]),
        headers: [.retryAfter: "5"]
    )

    fileprivate func response(id: String, isHead: Bool) -> Response {
        var headers = headers
        if let entityTag { headers[.eTag] = entityTag.text }
        if let name = HTTPField.Name("X-Request-ID") { headers[name] = id }
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        switch content {
        case .none: return Response(status: status, headers: headers)
        case .json(let json):
            headers[.contentType] = "application/json"
            return Response(status: status, headers: headers, body: Self.body(json.bytes, isHead))
        case .bytes(let bytes, let type):
            headers[.contentType] = type
            return Response(status: status, headers: headers, body: Self.body(bytes, isHead))
        case .events(let stream):
            return Self.response(status, headers, stream, "text/event-stream", isHead)
        case .stream(let stream, let type):
            return Self.response(status, headers, stream, type, isHead)
        }
    }

    private static func response(
        _ status: HTTPResponse.Status,
        _ headers: HTTPFields,
        _ stream: AsyncThrowingStream<[UInt8], any Error>,
        _ type: String,
        _ isHead: Bool
    ) -> Response {
        var headers = headers
        headers[.contentType] = type
        let body = isHead ? ResponseBody() : ResponseBody(asyncSequence: stream.map(ByteBuffer.init(bytes:)))
        return Response(status: status, headers: headers, body: body)
    }

    private static func body(_ bytes: [UInt8], _ isHead: Bool) -> ResponseBody {
        isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
    }
}
