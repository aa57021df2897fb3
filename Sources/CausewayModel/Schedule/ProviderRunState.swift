/// Everything that decides when a provider runs next: its schedule, a waiting request, and its recent failures. Pure.
package struct ProviderRunState: Hashable, Sendable {
    package let provider: ProviderID
    /// The provider's name.
    package let name: String
    /// Whether it is assigned to an application; otherwise it never runs.
    package let isAssigned: Bool
    package let schedule: ProviderSchedule
    package let request: RunRequest?
    /// Nil if the last run succeeded, or none has failed yet.
    package let quarantine: Quarantine?

    package init(
        provider: ProviderID,
        name: String,
        isAssigned: Bool,
        schedule: ProviderSchedule,
        request: RunRequest? = nil,
        quarantine: Quarantine? = nil
    ) {
        self.provider = provider
        self.name = name
        self.isAssigned = isAssigned
        self.schedule = schedule
        self.request = request
        self.quarantine = quarantine
    }

    /// The trigger of a run that may start now; nil if none may.
    ///
    /// A person's request runs in any case. A save runs in quarantine too, since it may have removed the cause.
    package func trigger(at now: Timestamp) -> RunTrigger? {
        guard isAssigned, let request else { return nil }
        switch request.trigger {
        case .manual, .approval: return request.trigger
        case .save: return schedule.isPaused ? nil : .save
        case .change, .schedule, .preview: return schedule.isPaused || isQuarantined(at: now) ? nil : request.trigger
        }
    }

    /// When the next run is expected; nil if there is none, or if it is not computed yet.
    package func nextRun(at now: Timestamp) -> Timestamp? {
        guard isAssigned else { return nil }
        if trigger(at: now) != nil { return now }
        guard !schedule.isPaused else { return nil }
        return isQuarantined(at: now) ? quarantine?.quarantinedUntil : schedule.nextRunAt
    }

    /// Whether its next time is not computed yet, or has come.
    package func needsPlanning(at now: Timestamp) -> Bool {
        schedule.nextRunAt == nil || schedule.isDue(at: now)
    }

    package func isQuarantined(at now: Timestamp) -> Bool { quarantine?.isQuarantined(at: now) ?? false }
}
