/// The one gate through which every request to a tenant passes: it paces them to the limits, spreads writes over the
/// applications, holds back what Graph asks to hold back, and lets no more be under way at once than the service answers fast.
actor ThrottleGate {
    private let clock = ContinuousClock()
    private var pacing: PacingState
    private var window = ConcurrencyWindow()
    private var underWay = 0
    private var waiting: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    private var nextID = 0

    /// - Parameters:
    ///   - applications: how many app registrations share the work.
    ///   - limits: nil for no limits of our own.
    init(applications: Int, limits: ThrottleLimits?) {
        pacing = PacingState(applications: applications, limits: limits, now: ContinuousClock.now)
    }

    /// Returns when a request of that cost may be sent. Every return is to be followed by one ``leave(_:)``.
    ///
    /// - Returns: which application is to send it.
    func enter(_ cost: RequestCost) async throws -> Int {
        let admission = pacing.admit(cost, now: clock.now)
        var opening = admission.at
        while opening > clock.now {
            try await Task.sleep(until: opening, clock: clock)
            // It may have been closed meanwhile.
            opening = pacing.opening(admission.lane, cost, clock.now)
        }
        try await takeSlot()
        return admission.lane
    }

    /// How a request ended.
    enum End: Sendable {
        case answered(after: Duration)
        case trouble
        case cancelled
    }

    /// Lets the next in.
    func leave(_ end: End) {
        switch end {
        case .answered(let latency): window.record(latency)
        case .trouble: window.recordTrouble()
        case .cancelled: break
        }
        underWay -= 1
        admitWaiting()
    }

    /// Holds requests back for a while.
    func close(_ scope: ThrottleScope, lane: Int, for pause: Duration) {
        pacing.close(scope, lane: lane, for: pause, now: clock.now)
    }

    /// Takes note of how much of a limit is used, from 0.8 to 1.8.
    func heed(percentage: Double, lane: Int) {
        pacing.heed(percentage: min(max(percentage, 0), 1.8), lane: lane, now: clock.now)
    }

    // MARK: Slots

    private func takeSlot() async throws {
        guard underWay >= Int(window.limit) else {
            underWay += 1
            return
        }
        let id = nextID
        nextID += 1
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    waiting.append((id, continuation))
                }
            }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
    }

    private func admitWaiting() {
        while underWay < Int(window.limit), !waiting.isEmpty {
            underWay += 1
            waiting.removeFirst().continuation.resume()
        }
    }

    private func giveUp(_ id: Int) {
        guard let place = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: place).continuation.resume(throwing: CancellationError())
    }
}
