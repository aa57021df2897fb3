package import CausewayModel

/// A member that a group should have and that the mirror does not show there.
package struct MissingMember: Hashable, Sendable {
    package let member: ObjectReference
    /// Its Entra id; nil if it has no link, or if its Entra object is gone.
    package let entraID: EntraObjectID?
}

/// A member that the mirror shows in a group and that the directory does not have there.
package struct ExtraMember: Hashable, Sendable {
    package let entraID: EntraObjectID
    /// Whether it is linked to an object of the directory, perhaps a deleted one.
    package let isOurs: Bool
    /// Whether it is in the recycle bin: Graph shows the membership again when it is restored.
    package let isDeleted: Bool

    package init(entraID: EntraObjectID, isOurs: Bool, isDeleted: Bool = false) {
        (self.entraID, self.isOurs, self.isDeleted) = (entraID, isOurs, isDeleted)
    }
}

/// Which members of a group are compared.
package enum MemberSelection: Hashable, Sendable {
    case all
    case only(Set<ObjectReference>)
}

// SQL computes both differences in pages: a group of 100,000 is never in memory.

extension Transaction {
    /// The Entra id of a link, unless its Entra object is gone.
    private static let presentID = """
        (SELECT o.entra_id FROM mirror_objects o WHERE o.provider_id = c.provider_id AND o.entra_id = c.entra_id
            AND o.presence = 'present') AS present_id
        """

    /// Users in scope that should be members of a group and are not known to be, in the order of their keys.
    ///
    /// - Parameters:
    ///   - entraID: the group in Entra; nil if it is still to be created, and all members are missing.
    ///   - some: only these; nil for all.
    ///   - last: the key before the page.
    package func missingUsers(
        in group: GroupID,
        at entraID: EntraObjectID?,
        provider: EntraProvider,
        among some: [UserID]? = nil,
        after last: UserID?,
        limit: Int
    ) throws -> [MissingMember] {
        let scope = memberScope(of: provider)
        let groups = provider.nestedGroups == .flatten ? "IN (\(Self.groupAndBelow))" : "= ?"
        let list = some.map { SQLList($0.map { SQLValue($0) }) }
        let users = scope.isEmpty ? "" : "JOIN users u ON u.id = m.user_id"
        let only = list.map { " AND m.user_id IN \($0.sql)" } ?? ""
        return try all(
            """
            SELECT DISTINCT m.user_id, \(Self.presentID) FROM memberships m \(users)
            LEFT JOIN links c ON c.provider_id = ? AND c.user_id = m.user_id
            LEFT JOIN mirror_members k ON k.provider_id = ? AND k.group_entra_id = ?
                AND k.member_entra_id = c.entra_id AND k.is_member
            WHERE m.group_id \(groups) AND m.user_id > ?\(only) AND k.member_entra_id IS NULL AND \(scope.sql)
            ORDER BY m.user_id LIMIT ?
            """,
            [
                SQLValue(provider.id), SQLValue(provider.id), .text(entraID?.rawValue ?? ""), SQLValue(group),
                .integer(last?.rawValue ?? 0),
            ] + (list?.arguments ?? []) + scope.arguments + [.integer(Int64(limit))]
        ) {
            MissingMember(
                member: ObjectReference(try $0.id("user_id") as UserID),
                entraID: try $0.id(orNil: "present_id")
            )
        }
    }

    /// The linked groups that a linked user is in and that are not known to have its account. The cross joins make SQLite begin with the
    /// user's own groups, however many links the provider has.
    package func groupsWithout(_ user: UserID, provider: EntraProvider) throws -> [GroupID] {
        let above = "UNION SELECT p.parent_id FROM group_parents p JOIN own o ON p.child_id = o.id"
        return try all(
            """
            WITH RECURSIVE own (id) AS (
                SELECT group_id FROM memberships WHERE user_id = ? \(provider.nestedGroups == .flatten ? above : "")
            )
            SELECT own.id FROM own CROSS JOIN links g CROSS JOIN links c
            LEFT JOIN mirror_members k ON k.provider_id = ? AND k.group_entra_id = g.entra_id
                AND k.member_entra_id = c.entra_id AND k.is_member
            WHERE g.provider_id = ? AND g.group_id = own.id AND c.provider_id = ? AND c.user_id = ?
                AND k.member_entra_id IS NULL
            """,
            SQLValue(user),
            SQLValue(provider.id),
            SQLValue(provider.id),
            SQLValue(provider.id),
            SQLValue(user)
        ) { try $0.id("id") }
    }

    /// The linked groups that are known to have a member.
    package func groups(withMember member: EntraObjectID, provider: ProviderID) throws -> [GroupID] {
        try all(
            """
            SELECT g.group_id FROM links g CROSS JOIN mirror_members k
            WHERE g.provider_id = ? AND g.object_kind = 'group' AND g.group_id IS NOT NULL AND k.provider_id = ?
                AND k.group_entra_id = g.entra_id AND k.member_entra_id = ? AND k.is_member
            """,
            SQLValue(provider),
            SQLValue(provider),
            SQLValue(member)
        ) { try $0.id("group_id") }
    }

    /// Groups in scope that should be members of a group and are not known to be.
    package func missingGroups(in group: GroupID, at entraID: EntraObjectID?, provider: EntraProvider) throws
        -> [MissingMember]
    {
        guard provider.nestedGroups == .keep else { return [] }
        let scope = scope(of: provider, kind: .group)
        return try all(
            """
            SELECT p.child_id, \(Self.presentID) FROM group_parents p JOIN groups g ON g.id = p.child_id
            LEFT JOIN links c ON c.provider_id = ? AND c.group_id = p.child_id
            LEFT JOIN mirror_members k ON k.provider_id = ? AND k.group_entra_id = ?
                AND k.member_entra_id = c.entra_id AND k.is_member
            WHERE p.parent_id = ? AND k.member_entra_id IS NULL AND \(scope.sql) ORDER BY p.child_id
            """,
            [SQLValue(provider.id), SQLValue(provider.id), .text(entraID?.rawValue ?? ""), SQLValue(group)]
                + scope.arguments
        ) {
            MissingMember(
                member: ObjectReference(try $0.id("child_id") as GroupID),
                entraID: try $0.id(orNil: "present_id")
            )
        }
    }

    /// Members that a group is known to have and that the directory does not have in it, in the order of their Entra ids. A member
    /// of the directory that is out of scope is not among them: its own deprovisioning is planned elsewhere, and if that leaves
    /// the account alone, it still counts as a member.
    ///
    /// - Parameters:
    ///   - members: only these; nil for all.
    ///   - last: the id before the page.
    package func extraMembers(
        of group: GroupID,
        at entraID: EntraObjectID,
        provider: EntraProvider,
        among members: [EntraObjectID]? = nil,
        after last: EntraObjectID?,
        limit: Int
    ) throws -> [ExtraMember] {
        let isFlat = provider.nestedGroups == .flatten
        let groups = isFlat ? "IN (\(Self.groupAndBelow))" : "= ?"
        let nested = """
            OR EXISTS (SELECT 1 FROM group_parents p WHERE p.parent_id = ? AND p.child_id = \(Self.owner(of: .group)))
            """
        let some = members.map { _ in " AND k.member_entra_id = ?" } ?? ""
        var extra: [ExtraMember] = []
        for member in members.map({ $0.map(Optional.some) }) ?? [nil] {
            try connection.query(
                """
                SELECT k.member_entra_id, c.entra_id IS NOT NULL AS is_ours,
                    EXISTS (SELECT 1 FROM mirror_objects o WHERE o.provider_id = k.provider_id
                        AND o.entra_id = k.member_entra_id AND o.presence = 'deleted') AS is_deleted
                FROM mirror_members k
                LEFT JOIN links c ON c.provider_id = k.provider_id AND c.entra_id = k.member_entra_id
                WHERE k.provider_id = ? AND k.group_entra_id = ? AND k.is_member AND k.member_entra_id > ?\(some) AND NOT (
                    EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = \(Self.owner(of: .user)) AND m.group_id \(groups))
                    \(isFlat ? "" : nested))
                ORDER BY k.member_entra_id LIMIT ?
                """,
                [SQLValue(provider.id), SQLValue(entraID), .text(last?.rawValue ?? "")]
                    + (member.map { [SQLValue($0)] } ?? []) + [SQLValue(group)] + (isFlat ? [] : [SQLValue(group)])
                    + [.integer(Int64(limit))]
            ) { row in
                extra.append(
                    ExtraMember(
                        entraID: try row.id("member_entra_id"),
                        isOurs: try row.bool("is_ours"),
                        isDeleted: try row.bool("is_deleted")
                    )
                )
            }
        }
        return extra
    }

    /// The local object of a link `c` or, if there is none, the former owner of the member `k`. Few members have no link, so
    /// the mirror is read only for those.
    private static func owner(of kind: ObjectKind) -> String {
        let former = kind == .user ? "CAST(o.former_object_id AS BIGINT)" : "o.former_object_id"
        return """
            CASE WHEN c.entra_id IS NOT NULL THEN c.\(kind.rawValue)_id ELSE (
                SELECT \(former) FROM mirror_objects o WHERE o.provider_id = k.provider_id
                    AND o.entra_id = k.member_entra_id AND o.object_kind = '\(kind.rawValue)') END
            """
    }

    /// Whether the directory has an object in a group, or, if groups are flattened, in one below it.
    package func isMember(_ object: ObjectReference, of group: GroupID, provider: EntraProvider) throws -> Bool {
        if let user = object.user {
            if provider.nestedGroups == .flatten { return try isMember(user, ofOrBelow: group) }
            return try exists(
                "SELECT 1 FROM memberships WHERE user_id = ? AND group_id = ?",
                SQLValue(user),
                SQLValue(group)
            )
        }
        guard provider.nestedGroups == .keep else { return false }
        return try exists(
            "SELECT 1 FROM group_parents WHERE child_id = ? AND parent_id = ?",
            .text(object.id),
            SQLValue(group)
        )
    }

    /// The Entra ids of everything that is linked and that a group should contain, in scope or not; for comparisons.
    package func desiredMembers(of group: GroupID, provider: EntraProvider) throws -> Set<EntraObjectID> {
        let groups = provider.nestedGroups == .flatten ? "IN (\(Self.groupAndBelow))" : "= ?"
        let users: [EntraObjectID] = try all(
            """
            SELECT DISTINCT c.entra_id FROM memberships m JOIN links c ON c.provider_id = ? AND c.user_id = m.user_id
            WHERE m.group_id \(groups)
            """,
            SQLValue(provider.id),
            SQLValue(group)
        ) { try $0.id("entra_id") }
        guard provider.nestedGroups == .keep else { return Set(users) }
        let nested: [EntraObjectID] = try all(
            """
            SELECT c.entra_id FROM group_parents p JOIN links c ON c.provider_id = ? AND c.group_id = p.child_id
            WHERE p.parent_id = ?
            """,
            SQLValue(provider.id),
            SQLValue(group)
        ) { try $0.id("entra_id") }
        return Set(users + nested)
    }
}
