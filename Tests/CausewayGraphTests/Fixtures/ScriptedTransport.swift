import CausewayGraph
import CausewayJSON
import Foundation
import Logging
import Synchronization

/// Answers as a script says, one exchange after the other, and records the requests.
final class ScriptedTransport: HTTPTransport {
    /// One turn of the script.
    enum Turn: Sendable {
        case answer(Int, JSONValue?, [String: String] = [:])
        case failure(TransportError)
        /// Derives the answer from the request's body.
        case reply(@Sendable (JSONValue) -> JSONValue)
        /// An answer that is not JSON.
        case text(String)
        case hang
    }

    private struct State {
        var turns: [Turn]
        var requests: [HTTPRequestMessage] = []
        var tokens = 0
    }

    private let state: Mutex<State>

    /// The answer of the sign-in service instead of a token.
    private let loginRefusal: JSONValue?

    /// The claims of the tokens; nil for unreadable tokens.
    private let claims: String?

    init(_ turns: [Turn], loginRefusal: JSONValue? = nil, claims: String? = nil) {
        self.claims = claims
        state = Mutex(State(turns: turns))
        self.loginRefusal = loginRefusal
    }

    var requests: [HTTPRequestMessage] { state.withLock { $0.requests } }
    /// Token requests, which are not part of the script.
    var tokens: Int { state.withLock { $0.tokens } }

    func send<Reader: BodyReader>(
        _ request: HTTPRequestMessage,
        deadline: ContinuousClock.Instant,
        body reader: Reader
    ) async throws -> (HTTPHead, Reader) {
        let (head, bytes) = try await answer(request)
        var reader = reader
        // In small pieces, as a slow network would.
        for start in stride(from: 0, to: bytes.count, by: 7) {
            bytes[start..<min(start + 7, bytes.count)].withUnsafeBufferPointer { reader.take($0) }
        }
        return (head, reader)
    }

    private func answer(_ request: HTTPRequestMessage) async throws -> (HTTPHead, [UInt8]) {
        if request.url.hasSuffix("/oauth2/v2.0/token") { return token() }
        let turn = state.withLock { state in
            state.requests.append(request)
            return state.turns.isEmpty ? Turn.answer(599, nil) : state.turns.removeFirst()
        }
        switch turn {
        case .answer(let status, let body, let headers):
            return (HTTPHead(status: status, headers: headers), body?.bytes ?? [])
        case .text(let text): return (HTTPHead(status: 200, headers: [:]), Array(text.utf8))
        case .failure(let error): throw error
        case .reply(let body):
            let sent = try JSONValue(parsing: request.body ?? [])
            return (HTTPHead(status: 200, headers: [:]), body(sent).bytes)
        case .hang:
            try await Task.sleep(for: .seconds(3600))
            throw TransportError.timedOut
        }
    }

    private func token() -> (HTTPHead, [UInt8]) {
        let number = state.withLock { state in
            state.tokens += 1
            return state.tokens
        }
        if let loginRefusal { return (HTTPHead(status: 401, headers: [:]), loginRefusal.bytes) }
        let readable = claims.map { claims in
            let text = Data(claims.utf8).base64EncodedString()
            return "h.\(text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")).s"
        }
        let body: JSONValue = [
            "access_token": .string(readable ?? "token-\(number)"), "expires_in": 3600, "token_type": "Bearer",
        ]
        return (HTTPHead(status: 200, headers: [:]), body.bytes)
    }

    /// A client of the script, with pauses too short to matter.
    func client(attempts: Int = 4, patience: Duration = .seconds(1800)) -> GraphClient {
        GraphClient(
            endpoints: .global,
            credentials: [GraphCredential(tenant: "t", clientID: "c", proof: .clientSecret(ClientSecret("hush-hush")))],
            transport: self,
            limits: nil,
            policy: RetryPolicy(
                attempts: attempts,
                firstPause: .milliseconds(1),
                longestPause: .milliseconds(2),
                patience: patience
            ),
            logger: Logger(label: "test")
        )
    }

    /// Graph's error answer.
    static func error(_ code: String, _ message: String, target: String? = nil, detail: String = "ObjectConflict")
        -> JSONValue
    {
        var error: [String: JSONValue] = ["code": .string(code), "message": .string(message)]
        if let target { error["details"] = [["code": .string(detail), "target": .string(target)]] }
        return ["error": .object(error)]
    }

    /// A batch's answer: each entry's status by its number.
    static func batch(_ statuses: [(id: Int, status: Int)], headers: [String: JSONValue] = [:]) -> JSONValue {
        [
            "responses": .array(
                statuses.map { id, status in
                    [
                        "id": .string("\(id)"), "status": .integer(Int64(status)), "headers": .object(headers),
                        "body": ["n": .integer(Int64(id))],
                    ]
                }
            )
        ]
    }
}
