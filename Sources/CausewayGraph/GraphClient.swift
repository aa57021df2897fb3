import CausewayJSON
import Foundation
package import Logging

/// A client of Microsoft Graph for one application in one tenant.
///
/// It knows tokens, batches, pacing, retries and what answers mean; it knows nothing of directories or plans.
package struct GraphClient: Sendable {
    let endpoints: GraphEndpoints
    let transport: any HTTPTransport
    let tokens: AccessTokenSource
    let gate: ThrottleGate
    let policy: RetryPolicy
    /// How long one exchange may take.
    let timeLimit: Duration
    let logger: Logger

    /// - Parameters:
    ///   - limits: how fast to go at most; nil leaves pacing to Graph's own refusals.
    ///   - timeLimit: how long one exchange may take before it counts as unanswered.
    package init(
        endpoints: GraphEndpoints,
        credential: GraphCredential,
        transport: any HTTPTransport,
        limits: ThrottleLimits? = .documented,
        policy: RetryPolicy = RetryPolicy(),
        timeLimit: Duration = .seconds(100),
        logger: Logger
    ) {
        self.endpoints = endpoints
        self.transport = transport
        self.policy = policy
        self.timeLimit = timeLimit
        self.logger = logger
        gate = ThrottleGate(limits: limits)
        tokens = AccessTokenSource(
            credential: credential,
            endpoints: endpoints,
            transport: transport,
            policy: policy
        )
    }

    /// Graph's URL with its version, for references in bodies.
    package var baseURL: String { endpoints.graph }

    /// The application permissions that the token names; a hint for messages.
    ///
    /// - Throws: ``LoginError``.
    package func grantedRoles() async throws -> [String] { try await tokens.token().roles }

    /// Sends one request, again where that is safe and may help.
    ///
    /// - Throws: ``GraphFailure``, or `CancellationError`.
    package func send(_ request: GraphRequest) async throws -> GraphResponse {
        try await exchange(request, at: endpoints.graph + request.path)
    }

    /// Sends requests in batches of twenty, again where that is safe and may help.
    ///
    /// - Returns: a result for each request, in order.
    /// - Throws: `CancellationError` alone.
    package func send(batch requests: [GraphRequest]) async throws -> [Result<GraphResponse, GraphFailure>] {
        var results: [Result<GraphResponse, GraphFailure>] = []
        for start in stride(from: 0, to: requests.count, by: GraphBatch.limit) {
            let part = requests[start..<min(start + GraphBatch.limit, requests.count)]
            results += try await sendOneBatch(Array(part))
        }
        return results
    }

    /// Repeats only those entries that failed in a way that repeating may cure.
    private func sendOneBatch(_ requests: [GraphRequest]) async throws -> [Result<GraphResponse, GraphFailure>] {
        var results: [Result<GraphResponse, GraphFailure>] = requests.map { _ in .failure(.unanswered("not sent")) }
        var open = Array(requests.indices)
        var attempt = 1
        while true {
            let answers = try await sendOnce(open.map { requests[$0] })
            var again: [Int] = []
            var asked: Duration?
            for (place, answer) in zip(open, answers) {
                results[place] = answer
                guard case .failure(let failure) = answer, policy.mayRepeat(requests[place], after: failure) else {
                    continue
                }
                again.append(place)
                asked = [asked, failure.retryAfter].compactMap { $0 }.max()
            }
            guard !again.isEmpty, let pause = policy.pause(afterAttempt: attempt, retryAfter: asked) else {
                return results
            }
            if asked != nil { await gate.close(for: pause) } else { try await Task.sleep(for: pause) }
            open = again
            attempt += 1
        }
    }

    /// One batch on its way there and back; a failure of the whole is a failure of each entry.
    private func sendOnce(_ requests: [GraphRequest]) async throws -> [Result<GraphResponse, GraphFailure>] {
        let batch = GraphBatch(requests: requests)
        let cost = requests.reduce(RequestCost.free) { $0 + $1.cost }
        let message = GraphRequest(.post, "/$batch", body: batch.body, cost: cost)
        do {
            let answer = try await once(message, at: endpoints.graph + message.path)
            guard let body = answer.body else { throw GraphFailure.unanswered("the batch's answer is empty") }
            return batch.results(from: body)
        } catch let failure as GraphFailure {
            return requests.map { _ in .failure(failure) }
        }
    }

    /// One request with its retries, at an absolute URL.
    func exchange(_ request: GraphRequest, at url: String) async throws -> GraphResponse {
        var attempt = 1
        while true {
            do { return try await once(request, at: url) } catch let failure as GraphFailure {
                guard policy.mayRepeat(request, after: failure),
                    let pause = policy.pause(afterAttempt: attempt, retryAfter: failure.retryAfter)
                else { throw failure }
                if failure.kind == .throttled { await gate.close(for: pause) }
                try await Task.sleep(for: pause)
                attempt += 1
            }
        }
    }

    /// One request, once; but a token that Graph does not accept is replaced and the request sent again, since it was not
    /// carried out.
    private func once(_ request: GraphRequest, at url: String) async throws -> GraphResponse {
        try await gate.pass(request.cost)
        let token = try await currentToken()
        do { return try await attempt(request, at: url, token: token) } catch let failure as GraphFailure {
            guard failure.kind == .unauthorised else { throw failure }
            await tokens.invalidate(token)
            return try await attempt(request, at: url, token: try await currentToken())
        }
    }

    private func currentToken() async throws -> AccessToken {
        do { return try await tokens.token() } catch let error as LoginError { throw GraphFailure.login(error) }
    }

    private func attempt(_ request: GraphRequest, at url: String, token: AccessToken) async throws -> GraphResponse {
        let id = UUID().uuidString.lowercased()
        let message = HTTPRequestMessage(
            method: request.method.rawValue,
            url: url,
            headers: headers(of: request, token: token, id: id),
            body: request.body?.bytes
        )
        let began = ContinuousClock.now
        do {
            let answer = try await transport.send(message, deadline: began + timeLimit)
            logger.debug(
                "graph",
                metadata: ["request": "\(id)", "method": "\(request.method.rawValue)", "status": "\(answer.status)"]
            )
            if let percentage = answer.headers["x-ms-throttle-limit-percentage"].flatMap(Double.init) {
                await gate.heed(percentage: percentage)
            }
            return try response(from: answer)
        } catch let error as TransportError {
            throw GraphFailure(error)
        }
    }

    private func headers(of request: GraphRequest, token: AccessToken, id: String) -> [(String, String)] {
        var headers = [
            ("Authorization", "Bearer \(token.value)"), ("client-request-id", id), ("Accept", "application/json"),
            ("User-Agent", "causeway"),
        ]
        if request.body != nil { headers.append(("Content-Type", "application/json")) }
        return headers + request.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func response(from answer: HTTPAnswer) throws -> GraphResponse {
        let body = answer.body.isEmpty ? nil : try? JSONValue(parsing: answer.body)
        guard (200...299).contains(answer.status) else {
            throw GraphFailure(status: answer.status, headers: answer.headers, body: body)
        }
        guard answer.body.isEmpty || body != nil else {
            throw GraphFailure.unanswered("the answer is no JSON, as if something between here and Graph had given it")
        }
        return GraphResponse(status: answer.status, headers: answer.headers, body: body)
    }
}
