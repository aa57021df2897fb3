package import CausewayModel

/// A creation, or a restoration from the recycle bin, that an earlier run sent without receiving an answer: there may be an Entra object
/// without a link.
package struct PendingCreate: Sendable {
    package let run: RunID
    package let action: Action
    package let sent: Timestamp
}

extension Transaction {
    private static let unanswered =
        "status = 'sent' AND run_id IN (SELECT id FROM runs WHERE provider_id = ? AND id <> ?)"

    private static let pending = "verb IN ('create', 'restore')"

    /// Resolves what earlier runs sent without an answer, except creations and restorations, which must be looked for. It is unknown
    /// whether it was carried out, so Causeway's earlier writes to those objects no longer take precedence.
    ///
    /// - Returns: the number of these actions.
    @discardableResult
    package func resetPendingActions(provider: ProviderID, before run: RunID) throws -> Int {
        let actions = try all(
            """
            SELECT \(Self.actionColumns) FROM actions a WHERE \(Self.unanswered) AND verb <> 'create'
            """,
            SQLValue(provider),
            SQLValue(run),
            as: storedAction
        ).map(\.action)
        guard !actions.isEmpty else { return 0 }
        for action in actions { try invalidate(what: action, provider) }
        let outcome = Outcome(
            .retry,
            message: "The answer was lost; the next run read the tenant and continued from there."
        )
        return try executeAndCount(
            """
            UPDATE actions SET status = 'retry', message = ?, rule = ?, rule_title = ?, updated_at_ms = ?
            WHERE \(Self.unanswered) AND NOT \(Self.pending)
            """,
            .text(outcome.message),
            .text(outcome.rule?.id ?? ""),
            .text(outcome.rule?.title ?? ""),
            SQLValue(now),
            SQLValue(provider),
            SQLValue(run)
        )
    }

    private func invalidate(what action: Action, _ provider: ProviderID) throws {
        let stored = try action.object.flatMap { try link(of: $0, provider: provider)?.entraID }
        guard let entraID = action.entraID ?? stored else { return }
        switch action.verb {
        case .addMembers, .removeMember:
            let members = try action.members.compactMap { try resolved($0, provider) }
            try invalidate(members: members, of: entraID, provider: provider)
        default: try invalidate(entraID, provider: provider)
        }
        // If it was done, Causeway did it; if not, the mark does no harm to an account that is enabled.
        if action.verb == .suspend, [.deletedLocally, .leftScope, .deactivated].contains(action.reason) {
            try setSuspended(true, at: entraID, provider: provider)
        }
    }

    private func resolved(_ member: MemberReference, _ provider: ProviderID) throws -> EntraObjectID? {
        switch member {
        case .local(let object): try link(of: object, provider: provider)?.entraID
        case .remote(let id): id
        }
    }

    /// Creations and restorations of earlier runs without an answer, the oldest first.
    package func pendingCreates(provider: ProviderID, before run: RunID) throws -> [PendingCreate] {
        try all(
            """
            SELECT \(Self.actionColumns) FROM actions a
            WHERE \(Self.unanswered) AND \(Self.pending) ORDER BY updated_at_ms, sequence
            """,
            SQLValue(provider),
            SQLValue(run)
        ) { row in
            PendingCreate(
                run: try row.id("run_id"),
                action: try storedAction(row).action,
                sent: try row.timestamp("updated_at_ms")
            )
        }
    }
}
