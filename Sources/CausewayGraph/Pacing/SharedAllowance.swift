/// What a client has taken of a shared budget for the reads or for the writes of one application, and has not used yet.
actor SharedAllowance {
    private let budget: SharedBudget
    private let application: String
    private let clock = ContinuousClock()
    private var writes = 0
    private var units = 0
    /// When the last portion may be used.
    private var opening = ContinuousClock.now
    private var isTaking = false
    private var waiting = WaiterQueue<Void>()

    init(_ budget: SharedBudget, application: String) { (self.budget, self.application) = (budget, application) }

    /// Returns when a request is paid for.
    ///
    /// - Throws: ``GraphFailure`` if that would not be before the deadline, what the budget throws, or `CancellationError`.
    func pay(_ cost: RequestCost, before deadline: ContinuousClock.Instant) async throws {
        while true {
            if opening > clock.now {
                guard opening < deadline else { throw GraphFailure.notInTime }
                try await Task.sleep(until: opening, clock: clock)
            } else if spend(cost) {
                return
            } else {
                try await refill(for: cost)
            }
        }
    }

    private func spend(_ cost: RequestCost) -> Bool {
        guard writes >= cost.writes, units >= cost.resourceUnits else { return false }
        writes -= cost.writes
        units -= cost.resourceUnits
        return true
    }

    /// One portion at a time: others look again when it is there.
    private func refill(for cost: RequestCost) async throws {
        guard !isTaking else {
            let id = waiting.nextID()
            return try await withCheckedThrowingContinuation { waiting.join(id, $0) }
        }
        isTaking = true
        defer {
            isTaking = false
            while let next = waiting.popFirst() { next.resume() }
        }
        let portion = try await budget.take(application, cost)
        writes += portion.writes
        units += portion.units
        opening = clock.now + portion.wait
    }
}
