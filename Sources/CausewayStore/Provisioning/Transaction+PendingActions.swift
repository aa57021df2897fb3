package import CausewayModel

/// A creation, or a restoration from the recycle bin, that an earlier run sent and had no answer for: there may be an Entra object now
/// that nothing is linked to.
package struct PendingCreate: Sendable {
    package let run: RunID
    package let action: Action
    package let sent: Timestamp
}

extension Transaction {
    private static let unanswered =
        "status = 'sent' AND run_id IN (SELECT id FROM runs WHERE provider_id = ? AND id <> ?)"

    private static let pending = "verb IN ('create', 'restore')"

    /// Settles what earlier runs sent and never heard of again, but for arrivals, which are to be looked for. Nobody knows whether it
    /// was carried out, so what we wrote to those objects before counts no more than what Graph tells.
    ///
    /// - Returns: how many actions that were.
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
            message: "The answer was lost; the next run looked at the tenant and went on from there."
        )
        return try execute(
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
        // If it was done, it was we who did it; if not, the mark does no harm to an account that is enabled.
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
