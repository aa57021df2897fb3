/// What Graph allows one application in one tenant, and all applications together (Graph, "Throttling limits", identity and
/// access, 2026-02).
package struct ThrottleLimits: Hashable, Sendable {
    /// A burst, and a rate per second afterwards.
    package struct Rate: Hashable, Sendable {
        package let burst: Double
        package let perSecond: Double

        package init(burst: Double, perSecond: Double) { (self.burst, self.perSecond) = (burst, perSecond) }
    }

    /// Writes of one application.
    package let writes: Rate
    /// Resource units of one application.
    package let units: Rate
    /// Writes of all applications of the client together.
    package let tenantWrites: Rate

    package init(writes: Rate, units: Rate, tenantWrites: Rate) {
        (self.writes, self.units, self.tenantWrites) = (writes, units, tenantWrites)
    }

    /// 3,000 writes per 150 seconds; for the smallest tenants, 3,500 units per 10 seconds; 18,000 writes per 300 seconds for
    /// the tenant. The burst is one batch smaller, because requests do not all travel equally fast.
    package static let documented = ThrottleLimits(
        writes: Rate(burst: 2980, perSecond: 20),
        units: Rate(burst: 3480, perSecond: 350),
        tenantWrites: Rate(burst: 17_940, perSecond: 60)
    )

    /// The same limits, refilled this many times faster: for tenants whose clock runs faster.
    package func faster(by factor: Double) -> ThrottleLimits {
        ThrottleLimits(
            writes: Rate(burst: writes.burst, perSecond: writes.perSecond * factor),
            units: Rate(burst: units.burst, perSecond: units.perSecond * factor),
            tenantWrites: Rate(burst: tenantWrites.burst, perSecond: tenantWrites.perSecond * factor)
        )
    }
}
