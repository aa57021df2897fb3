import CausewayInstallation
import CausewayJSON
import Foundation
import Logging

/// Sends one HTTP request to Graph: adds the token, waits for the throttle, decodes the response, and updates the throttle from its
/// headers.
struct GraphExchange: Sendable {
    let endpoints: GraphEndpoints
    let transport: any HTTPTransport
    /// One for each application.
    let tokens: [GraphTokenSource]
    let gate: ThrottleGate
    /// How long one exchange may take.
    let timeLimit: Duration
    let logger: Logger

    /// Waits for the request's turn and sends it.
    ///
    /// - Parameters:
    ///   - url: absolute.
    ///   - deadline: the latest time to send it.
    /// - Throws: ``GraphFailure``, or `CancellationError`.
    func send(_ request: GraphRequest, at url: String, before deadline: ContinuousClock.Instant) async throws
        -> GraphResponse
    {
        let shape = ExchangeShape(method: request.method, entries: 1, isList: request.isList)
        let pass = try await gate.enter(request.cost, shape, before: deadline)
        do { return try await attempt(request, at: url, pass, Self.signals) } catch let failure as GraphFailure {
            throw await explained(failure, of: request, pass)
        }
    }

    /// The failure with the missing permission of a refused request, from the token that it was sent with.
    private func explained(_ failure: GraphFailure, of request: GraphRequest, _ pass: ThrottleGate.Pass) async
        -> GraphFailure
    {
        guard failure.kind == .permissionMissing, let token = try? await tokens[pass.lane].token() else {
            return failure
        }
        return failure.explained(request, token.claims)
    }

    private static func signals(_ answer: Answer) -> ThrottleSignals {
        ThrottleSignals(status: answer.head.status, answer.head.headers)
    }

    /// Waits for a batch's turn.
    ///
    /// - Throws: `CancellationError`, or ``GraphFailure`` if its turn would not come before the deadline.
    func enter(_ batch: GraphBatch, before deadline: ContinuousClock.Instant) async throws -> ThrottleGate.Pass {
        let cost = batch.requests.reduce(RequestCost.free) { $0 + $1.cost }
        let shape = ExchangeShape(method: .post, entries: batch.requests.count, isList: false)
        return try await gate.enter(cost, shape, before: deadline)
    }

    /// Sends a batch whose turn has come. A batch of one is sent as a single request.
    ///
    /// - Throws: ``GraphFailure`` for the whole batch, or `CancellationError`.
    func send(_ batch: GraphBatch, _ pass: ThrottleGate.Pass) async throws -> [Result<GraphResponse, GraphFailure>] {
        if batch.requests.count == 1, let request = batch.requests.first {
            let url = endpoints.graph + request.path
            do { return [.success(try await attempt(request, at: url, pass, Self.signals))] } catch let failure
                as GraphFailure
            {
                throw await explained(failure, of: request, pass)
            }
        }
        let message = GraphRequest(.post, "/$batch", body: batch.body)
        let answer = try await attempt(message, at: endpoints.graph + message.path, pass) { answer in
            ThrottleSignals(status: answer.head.status, answer.head.headers, batch: answer.body.value)
        }
        guard let body = answer.body, body["responses"]?.array != nil else {
            throw GraphFailure.unanswered("the answer to the batch contains no answers")
        }
        var results = batch.results(from: body)
        for (index, request) in batch.requests.enumerated() {
            guard case .failure(let failure) = results[index] else { continue }
            results[index] = .failure(await explained(failure, of: request, pass))
        }
        return results
    }

    // MARK: Request and answer

    /// A decoded answer.
    private typealias Answer = (head: HTTPHead, body: JSONBody)

    private func attempt(
        _ request: GraphRequest,
        at url: String,
        _ pass: ThrottleGate.Pass,
        _ signals: (Answer) -> ThrottleSignals
    ) async throws -> GraphResponse {
        let answer: Answer
        do { answer = try await accepted(request, at: url, lane: pass.lane) } catch {
            let failure = (error as? TransportError).map { GraphFailure($0) }
            await gate.leave(pass, failure == nil ? .canceled : .trouble)
            throw failure ?? error
        }
        let signals = signals(answer)
        await gate.apply(signals, pass)
        await gate.leave(pass, answer.head.status >= 500 ? .trouble : .answered)
        await gate.tell(signals, pass)
        return try Self.response(to: request, at: url, answer)
    }

    /// A token that Graph does not accept is replaced and the request is sent again, since it was not carried out.
    private func accepted(_ request: GraphRequest, at url: String, lane: Int) async throws -> Answer {
        let token = try await token(lane)
        let answer = try await exchange(request, at: url, token)
        guard answer.head.status == 401 else { return answer }
        await tokens[lane].invalidate(token)
        return try await exchange(request, at: url, try await self.token(lane))
    }

    private func token(_ lane: Int) async throws -> GraphToken {
        do { return try await tokens[lane].token() } catch let error as LoginError { throw GraphFailure.login(error) }
    }

    private func exchange(_ request: GraphRequest, at url: String, _ token: GraphToken) async throws -> Answer {
        let id = UUID().uuidString.lowercased()
        let message = HTTPRequestMessage(
            method: request.method.rawValue,
            url: url,
            headers: Self.headers(of: request, token: token, id: id),
            body: request.body?.bytes
        )
        let deadline = ContinuousClock.now + timeLimit
        var (head, body) = try await transport.send(message, deadline: deadline, body: JSONBody())
        body.finish()
        logger.debug(
            "graph",
            metadata: ["request": "\(id)", "method": "\(request.method.rawValue)", "status": "\(head.status)"]
        )
        return (head, body)
    }

    private static func headers(of request: GraphRequest, token: GraphToken, id: String) -> [(String, String)] {
        var headers = [
            ("Authorization", "Bearer \(token.value)"), ("client-request-id", id), ("Accept", "application/json"),
            ("User-Agent", "causeway/\(Version.current)"),
        ]
        if request.body != nil { headers.append(("Content-Type", "application/json")) }
        return headers + request.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func response(to request: GraphRequest, at url: String, _ answer: Answer) throws -> GraphResponse {
        let (head, body) = answer
        if let foreign = AnswerRules.foreignAnswer(to: request, at: url, head, body) {
            throw GraphFailure(foreign, headers: head.headers)
        }
        guard (200...299).contains(head.status) else {
            throw GraphFailure(status: head.status, headers: head.headers, body: body.value)
        }
        return GraphResponse(status: head.status, headers: head.headers, body: body.value)
    }
}
