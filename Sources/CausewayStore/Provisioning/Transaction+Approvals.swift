import CausewayJSON
package import CausewayModel

// The decisions of people about runs that wait, and how long they are valid.

extension Approval {
    fileprivate static let table = RecordTable<Approval>(
        "approvals",
        [
            Column("run_id") { SQLValue($0.run) },
            Column("provider_id") { SQLValue($0.provider) },
            Column("approved_by") { .text($0.approvedBy) },
            Column("approved_at_ms") { SQLValue($0.approvedAt) },
            Column("expires_at_ms") { SQLValue($0.expiresAt) },
            Column("applied_by") { SQLValue($0.appliedBy) },
            Column("ended_at_ms") { SQLValue($0.endedAt) },
            Column("end_reason") { .text($0.ending) },
        ]
    )
}

extension Transaction {
    private static let approvals = "SELECT \(Approval.table.selection("p")) FROM approvals p"

    /// Stores an approval.
    package func insertApproval(_ approval: Approval) throws {
        try connection.execute(Approval.table.insertion, try Approval.table.values(of: approval))
    }

    /// A provider's approvals, the latest first.
    package func approvals(of provider: ProviderID) throws -> [Approval] {
        try all(
            "\(Self.approvals) WHERE p.provider_id = ? ORDER BY p.approved_at_ms DESC, p.run_id",
            SQLValue(provider),
            as: Self.approval
        )
    }

    /// The approval of what a run held back, if there is one.
    package func approval(of run: RunID) throws -> Approval? {
        try first("\(Self.approvals) WHERE p.run_id = ?", SQLValue(run), as: Self.approval)
    }

    private static func approval(_ row: SQLRow) throws -> Approval {
        Approval(
            run: try row.id("run_id"),
            provider: try row.id("provider_id"),
            approvedBy: try row.text("approved_by"),
            approvedAt: try row.timestamp("approved_at_ms"),
            expiresAt: try row.timestamp("expires_at_ms"),
            appliedBy: try row.id(orNil: "applied_by"),
            endedAt: try row.timestamp(orNil: "ended_at_ms"),
            ending: try row.text("end_reason")
        )
    }

    private func activeApprovals(of provider: ProviderID) throws -> [Approval] {
        try approvals(of: provider).filter { $0.endedAt == nil }
    }

    // MARK: Applying

    /// Lets a run that a person's approval started apply what is approved; no other run ever does. An approval that an interrupted
    /// run left behind is taken up again: what is left of its plan is still what the person saw.
    package func takeApprovals(of provider: ProviderID, by run: RunID) throws {
        for approval in try activeApprovals(of: provider) {
            if approval.expiresAt <= now {
                try end(approval, .lapsed)
            } else {
                try execute(
                    "UPDATE approvals SET applied_by = ? WHERE run_id = ?",
                    SQLValue(run),
                    SQLValue(approval.run)
                )
            }
        }
    }

    /// Ends approvals after a full sync: its own are spent, all others are overtaken, and so
    /// is every older run that waits.
    ///
    /// - Parameter isWaiting: whether the full sync itself waits for a person.
    package func concludeFullSync(_ run: RunID, of provider: ProviderID, isWaiting: Bool) throws {
        for approval in try activeApprovals(of: provider) {
            guard approval.appliedBy == run else {
                try end(approval, .overtaken(by: run))
                continue
            }
            try end(approval, isWaiting ? .otherPlan(run) : ending(of: approval, by: run))
        }
        let message =
            isWaiting
            ? "The newer run \(run.text) replaces it; decide about that one."
            : "The newer run \(run.text) replaces it, and nothing waits any more."
        try closeWaiting(of: provider, message: message, except: run)
    }

    /// How many of the approved actions are done. Those that an interrupted run, or a direct sync, has applied since the approval count too.
    private func ending(of approval: Approval, by run: RunID) throws -> ApprovalEnding {
        func approved(_ statuses: OutcomeStatus...) throws -> Int {
            let list = SQLList(statuses.map { SQLValue($0) })
            return try count(
                """
                SELECT COUNT(DISTINCT a.fingerprint) AS count FROM actions a
                WHERE a.run_id IN (SELECT r.id FROM runs r WHERE r.provider_id = ? AND r.started_at_ms >= ?)
                    AND a.status IN \(list.sql) AND a.fingerprint IN (
                        SELECT b.fingerprint FROM actions b WHERE b.run_id = ? AND b.status = 'held')
                """,
                [SQLValue(approval.provider), SQLValue(approval.approvedAt)] + list.arguments + [SQLValue(approval.run)]
            )
        }
        let done = try approved(.applied, .unchanged)
        guard try done > 0 || approved(.failed, .retry, .sent) > 0 else { return .nothingLeft(run) }
        let all = try count(
            "SELECT COUNT(*) AS count FROM actions WHERE run_id = ? AND status = 'held'",
            SQLValue(approval.run)
        )
        return .applied(by: run, count: done, of: all)
    }

    // MARK: Endings

    /// Ends what a run has taken up and will not apply.
    package func endApprovals(takenBy run: RunID, _ ending: ApprovalEnding) throws {
        guard let provider = try self.run(run)?.provider else { return }
        for approval in try activeApprovals(of: provider) where approval.appliedBy == run {
            try end(approval, ending)
        }
    }

    /// Ends all valid approvals of a provider.
    package func endApprovals(of provider: ProviderID, _ ending: ApprovalEnding) throws {
        for approval in try activeApprovals(of: provider) { try end(approval, ending) }
    }

    /// Ends all approvals, and all waiting runs, whose plans were made in other circumstances.
    ///
    /// - Parameter ending: what has changed.
    func planShapeChanged(of provider: ProviderID, _ ending: ApprovalEnding) throws {
        try endApprovals(of: provider, ending)
        try closeWaiting(of: provider, message: ending.reason, except: nil)
        try execute("UPDATE providers SET shaped_at_ms = ? WHERE id = ?", SQLValue(now), SQLValue(provider))
    }

    /// Withdraws an approval before it was applied: the run counts as rejected.
    package func withdraw(_ approval: Approval, by name: String, message: String) throws {
        try end(approval, .withdrawn(by: name))
        try execute(
            "UPDATE runs SET status = ?, message = ? WHERE id = ? AND status = ?",
            SQLValue(RunStatus.rejected),
            .text(message),
            SQLValue(approval.run),
            SQLValue(RunStatus.approved)
        )
    }

    /// Ends an approval, and records it at the run that was approved. If approved changes are not applied, an event says so.
    private func end(_ approval: Approval, _ ending: ApprovalEnding) throws {
        try execute(
            "UPDATE approvals SET ended_at_ms = ?, end_reason = ? WHERE run_id = ? AND ended_at_ms IS NULL",
            SQLValue(now),
            .text(ending.sentence),
            SQLValue(approval.run)
        )
        try execute(
            "UPDATE runs SET message = message || ' ' || ? WHERE id = ? AND status = ?",
            .text(ending.sentence),
            SQLValue(approval.run),
            SQLValue(RunStatus.approved)
        )
        guard ending.isVoid else { return }
        let content: [String: JSONValue] = [
            "run": .string(approval.run.text), "approved_by": .string(approval.approvedBy),
            "message": .string(ending.sentence),
        ]
        let name = try provider(approval.provider)?.name ?? ""
        try insertEvent(Event(.approvalVoid, of: approval.provider, called: name, content, by: .engine, at: now))
    }

    // MARK: Coverage

    /// How much of the destructive part of a run people have approved, as far as the run applies their approvals.
    ///
    /// - Parameters:
    ///   - extent: which of its actions count.
    ///   - limit: how many of those that are not approved are named.
    package func coverage(of run: RunID, _ extent: HeldExtent, limit: Int) throws -> ApprovalCoverage {
        let destructive = try count(
            "SELECT COUNT(*) AS count FROM actions WHERE run_id = ? AND status = 'planned' AND \(extent.condition)",
            SQLValue(run)
        )
        let open = """
            FROM actions a WHERE a.run_id = ? AND a.status = 'planned' AND \(extent.condition) AND a.fingerprint NOT IN (
                SELECT b.fingerprint FROM approvals p JOIN actions b ON b.run_id = p.run_id
                WHERE p.applied_by = ? AND p.ended_at_ms IS NULL AND p.expires_at_ms > ? AND b.is_destructive
                    AND b.status = 'held')
            """
        let missing = try count("SELECT COUNT(*) AS count \(open)", SQLValue(run), SQLValue(run), SQLValue(now))
        let first = try all(
            "SELECT \(Self.actionColumns) \(open) ORDER BY sequence LIMIT ?",
            SQLValue(run),
            SQLValue(run),
            SQLValue(now),
            .integer(Int64(limit))
        ) { try storedAction($0).action }
        return ApprovalCoverage(covered: destructive - missing, missing: missing, firstMissing: first)
    }
}

/// How much of the destructive part of a run is approved.
package struct ApprovalCoverage: Hashable, Sendable {
    /// Destructive actions that an approval names.
    package let covered: Int
    /// Those that none names.
    package let missing: Int
    /// The first of the latter in the order of the plan.
    package let firstMissing: [Action]

    package init(covered: Int, missing: Int, firstMissing: [Action]) {
        self.covered = covered
        self.missing = missing
        self.firstMissing = firstMissing
    }
}
