import CausewayGraph
import CausewayJSON
import Foundation
import Logging
import Synchronization

/// Answers as a script says, one exchange after the other; remembers what it was sent.
final class ScriptedTransport: HTTPTransport {
    /// One turn of the script.
    enum Turn: Sendable {
        case answer(Int, JSONValue?, [String: String] = [:])
        case failure(TransportError)
        /// Works the answer out from the request's body.
        case reply(@Sendable (JSONValue) -> JSONValue)
        case hang
    }

    private struct State {
        var turns: [Turn]
        var requests: [HTTPRequestMessage] = []
        var tokens = 0
    }

    private let state: Mutex<State>

    init(_ turns: [Turn]) { state = Mutex(State(turns: turns)) }

    var requests: [HTTPRequestMessage] { state.withLock { $0.requests } }
    /// Token requests, which the script does not speak of.
    var tokens: Int { state.withLock { $0.tokens } }

    func send(_ request: HTTPRequestMessage, deadline: ContinuousClock.Instant) async throws -> HTTPAnswer {
        if request.url.hasSuffix("/oauth2/v2.0/token") { return token() }
        let turn = state.withLock { state in
            state.requests.append(request)
            return state.turns.isEmpty ? Turn.answer(599, nil) : state.turns.removeFirst()
        }
        switch turn {
        case .answer(let status, let body, let headers):
            return HTTPAnswer(status: status, headers: headers, body: body?.bytes ?? [])
        case .failure(let error): throw error
        case .reply(let body):
            let sent = try JSONValue(parsing: request.body ?? [])
            return HTTPAnswer(status: 200, headers: [:], body: body(sent).bytes)
        case .hang:
            try await Task.sleep(for: .seconds(3600))
            throw TransportError.timedOut
        }
    }

    private func token() -> HTTPAnswer {
        let number = state.withLock { state in
            state.tokens += 1
            return state.tokens
        }
        let body: JSONValue = ["access_token": .string("token-\(number)"), "expires_in": 3600, "token_type": "Bearer"]
        return HTTPAnswer(status: 200, headers: [:], body: body.bytes)
    }

    /// A client that speaks through the script, with pauses too short to wait for.
    func client(attempts: Int = 4) -> GraphClient {
        GraphClient(
            endpoints: .global,
            credentials: [GraphCredential(tenant: "t", clientID: "c", proof: .clientSecret(ClientSecret("hush-hush")))],
            transport: self,
            limits: nil,
            policy: RetryPolicy(attempts: attempts, firstPause: .milliseconds(1), longestPause: .milliseconds(2)),
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
