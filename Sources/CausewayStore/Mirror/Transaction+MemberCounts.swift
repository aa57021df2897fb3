package import CausewayModel

extension Transaction {
    /// Whether a group is known to have all its members of the directory and nobody else, told by counting.
    ///
    /// Each linked object has one Entra id of its own; so where every member of the directory is among the known ones, and there
    /// are as many of the one as of the other, they are the same. That takes one look at each member, where the two differences
    /// take several; most groups of most syncs need no more.
    ///
    /// - Returns: false also where counting cannot tell: with groups below that are flattened, or with members without a link.
    package func isKnownToHaveItsMembers(_ group: GroupID, at entraID: EntraObjectID, provider: EntraProvider) throws
        -> Bool
    {
        var members = 0
        for kind in ObjectKind.allCases {
            let (all, found) = try knownMembers(kind, of: group, at: entraID, provider: provider.id)
            guard found == all, all == 0 || kind == .user || provider.nestedGroups == .keep else { return false }
            members += all
        }
        return try members
            == count(
                "SELECT count(*) FROM mirror_members WHERE provider_id = ? AND group_entra_id = ? AND is_member",
                SQLValue(provider.id),
                SQLValue(entraID)
            )
    }

    /// How many members of a kind a group has in the directory, and how many of them are known to be in its Entra group.
    private func knownMembers(_ kind: ObjectKind, of group: GroupID, at entraID: EntraObjectID, provider: ProviderID)
        throws -> (all: Int, found: Int)
    {
        let members =
            kind == .user
            ? "(SELECT user_id AS id FROM memberships WHERE group_id = ?) m"
            : "(SELECT child_id AS id FROM group_parents WHERE parent_id = ?) m"
        var counts = (all: 0, found: 0)
        try connection.query(
            """
            SELECT count(*), count(k.member_entra_id) FROM \(members)
            LEFT JOIN connections c ON c.provider_id = ? AND c.\(kind.rawValue)_id = m.id
            LEFT JOIN mirror_members k ON k.provider_id = ? AND k.group_entra_id = ?
                AND k.member_entra_id = c.entra_id AND k.is_member
            """,
            [SQLValue(group), SQLValue(provider), SQLValue(provider), SQLValue(entraID)]
        ) { row in counts = (Int(try row.requiredInteger(0)), Int(try row.requiredInteger(1))) }
        return counts
    }
}
