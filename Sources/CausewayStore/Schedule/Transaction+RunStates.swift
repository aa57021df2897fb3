package import CausewayModel

extension Transaction {
    private static let outlookQuery = """
        SELECT p.id, p.name, p.application_id, s.cron, s.is_paused, s.next_run_at_ms, s.last_full_sync_at_ms,
            r.trigger, r.requested_at_ms, h.failures, h.quarantined_until_ms, h.reason, h.since_ms
        FROM providers p
        LEFT JOIN provider_schedules s ON s.provider_id = p.id
        LEFT JOIN run_requests r ON r.provider_id = p.id
        LEFT JOIN provider_health h ON h.provider_id = p.id
        """

    /// What decides when each provider runs next, by the providers' names.
    package func runStates() throws -> [ProviderRunState] {
        try all("\(Self.outlookQuery) ORDER BY p.name", as: runState)
    }

    /// What decides when a provider runs next.
    ///
    /// - Throws: ``StoreError`` of code `notFound`.
    package func runState(of provider: ProviderID) throws -> ProviderRunState {
        let found = try first("\(Self.outlookQuery) WHERE p.id = ?", SQLValue(provider), as: runState)
        guard let found else { throw StoreError.notFound("provider", "\(provider)") }
        return found
    }

    private func runState(_ row: SQLRow) throws -> ProviderRunState {
        let provider: ProviderID = try row.id("id")
        return ProviderRunState(
            provider: provider,
            name: try row.text("name"),
            isAssigned: !(try row.isNull("application_id")),
            schedule: try Self.schedule(row) ?? .standard(provider, installation: installationID),
            request: try row.word(orNil: "trigger").map {
                RunRequest(trigger: $0, requestedAt: try row.timestamp("requested_at_ms"))
            },
            quarantine: try Self.quarantine(row)
        )
    }

    private static func schedule(_ row: SQLRow) throws -> ProviderSchedule? {
        guard let cron = try row.text(orNil: "cron") else { return nil }
        return ProviderSchedule(
            cron: try CronExpression(cron),
            isPaused: try row.bool("is_paused"),
            nextRunAt: try row.timestamp("next_run_at_ms"),
            lastFullSyncAt: try row.timestamp(orNil: "last_full_sync_at_ms")
        )
    }

    private static func quarantine(_ row: SQLRow) throws -> Quarantine? {
        guard let reason = try row.text(orNil: "reason") else { return nil }
        return Quarantine(
            failures: try row.int("failures"),
            quarantinedUntil: try row.timestamp("quarantined_until_ms"),
            reason: reason,
            since: try row.timestamp("since_ms")
        )
    }
}
