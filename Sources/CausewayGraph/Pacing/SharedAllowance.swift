/// What a client has taken of a shared budget for the reads or for the writes of one application, and has not used yet.
actor SharedAllowance {
    private let budget: SharedBudget
    private let application: String
    private let clock = ContinuousClock()
    private var writes = 0
    private var units = 0
    /// When the last portion was taken.
    private var taken = ContinuousClock.now
    /// Until when a portion that is not there yet keeps everybody waiting.
    private var opening = ContinuousClock.now
    private var isTaking = false
    private var waiting = WaiterQueue<Void>()

    /// What is left of a portion after this time is dropped: Graph would count it in addition to all that has come in since.
    private static let freshness: Duration = .seconds(10)

    init(_ budget: SharedBudget, application: String) { (self.budget, self.application) = (budget, application) }

    /// Returns when a request is paid for.
    ///
    /// - Throws: ``GraphFailure`` if that would not be before the deadline, what the budget throws, or `CancellationError`.
    func pay(_ cost: RequestCost, before deadline: ContinuousClock.Instant) async throws {
        while true {
            try Task.checkCancellation()
            if opening > clock.now {
                try await sleep(until: opening, before: deadline)
            } else if spend(cost) {
                return
            } else if isTaking {
                try await waitForPortion()
            } else {
                return try await sleep(until: try await take(for: cost), before: deadline)
            }
        }
    }

    /// How many wait for a portion that another request takes.
    var waiters: Int { waiting.length }

    private func sleep(until time: ContinuousClock.Instant, before deadline: ContinuousClock.Instant) async throws {
        guard max(time, clock.now) < deadline else { throw GraphFailure.notInTime }
        if time > clock.now { try await Task.sleep(until: time, clock: clock) }
    }

    private func spend(_ cost: RequestCost) -> Bool {
        if clock.now - taken > Self.freshness { (writes, units) = (0, 0) }
        guard writes >= cost.writes, units >= cost.resourceUnits else { return false }
        writes -= cost.writes
        units -= cost.resourceUnits
        return true
    }

    /// Takes a portion and pays with it; others look again when it is there.
    ///
    /// - Returns: when the request is paid for.
    private func take(for cost: RequestCost) async throws -> ContinuousClock.Instant {
        isTaking = true
        do {
            let portion = try await budget.take(application, cost)
            (writes, units) = (portion.writes - cost.writes, portion.units - cost.resourceUnits)
            taken = clock.now
            opening = taken + portion.wait
            release()
            return opening
        } catch {
            // What keeps one from taking keeps the others from it too, unless it is that this one is no longer waited for.
            release(error is CancellationError ? nil : error)
            throw error
        }
    }

    private func waitForPortion() async throws {
        let id = waiting.nextID()
        try await withCheckedThrowingContinuation { waiting.join(id, $0) }
    }

    private func release(_ error: (any Error)? = nil) {
        isTaking = false
        while let next = waiting.popFirst() {
            if let error { next.resume(throwing: error) } else { next.resume() }
        }
    }
}
