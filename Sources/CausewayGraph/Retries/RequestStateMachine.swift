import CausewayJSON

/// The state machine of one request from its first sending to its outcome: decides after each answer what comes next. Pure except for
/// the ledger that all requests share; callers pass the time.
struct RequestStateMachine: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What comes next.
    enum Step: Sendable {
        case done(Result<GraphResponse, GraphFailure>)
        /// A request to send: the same again, or one that looks for its effect.
        case send(GraphRequest, after: Duration)
    }

    let request: GraphRequest
    /// When it ends, whatever its result.
    let deadline: Instant
    private let policy: RetryPolicy
    /// How often sending the request failed.
    private var attempts = 0
    /// How often a lookup failed since the last sending.
    private var failedLookups = 0
    /// How often a lookup did not find the expected object.
    private var lookupAttempts = 0
    /// Why it looks for the effect; nil while the request itself is sent.
    private var uncertainty: GraphFailure?
    /// Whether an earlier sending may have been carried out without an answer.
    private var mayBeDone = false

    init(_ request: GraphRequest, policy: RetryPolicy, deadline: Instant) {
        (self.request, self.policy, self.deadline) = (request, policy, deadline)
    }

    /// - Parameter result: of what was sent last.
    mutating func next(after result: Result<GraphResponse, GraphFailure>, ledger: RetryLedger, now: Instant) -> Step {
        if let uncertainty { return afterLookup(result, because: uncertainty, ledger, now) }
        switch result {
        case .success(let response):
            ledger.noteSuccess(response, of: request, now: now)
            return .done(result)
        case .failure(let failure):
            // A refusal is an answer: the service works.
            if failure.isRefusal { ledger.noteAnswer() }
            return failed(failure, ledger, now)
        }
    }

    // MARK: The request itself

    private mutating func failed(_ failure: GraphFailure, _ ledger: RetryLedger, _ now: Instant) -> Step {
        switch failure.kind {
        // The gate waits for as long as Graph asks, unless that is too long.
        case .throttled where failure != .notInTime: return again(request, after: .zero, failure, now)
        case .notFound, .referenceNotFound:
            guard request.waitsUntilVisible, lookupAttempts < policy.lookupsForNew, ledger.isFresh(request, now: now)
            else {
                return .done(.failure(failure))
            }
            return waitUntilVisible(request, failure, now)
        case .unauthorized: return afterTrouble(request, failure, ledger, now)
        case .unavailable, .unanswered:
            if failure.wasNotCarriedOut { return afterTrouble(request, failure, ledger, now) }
            return unclear(failure, ledger, now)
        case .alreadyExists:
            guard case .afterLooking(let lookup) = request.repetition else { return .done(.failure(failure)) }
            uncertainty = failure
            return again(lookup.request, after: .zero, failure, now)
        default: return .done(.failure(failure))
        }
    }

    /// It is unknown whether it was carried out.
    private mutating func unclear(_ failure: GraphFailure, _ ledger: RetryLedger, _ now: Instant) -> Step {
        switch request.repetition {
        case .harmless: return afterTrouble(request, failure, ledger, now)
        case .onlyIfNotCarriedOut: return .done(.failure(failure))
        case .afterLooking(let lookup):
            uncertainty = failure
            (lookupAttempts, failedLookups) = (0, 0)
            return afterTrouble(lookup.request, failure, ledger, now)
        }
    }

    // MARK: Looking for the effect

    /// Lookups before the request is sent again: a write becomes visible a little later than it is answered.
    private static let lookupsBeforeSendingAgain = 3

    private mutating func afterLookup(
        _ result: Result<GraphResponse, GraphFailure>,
        because uncertainty: GraphFailure,
        _ ledger: RetryLedger,
        _ now: Instant
    ) -> Step {
        guard case .afterLooking(let lookup) = request.repetition else { return .done(.failure(uncertainty)) }
        switch result {
        case .success(let response):
            guard let object = lookup.object(in: response.body) else {
                return notFound(lookup, uncertainty, ledger, now)
            }
            let found = GraphResponse(status: 200, headers: response.headers, body: object)
            ledger.noteSuccess(found, of: request, now: now)
            return .done(.success(found))
        case .failure(let failure) where failure.kind == .notFound: return notFound(lookup, uncertainty, ledger, now)
        case .failure(let failure) where failure.kind == .throttled && failure != .notInTime:
            return again(lookup.request, after: .zero, uncertainty, now)
        case .failure(let failure):
            guard [.unavailable, .unanswered, .unauthorized].contains(failure.kind) else {
                return .done(.failure(uncertainty))
            }
            failedLookups += 1
            return repeated(lookup.request, try: failedLookups, failure, givingUp: uncertainty, ledger, now)
        }
    }

    /// It is not there, or not visible yet.
    private mutating func notFound(
        _ lookup: ObjectLookup,
        _ uncertainty: GraphFailure,
        _ ledger: RetryLedger,
        _ now: Instant
    )
        -> Step
    {
        if case .alreadyExists = uncertainty.kind {
            // The object that Graph mentions belongs to someone else, unless this request was sent before without an answer.
            return mayBeDone ? waitUntilVisible(lookup.request, uncertainty, now) : .done(.failure(uncertainty))
        }
        guard lookupAttempts >= Self.lookupsBeforeSendingAgain else {
            return waitUntilVisible(lookup.request, uncertainty, now)
        }
        self.uncertainty = nil
        mayBeDone = true
        return repeated(request, try: attempts, uncertainty, givingUp: uncertainty, ledger, now)
    }

    // MARK: Pauses

    private mutating func afterTrouble(
        _ request: GraphRequest,
        _ failure: GraphFailure,
        _ ledger: RetryLedger,
        _ now: Instant
    ) -> Step {
        attempts += 1
        return repeated(request, try: attempts, failure, givingUp: failure, ledger, now)
    }

    private func repeated(
        _ request: GraphRequest,
        try number: Int,
        _ failure: GraphFailure,
        givingUp: GraphFailure,
        _ ledger: RetryLedger,
        _ now: Instant
    ) -> Step {
        guard let pause = policy.pause(afterAttempt: number, retryAfter: failure.retryAfter), ledger.takeRepetition()
        else {
            return .done(.failure(givingUp))
        }
        return again(request, after: pause, givingUp, now)
    }

    private mutating func waitUntilVisible(_ request: GraphRequest, _ failure: GraphFailure, _ now: Instant) -> Step {
        lookupAttempts += 1
        guard let pause = policy.pauseUntilVisible(afterLookup: lookupAttempts) else { return .done(.failure(failure)) }
        return again(request, after: pause, failure, now)
    }

    private func again(_ request: GraphRequest, after pause: Duration, _ failure: GraphFailure, _ now: Instant) -> Step
    {
        now + pause < deadline ? .send(request, after: pause) : .done(.failure(failure))
    }
}
