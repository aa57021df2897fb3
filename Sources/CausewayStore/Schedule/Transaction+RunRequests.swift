package import CausewayModel

extension Transaction {
    /// Requests a full sync of a provider. Of several requests that wait, one is left: the most urgent.
    ///
    /// - Returns: false, and nothing is requested, if the provider is not assigned to an application.
    @discardableResult
    package func requestRun(of provider: ProviderID, _ trigger: RunTrigger) throws -> Bool {
        guard try isAssigned(provider) else { return false }
        let waiting = try waitingTrigger(of: provider)
        let trigger = waiting.map { $0.urgency > trigger.urgency ? $0 : trigger } ?? trigger
        try execute(
            """
            INSERT INTO run_requests (provider_id, trigger, requested_at_ms) VALUES (?, ?, ?)
            ON CONFLICT (provider_id) DO UPDATE SET trigger = excluded.trigger,
                requested_at_ms = excluded.requested_at_ms, taken_by = NULL
            """,
            SQLValue(provider),
            SQLValue(trigger),
            SQLValue(now)
        )
        return true
    }

    /// Whether a provider is assigned to an application.
    func isAssigned(_ provider: ProviderID) throws -> Bool {
        try exists("SELECT 1 FROM providers WHERE id = ? AND application_id IS NOT NULL", SQLValue(provider))
    }

    /// A request that a run has taken up is not merged with others: it is as good as done.
    private func waitingTrigger(of provider: ProviderID) throws -> RunTrigger? {
        try first(
            "SELECT trigger FROM run_requests WHERE provider_id = ? AND taken_by IS NULL",
            SQLValue(provider)
        ) { try $0.word("trigger") }
    }

    /// Marks the waiting request of a provider as taken up by a run. A request made from now on is a new one, for the run after it.
    package func takeRequest(of provider: ProviderID, by claim: RunRequestClaim) throws {
        try execute(
            "UPDATE run_requests SET taken_by = ? WHERE provider_id = ?",
            .text(claim.name),
            SQLValue(provider)
        )
    }

    /// Removes the request that a run has taken up; one that was made after that stays.
    package func endTakenRequest(of provider: ProviderID) throws {
        try execute("DELETE FROM run_requests WHERE provider_id = ? AND taken_by IS NOT NULL", SQLValue(provider))
    }

    /// Records that a person canceled a run: what it was asked for is left to the next full sync.
    package func recordCancellation(of provider: ProviderID, by claim: RunRequestClaim) throws {
        try endRequest(of: provider, takenBy: claim)
    }

    /// Removes the request that a run has taken up, unless there is a new one instead.
    func endRequest(of provider: ProviderID, takenBy claim: RunRequestClaim) throws {
        try execute(
            "DELETE FROM run_requests WHERE provider_id = ? AND taken_by = ?",
            SQLValue(provider),
            .text(claim.name)
        )
    }
}
