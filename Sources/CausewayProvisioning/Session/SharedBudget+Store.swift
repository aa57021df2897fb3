import CausewayGraph
import CausewayStore

extension SharedBudget {
    /// The budget that all nodes on a database share.
    ///
    /// - Parameter tenant: Graph's ID of it.
    init(tenant: String, limits: ThrottleLimits, store: Store) {
        let budget = ThrottleBudget(
            tenant: tenant,
            writes: .init(limits.writes),
            units: .init(limits.units),
            tenantWrites: .init(limits.tenantWrites)
        )
        self.init(
            take: { application, request in
                let (writes, units) = (request.writes, request.resourceUnits)
                let portion = try await store.writeRows {
                    try $0.takePortion(of: budget, application: application, writes: writes, units: units)
                }
                return Portion(writes: portion.writes, units: portion.units, wait: portion.wait)
            },
            close: { application, writesOnly, pause in
                try await store.writeRows {
                    try $0.close(budget, application: application, writesOnly: writesOnly, for: pause)
                }
            }
        )
    }
}

extension ThrottleBudget.Limit {
    fileprivate init(_ rate: ThrottleLimits.Rate) { self.init(burst: rate.burst, perSecond: rate.perSecond) }
}
