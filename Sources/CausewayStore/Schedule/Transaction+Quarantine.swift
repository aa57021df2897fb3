import CausewayJSON
package import CausewayModel

extension Transaction {
    /// Records that a run ended normally: its request is done, and a quarantine is over.
    ///
    /// - Parameter isFullSync: false for a provider in dry run.
    package func recordSuccess(of provider: ProviderID, by claim: RunRequestClaim, isFullSync: Bool) throws {
        try endRequest(of: provider, takenBy: claim)
        if isFullSync { try noteFullSync(of: provider) }
        try endQuarantine(of: provider, actor: "causeway")
    }

    /// Records that a run failed as a whole: the provider goes into quarantine, and is tried again after it.
    ///
    /// - Parameter isRetried: false for a run that was to change nothing: no sync is requested instead.
    package func recordFailure(
        of provider: ProviderID,
        by claim: RunRequestClaim,
        reason: String,
        isRetried: Bool = true
    ) throws {
        let runState = try self.runState(of: provider)
        try endRequest(of: provider, takenBy: claim)
        // Without an application there is nothing to retry.
        guard try isAssigned(provider) else { return }
        if isRetried { try requestRun(of: provider, .schedule) }
        let health = ProviderHealth(after: runState.health, failedAt: now, reason: reason)
        try save(health, of: provider)
        if runState.health == nil { try note("custom_quarantine_began", health, runState.name, actor: "causeway") }
    }

    /// Ends a quarantine; the count of failures starts again.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    package func endQuarantine(of provider: ProviderID, actor: String) throws -> Bool {
        let runState = try self.runState(of: provider)
        guard let health = runState.health else { return false }
        try execute("DELETE FROM provider_health WHERE provider_id = ?", SQLValue(provider))
        try note("custom_quarantine_ended", health, runState.name, actor: actor)
        return true
    }

    private func save(_ health: ProviderHealth, of provider: ProviderID) throws {
        try execute(
            """
            INSERT INTO provider_health (provider_id, failures, quarantined_until_ms, reason, since_ms)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (provider_id) DO UPDATE SET failures = excluded.failures,
                quarantined_until_ms = excluded.quarantined_until_ms, reason = excluded.reason
            """,
            SQLValue(provider),
            .integer(Int64(health.failures)),
            SQLValue(health.quarantinedUntil),
            .text(health.reason),
            SQLValue(health.since)
        )
    }

    private func note(_ action: String, _ health: ProviderHealth, _ name: String, actor: String) throws {
        try insertEvent(
            Event(
                action: action,
                app: "causeway.provisioning",
                actor: actor,
                context: [
                    "provider": .string(name), "reason": .string(health.reason),
                    "failures": .integer(Int64(health.failures)), "since": .string(health.since.text),
                    "until": .string(health.quarantinedUntil.text),
                ],
                created: now
            )
        )
    }
}
