import CausewayJSON
import CausewayModel

// A clock that was ahead leaves times behind that are far away once it is right again: syncs would wait for years to be due, a write
// would take precedence for years, a session would last for years. So the database records the time, and when the clock is behind
// that, times in the future are moved back by as much as the clock was.

extension Transaction {
    /// Times that do not come from this clock: when a person lets a token end, and what the clock is compared with.
    private static let otherTimes: Set<String> = ["tokens.expires_at_ms", "installation.seen_at_ms"]

    /// Times of the server's own clock, which no node sets.
    private static let serverTimes: Set<String> = [
        "run_leases.expires_at_ms", "nodes.started_at_ms", "nodes.seen_at_ms", "bulk_changes.seen_at_ms",
        "change_turns.expires_at_ms",
    ]

    /// Every column that holds a time, by the ending of its name.
    private func timeColumns() throws -> [(table: String, column: String)] {
        let columns = try all(connection.dialect.allColumns) {
            (table: try $0.text("table_name"), column: try $0.text("column_name"))
        }
        return columns.filter {
            let name = "\($0.table).\($0.column)"
            let isServers = asksServerTime && connection.dialect.serverTime != nil && Self.serverTimes.contains(name)
            return $0.column.hasSuffix("_ms") && !Self.otherTimes.contains(name) && !isServers
        }
    }

    /// Records the present time, and if the clock was ahead before, corrects the times in the future.
    func followClock() throws {
        let seen = try first(
            """
            SELECT COALESCE(seen_at_ms, (SELECT MAX(started_at_ms) FROM runs), created_at_ms) AS seen_at_ms
            FROM installation
            """
        ) { try $0.timestamp("seen_at_ms") }
        if let seen, seen > now + ClockWatch.patience { try bringBack(by: seen - now) }
        try execute("UPDATE installation SET seen_at_ms = ?", SQLValue(now))
    }

    /// What was over by the former clock is over, and what was to come by it comes after the same span of time.
    private func bringBack(by span: Duration) throws {
        for (table, column) in try timeColumns() {
            try execute(
                "UPDATE \(table) SET \(column) = \(column) - ? WHERE \(column) > ?",
                .integer(span.wholeMilliseconds),
                SQLValue(now)
            )
        }
        // Codes count once: of future steps, none has been used yet.
        let step = now.milliseconds / 30_000
        try execute("UPDATE accounts SET last_totp_step = ? WHERE last_totp_step > ?", .integer(step), .integer(step))
        for runState in try runStates() where runState.schedule.nextRunAt != nil {
            guard !runState.schedule.isDue(at: now) else { continue }
            try save(runState.schedule, of: runState.provider)
        }
        try insertEvent(
            Event(
                action: EventKind.clockPutBack.rawValue,
                app: "causeway.store",
                actor: "causeway",
                context: ["seconds": .integer(Int64(span.seconds))],
                created: now
            )
        )
    }
}
