package import CausewayModel

/// The right to run a provider, held by one process at a time, which loses it if it falls silent.
package struct RunLease: Sendable {
    /// Names the process that holds it.
    package let owner: String
    /// How long the process may stay silent before another may take over.
    package let duration: Duration

    package init(owner: String, duration: Duration) {
        self.owner = owner
        self.duration = duration
    }
}

/// What a run shows before it writes: that it still holds its lease.
package struct LeaseToken: Hashable, Sendable {
    package let run: RunID
    /// Grows with every lease: the highest one of a provider is the valid one.
    package let number: Int64
}

extension Transaction {
    /// The time that counts for leases, whatever the clocks of the nodes say: the server's. In a file it is this machine's.
    package func leaseTime() throws -> Timestamp {
        guard asksServerTime, let query = connection.dialect.serverTime else { return now }
        return try first(query) { try $0.timestamp("ms") } ?? now
    }

    /// Starts a run if no other of this provider is in progress. A run whose process is gone is marked as interrupted.
    ///
    /// - Parameters:
    ///   - lease: who runs, and for how long without a renewal.
    ///   - isGone: whether the process that an unexpired lease names is known to have ended.
    /// - Returns: what it shows when it writes; nil if another run is in progress.
    package func beginRun(_ run: Run, lease: RunLease, isGone: (String) -> Bool) throws -> LeaseToken? {
        let time = try leaseTime()
        let held = try first("SELECT owner, run_id FROM run_leases WHERE provider_id = ?", SQLValue(run.provider)) {
            (owner: try $0.text("owner"), run: try $0.id("run_id") as RunID)
        }
        if let held {
            guard try takeOver(held.run, isGone: isGone(held.owner), at: time) else { return nil }
        }
        try insert(run)
        let token = LeaseToken(run: run.id, number: try take(of: "run_leases"))
        try execute(
            "INSERT INTO run_leases (provider_id, run_id, owner, expires_at_ms, token) VALUES (?, ?, ?, ?, ?)",
            SQLValue(run.provider),
            SQLValue(run.id),
            .text(lease.owner),
            SQLValue(time + lease.duration),
            .integer(token.number)
        )
        return token
    }

    /// Ends the lease of a run if it has expired or its process is gone. The holder may renew it at the same time: the first one wins.
    ///
    /// - Returns: false if it has not expired.
    private func takeOver(_ run: RunID, isGone: Bool, at time: Timestamp) throws -> Bool {
        let taken = try executeAndCount(
            "DELETE FROM run_leases WHERE run_id = ? AND (expires_at_ms <= ? OR ?)",
            SQLValue(run),
            SQLValue(time),
            .bool(isGone)
        )
        if taken > 0 { try interrupt(run) }
        return taken > 0
    }

    /// Ends a run in progress if no process holds its lease, or if that has ended.
    package func endRun(_ run: RunID, isGone: (String) -> Bool) throws {
        let owner = try first("SELECT owner FROM run_leases WHERE run_id = ?", SQLValue(run)) { try $0.text("owner") }
        guard let owner else {
            try concludeCancellation(of: run)
            return
        }
        _ = try takeOver(run, isGone: isGone(owner), at: try leaseTime())
    }

    /// The runs whose processes have ended or fallen silent.
    ///
    /// - Parameter isGone: whether the process that a lease names is known to have ended.
    package func expiredRuns(isGone: (String) -> Bool = { _ in false }) throws -> [RunID] {
        try leases(isGone, at: try leaseTime()).filter(\.hasEnded).map(\.run)
    }

    /// The providers with a run in progress, in whatever process.
    ///
    /// - Parameter isGone: whether the process that a lease names is known to have ended.
    package func runningProviders(isGone: (String) -> Bool) throws -> Set<ProviderID> {
        Set(try leases(isGone, at: try leaseTime()).filter { !$0.hasEnded }.map(\.provider))
    }

    private struct StoredLease {
        let provider: ProviderID
        let run: RunID
        let isGone: Bool
        let isOver: Bool

        var hasEnded: Bool { isGone || isOver }
    }

    private func leases(_ isGone: (String) -> Bool, at time: Timestamp) throws -> [StoredLease] {
        try all("SELECT provider_id, run_id, owner, expires_at_ms FROM run_leases") { row in
            StoredLease(
                provider: try row.id("provider_id"),
                run: try row.id("run_id"),
                isGone: isGone(try row.text("owner")),
                isOver: try row.timestamp("expires_at_ms") <= time
            )
        }
    }

    /// Ends the runs whose processes have ended or fallen silent, so that none seems to be in progress forever. The next run of their provider
    /// does so too.
    package func endExpiredRuns(isGone: (String) -> Bool = { _ in false }) throws {
        let time = try leaseTime()
        for lease in try leases(isGone, at: time) where lease.hasEnded {
            _ = try takeOver(lease.run, isGone: lease.isGone, at: time)
        }
    }

    /// The process may have ended after a person canceled the run.
    private func interrupt(_ run: RunID) throws {
        guard try !concludeCancellation(of: run) else { return }
        try setStatus(.interrupted, of: run, message: "The process ended before the run did.")
    }

    /// Makes sure that no other process has taken over. What is written in this transaction is then written by the holder, since writes follow each
    /// other.
    ///
    /// - Throws: ``StoreError`` of code `leaseLost`.
    func require(_ token: LeaseToken) throws {
        let ended = SQLList(Self.ownEndings.map { SQLValue($0) })
        try connection.require(
            """
            SELECT 1 FROM run_leases WHERE run_id = ? AND token = ?
            UNION ALL SELECT 1 FROM runs WHERE id = ? AND status IN \(ended.sql)
            """,
            [SQLValue(token.run), .integer(token.number), SQLValue(token.run)] + ended.arguments,
            orThrow: .leaseLost
        )
    }

    /// Renews the lease.
    ///
    /// - Returns: false if the run has ended.
    /// - Throws: ``StoreError`` of code `leaseLost` if another process has taken over; the run must stop at once.
    package func renew(_ lease: RunLease, of run: RunID) throws -> Bool {
        let renewed = try executeAndCount(
            "UPDATE run_leases SET expires_at_ms = ? WHERE run_id = ? AND owner = ?",
            SQLValue(try leaseTime() + lease.duration),
            SQLValue(run),
            .text(lease.owner)
        )
        guard renewed == 0 else { return true }
        // The run may have ended between two renewals.
        guard try hasEndedByItself(run) else { throw StoreError.leaseLost }
        return false
    }

    private func hasEndedByItself(_ id: RunID) throws -> Bool {
        try run(id).map { Self.ownEndings.contains($0.status) } ?? false
    }

    /// How a run ends by itself. The process that takes a run over marks it as interrupted, or as canceled.
    private static let ownEndings = RunStatus.allCases.filter {
        $0 == .awaitingApproval || ($0.isFinal && $0 != .interrupted && $0 != .canceled)
    }

    /// The process that holds the lease of a run; nil if none does, or if the lease has expired.
    package func leaseOwner(of run: RunID) throws -> String? {
        try first(
            "SELECT owner FROM run_leases WHERE run_id = ? AND expires_at_ms > ?",
            SQLValue(run),
            SQLValue(try leaseTime())
        ) { try $0.text("owner") }
    }

    /// The full sync of a provider that is in progress, and its process. A run that only plans does not count.
    package func fullSyncUnderWay(of provider: ProviderID) throws -> (run: RunID, owner: String)? {
        try first(
            """
            SELECT l.run_id, l.owner FROM run_leases l JOIN runs r ON r.id = l.run_id
            WHERE l.provider_id = ? AND l.expires_at_ms > ? AND r.is_full AND r.trigger <> 'preview'
            """,
            SQLValue(provider),
            SQLValue(try leaseTime())
        ) { (try $0.id("run_id"), try $0.text("owner")) }
    }

    /// The run of a provider that is in progress.
    package func runUnderWay(of provider: ProviderID) throws -> RunID? {
        try first(
            "SELECT run_id FROM run_leases WHERE provider_id = ? AND expires_at_ms > ?",
            SQLValue(provider),
            SQLValue(try leaseTime())
        ) { try $0.id("run_id") }
    }
}
