package import CausewayJSON
package import CausewayModel
import CausewayStore
import Foundation
package import HTTPTypes
package import Hummingbird

/// Calls the API in the same process: on behalf of a browser, with its session and therefore with its rights, or for a command on
/// this machine.
package struct APIClient: Sendable {
    private let service: APIService
    private var source: RequestSource
    private let caller: Result<Caller, any Error>

    /// Looks up the session of a browser's request. The client can change nothing until it has the session's token.
    package init(_ service: APIService, for request: Request, context: APIRequestContext) async {
        self.service = service
        var source = service.source(of: request, context)
        source.headers[.authorization] = nil
        source.headers[.contentType] = "application/json"
        source.headers[.ifMatch] = nil
        if let name = Authenticator.csrfHeader { source.headers[name] = nil }
        self.source = source
        caller = await service.caller(of: source)
    }

    /// For a command of the program. It may do everything; events name it as the command line.
    package init(forCommandOf service: APIService) {
        self.service = service
        source = RequestSource(
            requestID: UUID().uuidString.lowercased(),
            path: "",
            method: "",
            clientIP: "",
            userAgent: "",
            host: "localhost",
            headers: [.contentType: "application/json"],
            isSecure: false
        )
        caller = .success(.commandLine)
    }

    /// The present time, as times are stored.
    package var now: Timestamp {
        get async throws { try await service.services.store.read { $0.now } }
    }

    /// The subscriber of the network from whom the request comes.
    package var subscriber: String { AttemptSubject.subscriber(of: source.clientIP) }

    /// What pages keep.
    package var keptTexts: KeptTexts { service.keptTexts }

    /// The value of a cookie of the browser's request; nil without one.
    package func cookie(_ name: String) -> String? { Authenticator.cookie(name, source.headers) }

    /// The value of a `Set-Cookie` header for a cookie that only this server reads, and only from its own pages.
    package func setCookie(_ name: String, _ value: String, for lifetime: Duration) -> String {
        source.cookie(name, value, lifetime)
    }

    /// The client with the session's token from the browser's form. Changes need it.
    package func with(token: String?) -> APIClient {
        var client = self
        if let name = Authenticator.csrfHeader { client.source.headers[name] = token }
        return client
    }

    /// - Parameters:
    ///   - path: below `/api/v3`, with a query.
    ///   - tag: the entity tag of the object to change.
    package func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSONValue? = nil,
        ifMatch tag: String? = nil
    ) async -> APIAnswer {
        var source = source
        source.headers[.ifMatch] = tag
        return APIAnswer(
            await service.respond(
                to: method,
                APIRouter.base + path,
                body: body?.bytes ?? [],
                source: source,
                caller: caller
            )
        )
    }
}

/// The API's answer.
package struct APIAnswer: Sendable {
    package let status: Int
    /// Null if there is none.
    package let body: JSONValue
    /// Values of `Set-Cookie` headers.
    package let cookies: [String]
    /// After how many seconds a refused request may be sent again; nil if the answer does not say.
    package let retryAfter: Int?
    private let isTagged: Bool

    init(_ response: APIResponse) {
        status = response.status.code
        isTagged = response.isTagged
        cookies = response.headers[values: .setCookie]
        retryAfter = response.headers[.retryAfter].flatMap { Int($0) }
        body =
            switch response.content {
            case .json(let json): json
            case .none, .bytes, .events, .stream: .null
            }
    }

    /// The entity tag, computed on demand; nil for an answer without one.
    package var tag: String? { isTagged ? EntityTag(of: body).text : nil }
}
