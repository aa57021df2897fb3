package import CausewayModel

extension Transaction {
    /// The groups that are known to have exactly the members of the directory, found by counting.
    ///
    /// Each linked object has one Entra id; so if every member of the directory is among the known ones, and the
    /// numbers are equal, they are the same. That takes one look-up per member, while the two differences
    /// take several; most groups of most syncs need no more.
    ///
    /// - Parameter groups: with the Entra ids that they have or get.
    /// - Returns: without those for which counting is not enough: with groups below that are flattened, or with members without a link.
    package func groupsKnownToHaveTheirMembers(
        _ groups: [GroupID: EntraObjectID],
        provider: EntraProvider
    ) throws -> Set<GroupID> {
        guard !groups.isEmpty else { return [] }
        let (list, provider, keepsNesting) = (PairList(groups), SQLValue(provider.id), provider.nestedGroups == .keep)
        var known: Set<GroupID> = []
        try connection.query(
            """
            \(list.sql) SELECT p.id,
                (SELECT count(*) FROM memberships m WHERE m.group_id = p.id) AS users,
                (SELECT count(*) FROM group_parents m WHERE m.parent_id = p.id) AS below,
                \(Self.found("memberships m", "c.user_id = m.user_id AND m.group_id")) AS found_users,
                \(Self.found("group_parents m", "c.group_id = m.child_id AND m.parent_id")) AS found_below,
                (SELECT count(*) FROM mirror_members k
                    WHERE k.provider_id = ? AND k.group_entra_id = p.entra_id AND k.is_member) AS known
            FROM pairs p WHERE p.id IS NOT NULL
            """,
            list.arguments + Array(repeating: provider, count: 5)
        ) { row in
            let users = try row.int("users")
            let below = try row.int("below")
            guard try row.int("found_users") == users, try row.int("found_below") == below else { return }
            guard below == 0 || keepsNesting, try row.int("known") == users + below else { return }
            known.insert(try row.id("id"))
        }
        return known
    }

    /// How many members in the directory are known to be in the Entra group. The cross joins make SQLite begin with the group.
    private static func found(_ members: String, _ isLinkedMember: String) -> String {
        """
        (SELECT count(*) FROM \(members) CROSS JOIN links c CROSS JOIN mirror_members k
                WHERE c.provider_id = ? AND \(isLinkedMember) = p.id AND k.provider_id = ? AND k.group_entra_id = p.entra_id
                    AND k.member_entra_id = c.entra_id AND k.is_member)
        """
    }
}

/// Groups with their Entra ids, as a table `pairs` of a statement, filled up as an ``SQLList`` is.
private struct PairList {
    let sql: String
    let arguments: [SQLValue]

    init(_ groups: [GroupID: EntraObjectID]) {
        let pairs = groups.map { [SQLValue($0.key), SQLValue($0.value)] }
        let size = SQLList.size(for: pairs.count)
        let rows = Array(repeating: "(?, ?)", count: size).joined(separator: ", ")
        sql = "WITH pairs (id, entra_id) AS (VALUES \(rows))"
        arguments = pairs.flatMap { $0 } + Array(repeating: [.null, .null], count: size - pairs.count).flatMap { $0 }
    }
}
