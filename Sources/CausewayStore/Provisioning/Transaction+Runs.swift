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

extension Run {
    fileprivate static let table = RecordTable<Run>(
        "runs",
        [
            Column("id") { SQLValue($0.id) },
            Column("provider_id") { SQLValue($0.provider) },
            Column("trigger") { SQLValue($0.trigger) },
            Column("is_full") { .bool($0.isFull) },
            Column("status") { SQLValue($0.status) },
            Column("message") { .text($0.message) },
            Column("examined_users") { SQLValue($0.examinedUsers) },
            Column("examined_groups") { SQLValue($0.examinedGroups) },
            Column("started_at_ms") { SQLValue($0.startedAt) },
            Column("finished_at_ms") { SQLValue($0.finishedAt) },
            Column("trimmed_at_ms") { SQLValue($0.trimmedAt) },
        ]
    )
}

extension Transaction {
    private static let runs = "SELECT \(Run.table.selection("r")) FROM runs r"

    /// Starts a run if no other of this provider is in progress. A run whose process is gone is marked as interrupted.
    ///
    /// - Parameters:
    ///   - lease: who runs, and for how long without a renewal.
    ///   - isGone: whether the process that an unexpired lease names is known to have ended.
    /// - Returns: false if another run is in progress.
    package func beginRun(_ run: Run, lease: RunLease, isGone: (String) -> Bool) throws -> Bool {
        let held = try first(
            "SELECT owner, run_id, expires_at_ms FROM run_leases WHERE provider_id = ?",
            SQLValue(run.provider)
        ) {
            (owner: try $0.text("owner"), run: try $0.id("run_id") as RunID, expires: try $0.timestamp("expires_at_ms"))
        }
        if let held {
            guard held.expires <= now || isGone(held.owner) else { return false }
            try interrupt(held.run)
        }
        try connection.execute(Run.table.insertion, try Run.table.values(of: run))
        try execute(
            "INSERT INTO run_leases (provider_id, run_id, owner, expires_at_ms) VALUES (?, ?, ?, ?)",
            SQLValue(run.provider),
            SQLValue(run.id),
            .text(lease.owner),
            SQLValue(now + lease.duration)
        )
        return true
    }

    /// The process may have ended after a person canceled the run.
    private func interrupt(_ run: RunID) throws {
        guard try !concludeCancellation(of: run) else { return }
        try setStatus(.interrupted, of: run, message: "The process ended before the run did.")
    }

    /// Records the status of a run; a final status ends it and releases the lease.
    package func setStatus(_ status: RunStatus, of run: RunID, message: String = "") throws {
        try execute(
            "UPDATE runs SET status = ?, message = ?, finished_at_ms = ? WHERE id = ?",
            SQLValue(status),
            .text(message),
            SQLValue(status.isFinal ? now : nil),
            SQLValue(run)
        )
        if status.isFinal { try execute("DELETE FROM run_leases WHERE run_id = ?", SQLValue(run)) }
    }

    /// Records how many objects a run has examined, including those with nothing to do.
    package func setExamined(users: Int, groups: Int, of run: RunID) throws {
        try execute(
            "UPDATE runs SET examined_users = ?, examined_groups = ? WHERE id = ?",
            .integer(Int64(users)),
            .integer(Int64(groups)),
            SQLValue(run)
        )
    }

    /// Renews the lease.
    ///
    /// - Returns: false if the run has ended.
    /// - Throws: ``StoreError`` of code `conflict` if another process has taken over; the run must stop at once.
    package func renew(_ lease: RunLease, of run: RunID) throws -> Bool {
        let renewed = try executeAndCount(
            "UPDATE run_leases SET expires_at_ms = ? WHERE run_id = ? AND owner = ?",
            SQLValue(now + lease.duration),
            SQLValue(run),
            .text(lease.owner)
        )
        guard renewed == 0 else { return true }
        // The run may have ended between two renewals.
        guard try hasEndedByItself(run) else {
            throw StoreError(.conflict, "Another process has taken over this run; nothing more is done here.")
        }
        return false
    }

    /// The process that takes a run over marks it as interrupted, or as canceled.
    private func hasEndedByItself(_ id: RunID) throws -> Bool {
        guard let status = try run(id)?.status else { return false }
        return status == .awaitingApproval || (status.isFinal && status != .interrupted && status != .canceled)
    }

    /// The full sync of a provider that is in progress, and its process. A run that only plans does not count.
    package func fullSyncUnderWay(of provider: ProviderID) throws -> (run: RunID, owner: String)? {
        try first(
            """
            SELECT l.run_id, l.owner FROM run_leases l JOIN runs r ON r.id = l.run_id
            WHERE l.provider_id = ? AND l.expires_at_ms > ? AND r.is_full AND r.trigger <> 'preview'
            """,
            SQLValue(provider),
            SQLValue(now)
        ) { (try $0.id("run_id"), try $0.text("owner")) }
    }

    /// The run of a provider that is in progress.
    package func runUnderWay(of provider: ProviderID) throws -> RunID? {
        try first(
            "SELECT run_id FROM run_leases WHERE provider_id = ? AND expires_at_ms > ?",
            SQLValue(provider),
            SQLValue(now)
        ) { try $0.id("run_id") }
    }

    /// The run with that key.
    package func run(_ id: RunID) throws -> Run? {
        try first("\(Self.runs) WHERE r.id = ?", SQLValue(id), as: Self.run)
    }

    /// Runs whose key begins with a text, in the order of their keys.
    ///
    /// - Parameter beginning: in lower case.
    package func runs(beginningWith beginning: String, limit: Int) throws -> [RunID] {
        try all(
            "SELECT r.id FROM runs r WHERE r.id >= ? AND r.id < ? ORDER BY r.id LIMIT ?",
            .text(beginning),
            // The letter after the last one that a key can have.
            .text(beginning + "g"),
            .integer(Int64(limit))
        ) { try $0.id("id") }
    }

    /// A provider's runs, the latest first.
    package func runs(of provider: ProviderID, limit: Int) throws -> [Run] {
        try all(
            "\(Self.runs) WHERE r.provider_id = ? ORDER BY r.started_at_ms DESC, r.id LIMIT ?",
            SQLValue(provider),
            .integer(Int64(limit)),
            as: Self.run
        )
    }

    /// A provider's last sync, even if it is still in progress; runs that only plan do not count.
    package func lastSync(of provider: ProviderID) throws -> Run? {
        try first(
            "\(Self.runs) WHERE r.provider_id = ? AND r.trigger <> ? ORDER BY r.started_at_ms DESC, r.id LIMIT 1",
            SQLValue(provider),
            SQLValue(RunTrigger.preview),
            as: Self.run
        )
    }

    /// A provider's last run of everything that has ended; runs that only plan do not count.
    package func lastEndedFullSync(of provider: ProviderID) throws -> Run? {
        try first(
            """
            \(Self.runs) WHERE r.provider_id = ? AND r.is_full AND r.trigger <> ? AND r.finished_at_ms IS NOT NULL
            ORDER BY r.started_at_ms DESC, r.id LIMIT 1
            """,
            SQLValue(provider),
            SQLValue(RunTrigger.preview),
            as: Self.run
        )
    }

    static func run(_ row: SQLRow) throws -> Run {
        Run(
            id: try row.id("id"),
            provider: try row.id("provider_id"),
            trigger: try row.word("trigger"),
            isFull: try row.bool("is_full"),
            status: try row.word("status"),
            message: try row.text("message"),
            examinedUsers: try row.int("examined_users"),
            examinedGroups: try row.int("examined_groups"),
            startedAt: try row.timestamp("started_at_ms"),
            finishedAt: try row.timestamp(orNil: "finished_at_ms"),
            trimmedAt: try row.timestamp(orNil: "trimmed_at_ms")
        )
    }
}
