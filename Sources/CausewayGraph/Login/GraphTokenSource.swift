import CausewayJSON
import Foundation

/// Hands out the current token and gets the next one in time. However many callers ask, at most one request is in flight.
actor GraphTokenSource {
    private let credential: GraphCredential
    nonisolated var clientID: String { credential.clientID }
    private let endpoints: GraphEndpoints
    private let transport: any HTTPTransport
    private let policy: RetryPolicy
    private let clock = ContinuousClock()
    private var current: GraphToken?
    private var refresh: Task<Void, Never>?
    private var waiting = WaiterQueue<GraphToken>()
    /// By how much the sign-in service's clock is ahead of this machine's; known after it refuses an assertion's time.
    private var skew = 0.0

    private static let timeLimit: Duration = .seconds(30)

    init(credential: GraphCredential, endpoints: GraphEndpoints, transport: any HTTPTransport, policy: RetryPolicy) {
        self.credential = credential
        self.endpoints = endpoints
        self.transport = transport
        self.policy = policy
    }

    /// A token that is still valid for a while. A token that is due for renewal is handed out while the next one is requested.
    ///
    /// - Throws: ``LoginError``, or `CancellationError`.
    func token() async throws -> GraphToken {
        if let current, clock.now < current.renewal { return current }
        if refresh == nil { refresh = Task { await self.renew() } }
        if let current, clock.now < current.end { return current }
        let id = waiting.nextID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    waiting.join(id, continuation)
                }
            }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
    }

    private func giveUp(_ id: Int) { waiting.leave(id)?.resume(throwing: CancellationError()) }

    /// Gets the next token, for all callers that wait for it.
    private func renew() async {
        let result: Result<GraphToken, any Error>
        do { result = .success(try await fetch()) } catch { result = .failure(error) }
        refresh = nil
        if case .success(let token) = result { current = token }
        while let next = waiting.popFirst() { next.resume(with: result) }
    }

    /// Drops a token that Graph refused; a newer one stays.
    func invalidate(_ token: GraphToken) {
        if current == token { current = nil }
    }

    private func fetch() async throws -> GraphToken {
        var attempt = 1
        var isResigned = false
        while true {
            do { return try await request() } catch let error as LoginError {
                // An assertion is signed again, once, with the service's time.
                if error.code == .wrongTime, !isResigned {
                    isResigned = true
                    continue
                }
                guard error.code == .unavailable, let pause = policy.pause(afterAttempt: attempt, retryAfter: nil)
                else {
                    throw error
                }
                try await Task.sleep(for: pause)
                attempt += 1
            }
        }
    }

    private func request() async throws -> GraphToken {
        let url = endpoints.token(tenant: credential.tenant)
        let fields = try credential.fields(
            scope: endpoints.scope,
            url: url,
            now: Date(timeIntervalSinceNow: skew)
        )
        let request = HTTPRequestMessage(
            method: "POST",
            url: url,
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")],
            body: Array(fields.map { "\($0)=\($1.urlEncoded)" }.joined(separator: "&").utf8)
        )
        let issued = clock.now
        let answer: HTTPAnswer
        do {
            answer = try await transport.send(request, deadline: issued + Self.timeLimit)
        } catch let error as TransportError {
            if case .proxy(let failure) = error { throw LoginError(failure) }
            throw LoginError.unavailable("cannot be reached: \(error)")
        }
        return try read(answer, url, issued: issued)
    }

    private func read(_ answer: HTTPAnswer, _ url: String, issued: ContinuousClock.Instant) throws -> GraphToken {
        let body = try? JSONValue(parsing: answer.body)
        let isToken = answer.status == 200 && body?["access_token"]?.string?.isEmpty == false
        // OAuth 2.0 (RFC 6749, 5.2) names the error in a text.
        guard isToken || body?["error"]?.string != nil else {
            throw LoginError(NonGraphAnswer(url: url, answer.head, JSONBody(answer.body)))
        }
        guard answer.status == 200 else {
            learnTime(body)
            throw LoginError(
                status: answer.status,
                body: body,
                tenant: credential.tenant,
                clientID: credential.clientID
            )
        }
        guard let value = body?["access_token"]?.string, let seconds = body?["expires_in"]?.integer,
            (1...86_400 * 7).contains(seconds)
        else { throw LoginError.unavailable("answers with a token that does not say how long it is valid") }
        return GraphToken(value: value, issued: issued, lifetime: .seconds(seconds))
    }
}

extension GraphTokenSource {
    /// The sign-in service's errors contain its time: `2026-11-24 08:00:00Z`.
    private func learnTime(_ body: JSONValue?) {
        guard let text = body?["timestamp"]?.string?.replacing(" ", with: "T"),
            let date = try? Date(text, strategy: .iso8601)
        else { return }
        let ahead = date.timeIntervalSinceNow
        // Differences of a few seconds come from the network.
        skew = abs(ahead) > 5 ? ahead : 0
    }
}
