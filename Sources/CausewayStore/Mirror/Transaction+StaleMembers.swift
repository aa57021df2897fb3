package import CausewayModel

// What is known of a group's members is in doubt where something that we were told contradicts what we wrote.

extension Transaction {
    /// Linked groups whose members must be read before anything can be said of them: never read yet, or in doubt for long enough.
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

    /// Lets what we wrote about members of a group count no more, since nobody knows what became of the last write, and has them
    /// read at once.
    package func invalidate(members: [EntraObjectID], of group: EntraObjectID, provider: ProviderID) throws {
        for member in members {
            let isMember = try isKnownMember(member, of: group, provider: provider)
            // Without the time of a write, one who is no member is nothing to be kept.
            try save(member, of: group, false, written: nil, 0, provider)
            if isMember { try save(member, of: group, true, written: nil, 0, provider) }
        }
        try execute(
            "UPDATE links SET members_stale_since_ms = ? WHERE provider_id = ? AND entra_id = ?",
            SQLValue(Timestamp.alwaysStale),
            SQLValue(provider),
            SQLValue(group)
        )
    }

    /// Linked groups about whose members there is a doubt that is so old.
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

    /// Notes that what is known of a group's members is in doubt.
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

    /// Ends the doubt about the members of a group that was read.
    package func clearStaleMembers(of group: EntraObjectID, provider: ProviderID) throws {
        try execute(
            "UPDATE links SET members_stale_since_ms = NULL WHERE provider_id = ? AND entra_id = ?",
            SQLValue(provider),
            SQLValue(group)
        )
    }
}
