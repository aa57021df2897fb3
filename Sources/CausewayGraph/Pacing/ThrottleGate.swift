/// The one gate that every request to a tenant passes: it paces requests to the limits, spreads writes over the
/// applications, waits as long as Graph asks, and admits only as many requests at once as the service answers fast.
actor ThrottleGate {
    /// Permission to send one request.
    struct Pass: Sendable {
        /// The application that sends it.
        let lane: Int
        let cost: RequestCost
        let shape: ExchangeShape
        let admitted: ContinuousClock.Instant
    }

    private let clock = ContinuousClock()
    private var pacing: PacingState
    private var window = ConcurrencyWindow()
    private var inFlight = 0
    private var waiting = WaiterQueue<Void>()
    private var shares: BudgetShares?

    /// - Parameters:
    ///   - applications: how many app registrations share the work.
    ///   - limits: nil for no limits of the client's own.
    ///   - firstPause: the pause if Graph refuses and does not say for how long.
    init(applications: Int, limits: ThrottleLimits?, firstPause: Duration = .milliseconds(500)) {
        pacing = PacingState(applications: applications, limits: limits, firstPause: firstPause, now: .now)
    }

    /// From now on requests also pay from a budget that all clients of the tenant share.
    ///
    /// - Parameter clientIDs: of the applications, in their order.
    func share(_ budget: SharedBudget, _ clientIDs: [String]) { shares = BudgetShares(budget, clientIDs) }

    /// Returns when a request of that cost may be sent. Every return must be followed by one ``leave(_:_:)``.
    ///
    /// - Throws: ``GraphFailure`` if that would not be before the deadline, what the shared budget throws, or `CancellationError`.
    func enter(_ cost: RequestCost, _ shape: ExchangeShape, before deadline: ContinuousClock.Instant) async throws
        -> Pass
    {
        let admission = pacing.admit(cost, now: clock.now)
        try await wait(until: admission.at, admission.lane, cost, before: deadline)
        if let shares {
            try await shares.pay(cost, lane: admission.lane, before: deadline)
            try await wait(until: clock.now, admission.lane, cost, before: deadline)
        }
        try await takeSlot()
        return Pass(lane: admission.lane, cost: cost, shape: shape, admitted: clock.now)
    }

    /// Waits, also for what closes the lane in the meantime.
    private func wait(
        until time: ContinuousClock.Instant,
        _ lane: Int,
        _ cost: RequestCost,
        before deadline: ContinuousClock.Instant
    ) async throws {
        var opening = max(time, pacing.opening(lane, cost, clock.now))
        while opening > clock.now {
            guard opening < deadline else { throw GraphFailure.notInTime }
            try await Task.sleep(until: opening, clock: clock)
            opening = pacing.opening(lane, cost, clock.now)
        }
    }

    /// How a request ended.
    enum End: Sendable {
        case answered
        case trouble
        case canceled
    }

    /// Admits the next request.
    func leave(_ pass: Pass, _ end: End) {
        switch end {
        case .answered: window.record(clock.now - pass.admitted, pass.shape, isFull: inFlight >= Int(window.limit))
        case .trouble: window.recordTrouble()
        case .canceled: break
        }
        inFlight -= 1
        admitWaiting()
    }

    /// Records what an answer says about the limits.
    func apply(_ signals: ThrottleSignals, _ pass: Pass) {
        if signals.percentage > 0 {
            pacing.applyUsageHint(
                percentage: signals.percentage,
                lane: pass.lane,
                isWrite: pass.cost.writes > 0,
                now: clock.now
            )
        }
        for (scope, pause) in signals.pauses { pacing.close(scope, lane: pass.lane, for: pause, now: clock.now) }
        if signals.pauses.isEmpty { pacing.noteAnswer(pass.lane) }
    }

    /// Tells all clients of the tenant for how long Graph refuses.
    func tell(_ signals: ThrottleSignals, _ pass: Pass) async {
        if !signals.pauses.isEmpty { await shares?.close(signals, lane: pass.lane) }
    }

    /// How near the limits are.
    ///
    /// - Parameter clientIDs: of the applications, in their order.
    func state(_ clientIDs: [String]) -> ThrottleState {
        pacing.state(clientIDs, inFlight: inFlight, window: Int(window.limit), waiting: waiting.length, now: clock.now)
    }

    // MARK: Slots

    private func takeSlot() async throws {
        guard inFlight >= Int(window.limit) else {
            inFlight += 1
            return
        }
        let id = waiting.nextID()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
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

    private func admitWaiting() {
        while inFlight < Int(window.limit), let next = waiting.popFirst() {
            inFlight += 1
            next.resume()
        }
    }

    private func giveUp(_ id: Int) { waiting.leave(id)?.resume(throwing: CancellationError()) }
}
