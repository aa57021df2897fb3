import CausewayJSON
import Foundation
import HTTPTypes
package import Hummingbird
import Logging
package import NIOCore

/// What is known of a connection, for requests to the API.
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
        let limit = services.limits.bodySize
        let body = try? await Array(buffer: request.body.collect(upTo: limit))
        let answer = await respond(to: request.method, target, body: body, source: source)
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

    func source(of request: Request, _ context: APIRequestContext) -> RequestSource {
        let forwarded = services.limits.trustsProxy ? Forwarding(request.headers) : nil
        return RequestSource(
            requestID: UUID().uuidString.lowercased(),
            path: String(request.uri.description.prefix { $0 != "?" }),
            method: request.method.rawValue,
            clientIP: forwarded?.client ?? context.remoteAddress?.ipAddress ?? "",
            userAgent: request.headers[.userAgent] ?? "",
            host: request.head.authority ?? "localhost",
            headers: request.headers,
            isSecure: forwarded?.isSecure ?? false
        )
    }
}

extension APIResponse {
    fileprivate func response(id: String, isHead: Bool) -> Response {
        var headers = headers
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
