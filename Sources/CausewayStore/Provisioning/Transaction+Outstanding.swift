package import CausewayModel

extension Transaction {
    /// The outstanding work of a provider. Answered from indexes, however many objects there are.
    ///
    /// - Throws: ``StoreError`` of code `notFound`.
    package func outstanding(of provider: EntraProvider) throws -> Outstanding {
        let (runState, position) = (try self.runState(of: provider.id), try journalPosition(of: provider.id))
        var outstanding = Outstanding()
        outstanding.isAssigned = provider.application != nil
        outstanding.vanishedFilterGroup = provider.vanishedFilterGroup
        outstanding.quarantine = runState.quarantine
        outstanding.isPaused = runState.schedule.isPaused
        outstanding.isDryRun = provider.dryRun
        outstanding.isRestored = provider.restoredAt != nil
        outstanding.request = runState.request?.trigger
        outstanding.lastFullSync = runState.schedule.lastFullSyncAt
        outstanding.run = try runUnderWay(of: provider.id)
        outstanding.isRunning = outstanding.run != nil
        outstanding.latestRun = try runs(of: provider.id, limit: 1).first?.id
        outstanding.waitingRuns = try count(
            "SELECT COUNT(*) AS count FROM runs WHERE provider_id = ? AND status = 'awaiting_approval'",
            SQLValue(provider.id)
        )
        outstanding.isFirstSyncWaiting = try position == nil && isFullRunWaiting(provider.id)
        let failing = try failingCounts(of: provider.id)
        (outstanding.failing, outstanding.retried) = (failing.all - failing.refused, failing.retried)
        outstanding.refused = failing.refused
        outstanding.hasRetries = try exists(
            "SELECT 1 FROM retries WHERE provider_id = ? LIMIT 1",
            SQLValue(provider.id)
        )
        outstanding.isLeftUndone = try isLeftUndone(provider.id, since: outstanding.lastFullSync)
        outstanding.changes = try position.map(changes) ?? 0
        return outstanding
    }

    private func isFullRunWaiting(_ provider: ProviderID) throws -> Bool {
        try exists(
            "SELECT 1 FROM runs WHERE provider_id = ? AND status = 'awaiting_approval' AND is_full LIMIT 1",
            SQLValue(provider)
        )
    }

    /// Whether a run since a moment was interrupted or canceled, or its held changes were rejected. An interrupted direct sync
    /// does not count, because the journal covers it; a canceled one counts, because the next full sync does what is left.
    private func isLeftUndone(_ provider: ProviderID, since moment: Timestamp?) throws -> Bool {
        let moment = SQLValue(moment ?? Timestamp(milliseconds: 0))
        let isWhole = "trigger NOT IN ('change', 'preview')"
        return try exists(
            """
            SELECT 1 FROM runs WHERE provider_id = ? AND status IN ('rejected', 'expired', 'canceled') AND finished_at_ms > ?
                AND trigger <> 'preview' LIMIT 1
            """,
            SQLValue(provider),
            moment
        )
            || exists(
                """
                SELECT 1 FROM runs WHERE provider_id = ? AND status IN ('interrupted', 'failed') AND finished_at_ms > ?
                    AND \(isWhole)
                """,
                SQLValue(provider),
                moment
            )
            || exists(
                """
                SELECT 1 FROM runs r WHERE r.provider_id = ? AND r.status IN ('discovering', 'planning', 'applying')
                    AND \(isWhole) AND NOT EXISTS (
                        SELECT 1 FROM run_leases l WHERE l.run_id = r.id AND l.expires_at_ms > ?)
                """,
                SQLValue(provider),
                SQLValue(try leaseTime())
            )
    }

    /// How many changes of the directory a provider has not processed yet, given its position in the journal.
    private func changes(after position: Int64) throws -> Int {
        try count(
            "SELECT COUNT(*) AS count FROM (SELECT 1 FROM journal WHERE sequence > ? LIMIT ?) t",
            .integer(position),
            .integer(Int64(Outstanding.mostChanges))
        )
    }
}
