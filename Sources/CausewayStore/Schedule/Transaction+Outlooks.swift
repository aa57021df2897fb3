package import CausewayModel

extension Transaction {
    private static let outlookQuery = """
        SELECT p.id, p.name, p.application_id, s.cron, s.is_paused, s.next_run_at_ms, s.last_full_sync_at_ms,
            r.cause, r.requested_at_ms, h.failures, h.quarantined_until_ms, h.reason, h.since_ms
        FROM providers p
        LEFT JOIN provider_schedules s ON s.provider_id = p.id
        LEFT JOIN run_requests r ON r.provider_id = p.id
        LEFT JOIN provider_health h ON h.provider_id = p.id
        """

    /// What decides when each provider runs next, by the providers' names.
    package func outlooks() throws -> [ProviderOutlook] {
        try all("\(Self.outlookQuery) ORDER BY p.name", as: outlook)
    }

    /// What decides when a provider runs next.
    ///
    /// - Throws: ``StoreError`` of code `notFound`.
    package func outlook(of provider: ProviderID) throws -> ProviderOutlook {
        let found = try first("\(Self.outlookQuery) WHERE p.id = ?", SQLValue(provider), as: outlook)
        guard let found else { throw StoreError.notFound("provider", "\(provider)") }
        return found
    }

    private func outlook(_ row: any SQLRow) throws -> ProviderOutlook {
        let provider = ProviderID(try row.requiredInteger(0))
        return ProviderOutlook(
            provider: provider,
            name: try row.requiredText(1),
            isAssigned: !row.isNull(2),
            schedule: row.isNull(3)
                ? try .standard(provider, installation: installationID) : try Self.schedule(row, from: 3),
            request: row.isNull(7) ? nil : RunRequest(trigger: try row.word(7), requestedAt: try row.timestamp(8)),
            health: row.isNull(9) ? nil : try Self.health(row, from: 9)
        )
    }

    private static func schedule(_ row: any SQLRow, from column: Int) throws -> ProviderSchedule {
        ProviderSchedule(
            cron: try CronExpression(try row.requiredText(column)),
            isPaused: try row.bool(column + 1),
            nextRunAt: try row.timestamp(column + 2),
            lastFullSyncAt: row.isNull(column + 3) ? nil : try row.timestamp(column + 3)
        )
    }

    private static func health(_ row: any SQLRow, from column: Int) throws -> ProviderHealth {
        ProviderHealth(
            failures: Int(try row.requiredInteger(column)),
            quarantinedUntil: try row.timestamp(column + 1),
            reason: try row.requiredText(column + 2),
            since: try row.timestamp(column + 3)
        )
    }
}
