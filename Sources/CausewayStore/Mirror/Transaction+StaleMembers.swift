package import CausewayModel

// The known members of a group are stale if a report contradicts Causeway's own writes.

extension Transaction {
    /// Linked groups whose members must be read before planning: never read yet, or stale for long enough.
    package func groupsToReread(
        among groups: [EntraObjectID],
        staleBefore limit: Timestamp,
        provider: ProviderID
    ) throws -> [EntraObjectID] {
        guard !groups.isEmpty else { return [] }
        let list = SQLList(groups.map { SQLValue($0) })
        let found: Set<EntraObjectID> = Set(
            try all(
                """
                SELECT entra_id FROM links WHERE provider_id = ? AND entra_id IN \(list.sql)
                    AND (NOT members_known OR members_stale_since_ms <= ?)
                """,
                [SQLValue(provider)] + list.arguments + [SQLValue(limit)]
            ) { try $0.id("entra_id") }
        )
        return groups.filter(found.contains)
    }

    /// Drops Causeway's own writes about members of a group, because the result of the last one is unknown, and forces a
    /// read.
    package func invalidate(members: [EntraObjectID], of group: EntraObjectID, provider: ProviderID) throws {
        for member in members {
            let isMember = try isKnownMember(member, of: group, provider: provider)
            // Without the time of a write, a removed member need not be stored.
            try forget([member], of: group, provider)
            if isMember { try save([member], of: group, areMembers: true, written: nil, 0, provider) }
        }
        try execute(
            "UPDATE links SET members_stale_since_ms = ? WHERE provider_id = ? AND entra_id = ?",
            SQLValue(Timestamp.alwaysStale),
            SQLValue(provider),
            SQLValue(group)
        )
    }

    /// Linked groups whose members have been stale for that long.
    package func groupsWithStaleMembers(provider: ProviderID, since limit: Timestamp) throws -> [EntraObjectID] {
        try all(
            """
            SELECT entra_id FROM links WHERE provider_id = ? AND object_kind = 'group' AND members_known
                AND members_stale_since_ms <= ? ORDER BY entra_id
            """,
            SQLValue(provider),
            SQLValue(limit)
        ) { try $0.id("entra_id") }
    }

    /// Marks the members of a group as stale.
    package func markMembersStale(of group: EntraObjectID, provider: ProviderID) throws {
        try execute(
            """
            UPDATE links SET members_stale_since_ms = COALESCE(members_stale_since_ms, ?)
            WHERE provider_id = ? AND entra_id = ?
            """,
            SQLValue(now),
            SQLValue(provider),
            SQLValue(group)
        )
    }

    /// Clears the staleness of a group's members after they were read.
    package func clearStaleMembers(of group: EntraObjectID, provider: ProviderID) throws {
        try execute(
            "UPDATE links SET members_stale_since_ms = NULL WHERE provider_id = ? AND entra_id = ?",
            SQLValue(provider),
            SQLValue(group)
        )
    }
}
