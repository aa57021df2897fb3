import CausewayModel

/// What a tenant allows at once, and per second afterwards, for all nodes together.
package struct ThrottleBudget: Sendable {
    /// A number of requests or units.
    package struct Limit: Hashable, Sendable {
        package let burst: Double
        package let perSecond: Double

        package init(burst: Double, perSecond: Double) { (self.burst, self.perSecond) = (burst, perSecond) }

        /// What a client takes at once, so that not every request needs the database.
        var portion: Double { (burst / 50).rounded(.down) }
        /// A few portions are taken and not used yet; Graph may count them later, in addition to all that is in the bucket then.
        var size: Double { burst * 0.9 }
    }

    /// Graph's ID of the tenant.
    package let tenant: String
    let writes: Limit
    let units: Limit
    let tenantWrites: Limit

    /// - Parameters:
    ///   - writes: of one application.
    ///   - units: resource units of one application.
    ///   - tenantWrites: of all applications.
    package init(tenant: String, writes: Limit, units: Limit, tenantWrites: Limit) {
        (self.tenant, self.writes, self.units, self.tenantWrites) = (tenant, writes, units, tenantWrites)
    }
}

/// What a client took.
package struct ThrottlePortion: Hashable, Sendable {
    package let writes: Int
    package let units: Int
    /// How long to wait before it may be used.
    package let wait: Duration
}

/// How full a limit is: a bucket that fills steadily. Pure: callers pass the time.
struct StoredBucket: Sendable {
    /// Negative if more was taken than there was.
    private(set) var level: Double
    private(set) var filledAt: Timestamp
    /// Until when Graph refuses.
    private(set) var closedUntil: Timestamp

    /// A full one.
    init(_ limit: ThrottleBudget.Limit, at time: Timestamp) {
        (level, filledAt, closedUntil) = (limit.size, time, time)
    }

    init(level: Double, filledAt: Timestamp, closedUntil: Timestamp) {
        (self.level, self.filledAt, self.closedUntil) = (level, filledAt, closedUntil)
    }

    mutating func fill(_ limit: ThrottleBudget.Limit, to time: Timestamp) {
        // The clock was set back: what was closed stays closed for as long as was left.
        if time < filledAt { closedUntil = time + max(.zero, closedUntil - filledAt) }
        level = min(limit.size, level + max(0, (time - filledAt).seconds) * limit.perSecond)
        filledAt = time
    }

    /// - Returns: how long to wait until it is there.
    mutating func take(_ amount: Double, _ limit: ThrottleBudget.Limit) -> Duration {
        level -= amount
        let debt: Duration = level < 0 ? .seconds(-level / limit.perSecond) : .zero
        return max(debt, closedUntil - filledAt)
    }

    mutating func close(for pause: Duration) { closedUntil = max(closedUntil, filledAt + pause) }
}
