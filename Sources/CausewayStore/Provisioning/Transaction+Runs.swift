package import CausewayModel

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

    func insert(_ run: Run) throws {
        try connection.execute(Run.table.insertion, try Run.table.values(of: run))
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
