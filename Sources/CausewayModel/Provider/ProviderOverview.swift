/// How many objects of a kind a provider has, by state.
package struct ObjectCounts: Hashable, Sendable {
    /// Objects of the directory that the provider manages.
    package var inScope = 0
    /// Those with an Entra object.
    package var linked = 0
    /// Linked accounts that are disabled in the tenant.
    package var suspended = 0
    /// Objects whose latest attempt failed; without ``refused``.
    package var failing = 0
    /// Those of them that are retried automatically.
    package var retried = 0
    /// Objects whose only failure is a part that Entra refused.
    package var refused = 0
    /// Actions that wait for approval.
    package var waiting = 0

    package init() {}
}

/// The numbers of a provider.
package struct ProviderOverview: Hashable, Sendable {
    package var users = ObjectCounts()
    package var groups = ObjectCounts()
    /// A requested full sync that no run has taken up yet.
    package var queued: RunRequest?
    /// The run in progress.
    package var running: RunID?
    /// The latest run that waits for approval.
    package var waiting: RunID?
    package var lastFullSync: Timestamp?
    /// When the next run is expected; nil if there is none.
    package var nextRun: Timestamp?

    package init() {}
}
