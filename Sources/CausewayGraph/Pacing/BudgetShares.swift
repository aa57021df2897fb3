/// What a client has of a shared budget, by application. Reads do not wait for portions of writes.
struct BudgetShares: Sendable {
    private let budget: SharedBudget
    private let clientIDs: [String]
    private let reads: [SharedAllowance]
    private let writes: [SharedAllowance]

    /// - Parameter clientIDs: of the applications, in their order.
    init(_ budget: SharedBudget, _ clientIDs: [String]) {
        (self.budget, self.clientIDs) = (budget, clientIDs)
        reads = clientIDs.map { SharedAllowance(budget, application: $0) }
        writes = clientIDs.map { SharedAllowance(budget, application: $0) }
    }

    /// Returns when a request is paid for.
    func pay(_ cost: RequestCost, lane: Int, before deadline: ContinuousClock.Instant) async throws {
        let allowances = cost.writes > 0 ? writes : reads
        guard allowances.indices.contains(lane) else { return }
        try await allowances[lane].pay(cost, before: deadline)
    }

    /// Says to the others for how long Graph refuses. If that fails, they find it out by themselves.
    func close(_ signals: ThrottleSignals, lane: Int) async {
        guard clientIDs.indices.contains(lane) else { return }
        for case (let scope, .named(let pause)) in signals.pauses {
            switch scope {
            case .tenant: try? await budget.close(nil, true, pause)
            case .application(let writesOnly): try? await budget.close(clientIDs[lane], writesOnly, pause)
            }
        }
    }
}
