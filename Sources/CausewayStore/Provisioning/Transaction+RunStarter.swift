package import CausewayModel

extension Transaction {
    /// How long a requested sync can wait before it starts, for its request to count as its start.
    private static let longestWait: Duration = .seconds(600)

    /// Who started a run: the person who approved what it applies, or who asked for it; nil if no person did, or if it is not known.
    package func starter(of run: Run) throws -> String? {
        switch run.trigger {
        case .approval:
            try first("SELECT approved_by FROM approvals WHERE applied_by = ? LIMIT 1", SQLValue(run.id)) {
                try $0.text("approved_by")
            }
        case .manual, .preview: try requester(of: run)
        case .schedule, .save, .change: nil
        }
    }

    /// The event of the request names the run, or comes before it if it is a request for a sync, which starts by itself.
    private func requester(of run: Run) throws -> String? {
        let named = connection.dialect.text(at: "causeway", "run", of: "context")
        return try first(
            """
            SELECT actor FROM events WHERE action = ? AND created_at_ms BETWEEN ? AND ? AND object_key = ?
                AND (\(named) = ?
                    OR \(named) IS NULL AND created_at_ms <= ?)
            ORDER BY \(named) IS NULL, created_at_ms DESC LIMIT 1
            """,
            .text(EventKind.runRequested.rawValue),
            SQLValue(run.startedAt + Self.longestWait * -1),
            SQLValue(run.startedAt + Self.longestWait),
            .text("\(run.provider)"),
            SQLValue(run.id),
            SQLValue(run.startedAt)
        ) { try $0.text("actor") }
    }
}
