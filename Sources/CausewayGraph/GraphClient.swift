import CausewayJSON
package import Logging

/// A client of Microsoft Graph in one tenant, for one application or for several that share the work.
///
/// It handles tokens, batches, pacing, retries and the meaning of answers; it does not know directories or plans.
package struct GraphClient: Sendable {
    let exchange: GraphExchange
    private let dispatcher: BatchDispatcher
    private let policy: RetryPolicy
    private let ledger = RetryLedger()

    /// - Parameters:
    ///   - credentials: of each application; the first one reads, all of them write.
    ///   - limits: the fastest pace; nil leaves pacing to Graph's throttling.
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
        self.policy = policy
        exchange = GraphExchange(
            endpoints: endpoints,
            transport: transport,
            tokens: credentials.map {
                GraphTokenSource(credential: $0, endpoints: endpoints, transport: transport, policy: policy)
            },
            gate: ThrottleGate(applications: credentials.count, limits: limits, firstPause: policy.firstPause),
            timeLimit: timeLimit,
            logger: logger
        )
        dispatcher = BatchDispatcher(exchange: exchange, policy: policy, ledger: ledger)
    }

    var endpoints: GraphEndpoints { exchange.endpoints }

    /// Reports how near the limits the client is, without keeping it alive.
    package var throttleWatch: ThrottleWatch {
        ThrottleWatch(clientIDs: exchange.tokens.map(\.clientID), gate: exchange.gate)
    }

    /// From now on requests also pay from a budget that all clients of the tenant share.
    package func share(_ budget: SharedBudget) async {
        await exchange.gate.share(budget, exchange.tokens.map(\.clientID))
    }

    /// Graph's URL with its version, for references in bodies.
    package var baseURL: String { endpoints.graph }

    /// What each application's token says, in the order of the credentials; a hint for messages.
    ///
    /// - Throws: ``LoginError`` of the first application that cannot sign in.
    package func claims() async throws -> [TokenClaims] {
        var claims: [TokenClaims] = []
        for source in exchange.tokens { claims.append(try await source.token().claims) }
        return claims
    }

    /// Whether a request refers to an object that this client made just now, so that Graph may not show it on all replicas yet.
    package func isAboutSomethingNew(_ request: GraphRequest) -> Bool {
        ledger.isFresh(request, now: ContinuousClock.now)
    }

    /// Sends one request alone, and again if that is safe and may help.
    ///
    /// - Throws: ``GraphFailure``, or `CancellationError`.
    package func send(_ request: GraphRequest) async throws -> GraphResponse {
        try await send(request, at: endpoints.graph + request.path)
    }

    /// Sends requests in batches, together with those of others, and again if that is safe and may help. Requests that write the
    /// same object are carried out in their order.
    ///
    /// - Returns: a result for each request, in order.
    /// - Throws: `CancellationError`, or what a shared budget throws.
    package func send(batch requests: [GraphRequest]) async throws -> [Result<GraphResponse, GraphFailure>] {
        try await dispatcher.send(requests)
    }

    /// One request with its retries, at an absolute URL.
    func send(_ request: GraphRequest, at url: String) async throws -> GraphResponse {
        let clock = ContinuousClock()
        var machine = RequestStateMachine(request, policy: policy, deadline: clock.now + policy.patience)
        var (next, url) = (request, url)
        while true {
            let result: Result<GraphResponse, GraphFailure>
            do { result = .success(try await exchange.send(next, at: url, before: machine.deadline)) } catch {
                guard let failure = error as? GraphFailure else { throw error }
                result = .failure(failure)
            }
            switch machine.next(after: result, ledger: ledger, now: clock.now) {
            case .done(let result): return try result.get()
            case .send(let request, let pause):
                if pause > .zero { try await Task.sleep(for: pause, clock: clock) }
                if request.path != next.path { url = endpoints.graph + request.path }
                next = request
            }
        }
    }
}
