import CausewayJSON
package import CausewayModel

extension Transaction {
    /// Records that a run ended normally: its request is done, and a quarantine is over.
    ///
    /// - Parameter isFullSync: false for a provider in dry run.
    package func recordSuccess(of provider: ProviderID, by claim: RunRequestClaim, isFullSync: Bool) throws {
        try endRequest(of: provider, takenBy: claim)
        if isFullSync { try noteFullSync(of: provider) }
        try endQuarantine(of: provider, by: .engine)
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
        let quarantine = Quarantine(after: runState.quarantine, failedAt: now, reason: reason)
        try save(quarantine, of: provider)
        if runState.quarantine == nil {
            try note(.quarantineBegan, quarantine, runState, by: .engine)
        }
    }

    /// Ends a quarantine; the count of failures starts again.
    ///
    /// - Parameter origin: who ends it, and in which way.
    /// - Returns: whether there was one.
    @discardableResult
    package func endQuarantine(of provider: ProviderID, by origin: EventOrigin) throws -> Bool {
        let runState = try self.runState(of: provider)
        guard let quarantine = runState.quarantine else { return false }
        try execute("DELETE FROM provider_health WHERE provider_id = ?", SQLValue(provider))
        try note(.quarantineEnded, quarantine, runState, by: origin)
        return true
    }

    private func save(_ quarantine: Quarantine, of provider: ProviderID) throws {
        try execute(
            """
            INSERT INTO provider_health (provider_id, failures, quarantined_until_ms, reason, since_ms)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (provider_id) DO UPDATE SET failures = excluded.failures,
                quarantined_until_ms = excluded.quarantined_until_ms, reason = excluded.reason
            """,
            SQLValue(provider),
            .integer(Int64(quarantine.failures)),
            SQLValue(quarantine.quarantinedUntil),
            .text(quarantine.reason),
            SQLValue(quarantine.since)
        )
    }

    private func note(_ kind: EventKind, _ quarantine: Quarantine, _ runState: ProviderRunState, by origin: EventOrigin)
        throws
    {
        let content: [String: JSONValue] = [
            "reason": .string(quarantine.reason), "failures": .integer(Int64(quarantine.failures)),
            "since": .string(quarantine.since.text), "until": .string(quarantine.quarantinedUntil.text),
        ]
        try insertEvent(Event(kind, of: runState.provider, called: runState.name, content, by: origin, at: now))
    }
}
