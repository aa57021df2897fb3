package import CausewayModel

extension Transaction {
    /// Sets the cron expression of a provider.
    package func setCron(_ cron: CronExpression, of provider: ProviderID) throws {
        var schedule = try runState(of: provider).schedule
        schedule.cron = cron
        try save(schedule, of: provider)
    }

    /// Pauses or resumes a provider. Runs that were missed while it was paused are not made up for.
    package func setPaused(_ isPaused: Bool, _ provider: ProviderID) throws {
        var schedule = try runState(of: provider).schedule
        guard schedule.isPaused != isPaused else { return }
        schedule.isPaused = isPaused
        try save(schedule, of: provider)
    }

    /// Adds a request for every provider that is due, and computes the next time of every provider without one. A time that was missed
    /// while no server ran is made up for once.
    package func requestDueRuns() throws {
        for runState in try runStates() where runState.needsPlanning(at: now) {
            // A request that waits, or whose run is in progress, serves this time too.
            if runState.schedule.isDue(at: now), runState.request == nil {
                try requestRun(of: runState.provider, .schedule)
            }
            try save(runState.schedule, of: runState.provider)
        }
    }

    /// Records that a full sync finished.
    func noteFullSync(of provider: ProviderID) throws {
        try execute(
            "UPDATE provider_schedules SET last_full_sync_at_ms = ? WHERE provider_id = ?",
            SQLValue(now),
            SQLValue(provider)
        )
    }

    /// Stores a schedule with its next time from now on.
    func save(_ schedule: ProviderSchedule, of provider: ProviderID) throws {
        guard let next = schedule.cron.next(after: now) else {
            throw ValidationError("cron", "'\(schedule.cron)' never occurs; choose another one.")
        }
        try execute(
            """
            INSERT INTO provider_schedules (provider_id, cron, is_paused, next_run_at_ms) VALUES (?, ?, ?, ?)
            ON CONFLICT (provider_id) DO UPDATE SET cron = excluded.cron, is_paused = excluded.is_paused,
                next_run_at_ms = excluded.next_run_at_ms
            """,
            SQLValue(provider),
            .text(schedule.cron.text),
            .bool(schedule.isPaused),
            SQLValue(next)
        )
    }
}
