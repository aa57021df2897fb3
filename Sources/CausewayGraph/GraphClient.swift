import CausewayJSON
import Foundation
package import Logging

/// A client of Microsoft Graph in one tenant, for one application or for several that share the work.
///
/// It knows tokens, batches, pacing, retries and what answers mean; it knows nothing of directories or plans.
package struct GraphClient: Sendable {
    let endpoints: GraphEndpoints
    let transport: any HTTPTransport
    /// One for each application.
    let tokens: [AccessTokenSource]
    let gate: ThrottleGate
    let policy: RetryPolicy
    /// How long one exchange may take.
    let timeLimit: Duration
    let logger: Logger

    /// - Parameters:
    ///   - credentials: of each application; the first one reads, all of them write.
    ///   - limits: how fast to go at most; nil leaves pacing to Graph's own refusals.
    ///   - timeLimit: how long one exchange may take before it counts as unanswered.
    package init(
        endpoints: GraphEndpoints,
        credentials: [GraphCredential],
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
        gate = ThrottleGate(applications: credentials.count, limits: limits)
        tokens = credentials.map {
            AccessTokenSource(credential: $0, endpoints: endpoints, transport: transport, policy: policy)
        }
    }

    /// Graph's URL with its version, for references in bodies.
    package var baseURL: String { endpoints.graph }

    /// The application permissions that the token names; a hint for messages.
    ///
    /// - Throws: ``LoginError``.
    package func grantedRoles() async throws -> [String] { try await tokens.first?.token().roles ?? [] }

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
            try await Task.sleep(for: pause)
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
            let (answer, lane) = try await once(message, at: endpoints.graph + message.path)
            guard let body = answer.body else { throw GraphFailure.unanswered("the batch's answer is empty") }
            await heedEntries(body, lane: lane)
            return batch.results(from: body)
        } catch let failure as GraphFailure {
            return requests.map { _ in .failure(failure) }
        }
    }

    /// One request with its retries, at an absolute URL.
    func exchange(_ request: GraphRequest, at url: String) async throws -> GraphResponse {
        var attempt = 1
        while true {
            do { return try await once(request, at: url).response } catch let failure as GraphFailure {
                guard policy.mayRepeat(request, after: failure),
                    let pause = policy.pause(afterAttempt: attempt, retryAfter: failure.retryAfter)
                else { throw failure }
                try await Task.sleep(for: pause)
                attempt += 1
            }
        }
    }

    /// One request, once; but a token that Graph does not accept is replaced and the request sent again, since it was not
    /// carried out.
    private func once(_ request: GraphRequest, at url: String) async throws -> (response: GraphResponse, lane: Int) {
        let lane = try await gate.enter(request.cost)
        let began = ContinuousClock.now
        do {
            let response = try await attempt(request, at: url, lane: lane)
            await gate.leave(.answered(after: ContinuousClock.now - began))
            return (response, lane)
        } catch {
            await gate.leave(Self.end(error, after: ContinuousClock.now - began))
            throw error
        }
    }

    private static func end(_ error: any Error, after latency: Duration) -> ThrottleGate.End {
        guard let failure = error as? GraphFailure else { return .cancelled }
        return failure.kind == .unanswered || failure.kind == .unavailable ? .trouble : .answered(after: latency)
    }

    private func attempt(_ request: GraphRequest, at url: String, lane: Int) async throws -> GraphResponse {
        let token = try await token(lane)
        do { return try await attempt(request, at: url, lane: lane, token: token) } catch let failure as GraphFailure {
            guard failure.kind == .unauthorised else { throw failure }
            await tokens[lane].invalidate(token)
            return try await attempt(request, at: url, lane: lane, token: try await self.token(lane))
        }
    }

    private func token(_ lane: Int) async throws -> AccessToken {
        do { return try await tokens[lane].token() } catch let error as LoginError { throw GraphFailure.login(error) }
    }

    private func attempt(_ request: GraphRequest, at url: String, lane: Int, token: AccessToken) async throws
        -> GraphResponse
    {
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
            await heed(status: answer.status, answer.headers, lane: lane)
            return try response(from: answer)
        } catch let error as TransportError {
            throw GraphFailure(error)
        }
    }

    /// Takes note of what an answer says of the limits: of the whole, or of an entry of a batch.
    private func heed(status: Int, _ headers: [String: String], lane: Int) async {
        if let percentage = headers["x-ms-throttle-limit-percentage"].flatMap(Double.init) {
            await gate.heed(percentage: percentage, lane: lane)
        }
        guard status == 429 || status == 509 else { return }
        let pause = headers["retry-after"].flatMap { GraphFailure.wait($0, now: Date()) } ?? Self.unnamedPause
        await gate.close(ThrottleScope(header: headers["x-ms-throttle-scope"]), lane: lane, for: pause)
    }

    /// Takes note of what the entries of a batch say, each for itself: the fullest limit, and the longest pause of each.
    private func heedEntries(_ body: JSONValue, lane: Int) async {
        var fullest = 0.0
        var pauses: [ThrottleScope: Duration] = [:]
        for entry in body["responses"]?.array ?? [] {
            let headers = Dictionary(
                (entry["headers"]?.object ?? [:]).map { ($0.key.lowercased(), $0.value.string ?? "") },
                uniquingKeysWith: { first, _ in first }
            )
            fullest = max(fullest, headers["x-ms-throttle-limit-percentage"].flatMap(Double.init) ?? 0)
            guard entry["status"] == 429 || entry["status"] == 509 else { continue }
            let scope = ThrottleScope(header: headers["x-ms-throttle-scope"])
            let pause = headers["retry-after"].flatMap { GraphFailure.wait($0, now: Date()) } ?? Self.unnamedPause
            pauses[scope] = max(pauses[scope] ?? pause, pause)
        }
        if fullest > 0 { await gate.heed(percentage: fullest, lane: lane) }
        for (scope, pause) in pauses { await gate.close(scope, lane: lane, for: pause) }
    }

    /// How long to hold back where Graph refuses and does not say for how long.
    private static let unnamedPause: Duration = .seconds(2)

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
