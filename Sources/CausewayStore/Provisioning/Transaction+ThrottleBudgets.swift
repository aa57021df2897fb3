import CausewayModel

/// The limits of a tenant that are counted, as they are stored.
private enum CountedLimit: String {
    case writes
    case units
    case tenantWrites = "tenant_writes"
}

extension Transaction {
    /// Takes a portion of what all nodes may use together: a write of single rows (``Store/writeRows(_:)``). It pays for a request; if there is less than a whole portion, it pays for
    /// nothing else. What is not there yet is a debt, so that those who ask are served in their order.
    ///
    /// - Parameters:
    ///   - application: its client ID.
    ///   - writes: of the request.
    ///   - units: resource units of the request.
    package func takePortion(of budget: ThrottleBudget, application: String, writes: Int, units: Int) throws
        -> ThrottlePortion
    {
        let time = try leaseTime()
        var ofUnits = try storedBucket(.units, budget, application, at: time)
        guard writes > 0 else {
            let amount =
                ofUnits.level >= budget.units.portion ? max(Double(units), budget.units.portion) : Double(units)
            let wait = ofUnits.take(amount, budget.units)
            try save(ofUnits, .units, budget, application)
            return ThrottlePortion(writes: 0, units: Int(amount), wait: wait)
        }
        var ofApplication = try storedBucket(.writes, budget, application, at: time)
        var ofTenant = try storedBucket(.tenantWrites, budget, "", at: time)
        let isPlenty = min(ofApplication.level, ofTenant.level, ofUnits.level) >= budget.writes.portion
        let further = isPlenty ? max(0, Int(budget.writes.portion) - writes) : 0
        let wait = max(
            ofApplication.take(Double(writes + further), budget.writes),
            ofTenant.take(Double(writes + further), budget.tenantWrites),
            ofUnits.take(Double(units + further), budget.units)
        )
        try save(ofApplication, .writes, budget, application)
        try save(ofTenant, .tenantWrites, budget, "")
        try save(ofUnits, .units, budget, application)
        return ThrottlePortion(writes: writes + further, units: units + further, wait: wait)
    }

    /// Records that Graph refuses requests for a while.
    ///
    /// - Parameters:
    ///   - application: its client ID; nil if Graph refuses the writes of all.
    ///   - writesOnly: whether it accepts reads.
    package func close(_ budget: ThrottleBudget, application: String?, writesOnly: Bool, for pause: Duration) throws {
        let limit: CountedLimit = application == nil ? .tenantWrites : writesOnly ? .writes : .units
        var bucket = try storedBucket(limit, budget, application ?? "", at: try leaseTime())
        bucket.close(for: pause)
        try save(bucket, limit, budget, application ?? "")
    }

    private func storedBucket(
        _ limit: CountedLimit,
        _ budget: ThrottleBudget,
        _ application: String,
        at time: Timestamp
    )
        throws -> StoredBucket
    {
        let size = budget.limit(limit)
        let key = key(limit, budget, application)
        let full = StoredBucket(size, at: time)
        // There is a row then, which can be locked.
        try connection.execute(
            """
            INSERT INTO throttle_budgets (tenant_id, client_id, counted, level_thousandths, filled_at_ms, closed_until_ms)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, client_id, counted) DO NOTHING
            """,
            key + full.values
        )
        let known = try all(
            """
            SELECT level_thousandths, filled_at_ms, closed_until_ms FROM throttle_budgets
            WHERE tenant_id = ? AND client_id = ? AND counted = ?\(connection.dialect.rowLock)
            """,
            key
        ) { row in
            StoredBucket(
                level: Double(try row.integer("level_thousandths")) / 1000,
                filledAt: try row.timestamp("filled_at_ms"),
                closedUntil: try row.timestamp("closed_until_ms")
            )
        }
        var bucket = known.first ?? full
        bucket.fill(size, to: time)
        return bucket
    }

    private func save(_ bucket: StoredBucket, _ limit: CountedLimit, _ budget: ThrottleBudget, _ application: String)
        throws
    {
        try connection.execute(
            """
            UPDATE throttle_budgets SET level_thousandths = ?, filled_at_ms = ?, closed_until_ms = ?
            WHERE tenant_id = ? AND client_id = ? AND counted = ?
            """,
            bucket.values + key(limit, budget, application)
        )
    }

    private func key(_ limit: CountedLimit, _ budget: ThrottleBudget, _ application: String) -> [SQLValue] {
        [.text(budget.tenant.lowercased()), .text(application.lowercased()), .text(limit.rawValue)]
    }
}

extension StoredBucket {
    fileprivate var values: [SQLValue] {
        [.integer(Int64(level * 1000)), SQLValue(filledAt), SQLValue(closedUntil)]
    }
}

extension ThrottleBudget {
    fileprivate func limit(_ counted: CountedLimit) -> Limit {
        switch counted {
        case .writes: writes
        case .units: units
        case .tenantWrites: tenantWrites
        }
    }
}
