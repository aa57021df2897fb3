package import CausewayModel

extension Transaction {
    /// The members that a group is known to have in Entra.
    package func knownMembers(of group: EntraObjectID, provider: ProviderID) throws -> Set<EntraObjectID> {
        Set(
            try all(
                "SELECT member_entra_id FROM known_members WHERE provider_id = ? AND group_entra_id = ?",
                SQLValue(provider),
                SQLValue(group)
            ) { EntraObjectID(try $0.requiredText(0)) }
        )
    }

    /// Brings the known members of a group to what a listing showed; only differences are written.
    package func replaceKnownMembers(of group: EntraObjectID, with members: Set<EntraObjectID>, provider: ProviderID)
        throws
    {
        let present = try knownMembers(of: group, provider: provider)
        try addKnownMembers(members.subtracting(present), to: group, provider: provider)
        try removeKnownMembers(present.subtracting(members), from: group, provider: provider)
    }

    /// Notes members that were added in Entra.
    package func addKnownMembers(
        _ members: some Sequence<EntraObjectID>,
        to group: EntraObjectID,
        provider: ProviderID
    ) throws {
        for member in members {
            try execute(
                """
                INSERT INTO known_members (provider_id, group_entra_id, member_entra_id) VALUES (?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
                SQLValue(provider),
                SQLValue(group),
                SQLValue(member)
            )
        }
    }

    /// Notes members that were removed in Entra.
    package func removeKnownMembers(
        _ members: some Sequence<EntraObjectID>,
        from group: EntraObjectID,
        provider: ProviderID
    ) throws {
        for member in members {
            try execute(
                "DELETE FROM known_members WHERE provider_id = ? AND group_entra_id = ? AND member_entra_id = ?",
                SQLValue(provider),
                SQLValue(group),
                SQLValue(member)
            )
        }
    }

    /// Forgets the members of a group that is gone.
    package func deleteKnownMembers(of group: EntraObjectID, provider: ProviderID) throws {
        try execute(
            "DELETE FROM known_members WHERE provider_id = ? AND group_entra_id = ?",
            SQLValue(provider),
            SQLValue(group)
        )
    }

    /// The Entra ids that the members of a group should have there: its linked direct users and, where groups stay nested,
    /// its linked child groups.
    ///
    /// - Parameter flattened: whether members of groups below count as members, instead of the groups.
    package func desiredMembers(
        of group: GroupID,
        provider: ProviderID,
        flattened: Bool
    ) throws -> [(member: ObjectReference, entraID: EntraObjectID?)] {
        let groups = flattened ? Self.groupAndBelow : "SELECT ? AS id"
        var members = try all(
            """
            SELECT DISTINCT m.user_id, c.entra_id FROM memberships m
            LEFT JOIN connections c ON c.user_id = m.user_id AND c.provider_id = ?
            WHERE m.group_id IN (\(groups)) ORDER BY m.user_id
            """,
            SQLValue(provider),
            SQLValue(group)
        ) { (ObjectReference(UserID(try $0.requiredInteger(0))), $0.text(1).map { EntraObjectID($0) }) }
        guard !flattened else { return members }
        members += try all(
            """
            SELECT p.child_id, c.entra_id FROM group_parents p
            LEFT JOIN connections c ON c.group_id = p.child_id AND c.provider_id = ?
            WHERE p.parent_id = ? ORDER BY p.child_id
            """,
            SQLValue(provider),
            SQLValue(group)
        ) { (ObjectReference(try $0.uuid(0) as GroupID), $0.text(1).map { EntraObjectID($0) }) }
        return members
    }
}
