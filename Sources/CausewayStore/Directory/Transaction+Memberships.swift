package import CausewayModel

/// A user's own membership of a group.
package struct DirectMembership: Hashable, Sendable {
    package let user: UserID
    package let group: GroupID

    package init(_ user: UserID, of group: GroupID) { (self.user, self.group) = (user, group) }
}

extension Transaction {
    /// Makes a user a direct member of a group, with a journal entry.
    ///
    /// - Returns: false if it was a member already.
    @discardableResult
    package func addMember(_ user: UserID, to group: GroupID) throws -> Bool {
        try !addMembers([DirectMembership(user, of: group)]).isEmpty
    }

    /// Makes users direct members of groups, each with a journal entry.
    ///
    /// - Returns: the memberships that are new.
    @discardableResult
    package func addMembers(_ memberships: [DirectMembership]) throws -> [DirectMembership] {
        let added = try allOfEach(
            "INSERT INTO memberships (group_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING user_id",
            memberships.map { [SQLValue($0.group), SQLValue($0.user)] }
        ) { _ in true }
        let new = zip(memberships, added).filter { !$1.isEmpty }.map(\.0)
        for membership in new {
            try journal(ObjectReference(membership.group), .members, member: ObjectReference(membership.user))
        }
        return new
    }

    /// Ends a direct membership, with a journal entry.
    ///
    /// - Returns: false if it was not a member.
    @discardableResult
    package func removeMember(_ user: UserID, from group: GroupID) throws -> Bool {
        let removed = try executeAndCount(
            "DELETE FROM memberships WHERE group_id = ? AND user_id = ?",
            SQLValue(group),
            SQLValue(user)
        )
        if removed > 0 { try journal(ObjectReference(group), .members, member: ObjectReference(user)) }
        return removed > 0
    }

    /// Adds a group to another, with a journal entry for the outer group.
    ///
    /// - Returns: false if it was a member already.
    /// - Throws: ``ValidationError`` if the groups would contain each other.
    @discardableResult
    package func addParent(_ parent: GroupID, to child: GroupID) throws -> Bool {
        let isBelow = try exists(
            "SELECT 1 FROM (\(Self.groupAndBelow)) t WHERE t.id = ?",
            SQLValue(child),
            SQLValue(parent)
        )
        guard !isBelow else {
            let name = try group(parent)?.name ?? parent.text
            throw ValidationError(
                "parents",
                "'\(name)' is this group itself or lies within it; a group cannot contain itself."
            )
        }
        let added = try executeAndCount(
            "INSERT INTO group_parents (child_id, parent_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            SQLValue(child),
            SQLValue(parent)
        )
        if added > 0 { try journal(ObjectReference(parent), .members, member: ObjectReference(child)) }
        return added > 0
    }

    /// Removes a group from another, with a journal entry for the outer group.
    ///
    /// - Returns: false if it was not a member.
    @discardableResult
    package func removeParent(_ parent: GroupID, from child: GroupID) throws -> Bool {
        let removed = try executeAndCount(
            "DELETE FROM group_parents WHERE child_id = ? AND parent_id = ?",
            SQLValue(child),
            SQLValue(parent)
        )
        if removed > 0 { try journal(ObjectReference(parent), .members, member: ObjectReference(child)) }
        return removed > 0
    }

    /// The groups that a group is directly in.
    package func parents(of group: GroupID) throws -> [GroupID] {
        try all("SELECT parent_id FROM group_parents WHERE child_id = ? ORDER BY parent_id", SQLValue(group)) {
            try $0.id("parent_id")
        }
    }

    /// The groups that a group is in, directly or through others, without itself.
    package func ancestors(of group: GroupID) throws -> [GroupID] {
        try all(
            """
            WITH RECURSIVE above (id) AS (
                SELECT parent_id FROM group_parents WHERE child_id = ?
                UNION SELECT p.parent_id FROM group_parents p JOIN above a ON p.child_id = a.id
            ) SELECT id FROM above ORDER BY id
            """,
            SQLValue(group)
        ) { try $0.id("id") }
    }

    /// The groups that a user is directly in.
    package func groups(of user: UserID) throws -> [GroupID] {
        try all("SELECT group_id FROM memberships WHERE user_id = ? ORDER BY group_id", SQLValue(user)) {
            try $0.id("group_id")
        }
    }

    /// The groups directly in a group.
    package func children(of group: GroupID) throws -> [GroupID] {
        try all("SELECT child_id FROM group_parents WHERE parent_id = ? ORDER BY child_id", SQLValue(group)) {
            try $0.id("child_id")
        }
    }

    /// Every child and parent pair, for ordering groups leaf first.
    package func groupNesting() throws -> [(child: GroupID, parent: GroupID)] {
        try all("SELECT child_id, parent_id FROM group_parents") { (try $0.id("child_id"), try $0.id("parent_id")) }
    }

    /// Users in a group, or in one below it.
    package func users(inside group: GroupID, limit: Int) throws -> [UserID] {
        try all(
            "SELECT DISTINCT user_id FROM memberships WHERE group_id IN (\(Self.groupAndBelow)) LIMIT ?",
            SQLValue(group),
            .integer(Int64(limit))
        ) { try $0.id("user_id") }
    }

    /// The users directly in a group who have neither an e-mail address nor an attribute. If they administer Causeway, they are out of
    /// every scope.
    package func membersWithoutDetails(of group: GroupID) throws -> [UserID] {
        try all(
            """
            SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE m.group_id = ? AND \(Self.hasNoDetails)
            """,
            SQLValue(group)
        ) { try $0.id("user_id") }
    }

    /// Those of some users who have neither an e-mail address nor an attribute.
    package func usersWithoutDetails(among users: Set<UserID>) throws -> [UserID] {
        let found = try rows("SELECT u.id FROM users u WHERE \(Self.hasNoDetails) AND u.id", in: Array(users)) {
            SQLValue($0)
        } as: {
            (try $0.id("id") as UserID, true)
        }
        return Array(found.keys)
    }

    /// The users directly in a group, in the order of their keys.
    package func members(of group: GroupID) throws -> [UserID] {
        try all("SELECT user_id FROM memberships WHERE group_id = ? ORDER BY user_id", SQLValue(group)) {
            try $0.id("user_id")
        }
    }

    /// A page of the users directly in a group, in the order of their keys.
    ///
    /// - Parameter last: the key before the page; nil for the first page.
    package func memberNames(of group: GroupID, after last: UserID?, limit: Int) throws
        -> [(user: UserID, username: String)]
    {
        try all(
            """
            SELECT u.id, u.username FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE m.group_id = ? AND m.user_id > ? ORDER BY m.user_id LIMIT ?
            """,
            SQLValue(group),
            SQLValue(last ?? UserID(0)),
            .integer(Int64(limit))
        ) { (try $0.id("id"), try $0.text("username")) }
    }

    /// Whether a user is in a group, or in any group below it.
    package func isMember(_ user: UserID, ofOrBelow group: GroupID) throws -> Bool {
        try exists(
            "SELECT 1 FROM memberships WHERE user_id = ? AND group_id IN (\(Self.groupAndBelow))",
            SQLValue(user),
            SQLValue(group)
        )
    }

    /// The groups that each of some users is directly in, by user key; users in no group are absent, and there may be others.
    package func groups(ofUsers users: [UserID]) throws -> [UserID: [Group]] {
        var groups: [UserID: [Group]] = [:]
        for range in KeyRange.covering(users.map(\.rawValue)) {
            try connection.query(
                """
                SELECT \(Self.groupColumns), m.user_id FROM memberships m JOIN groups g ON g.id = m.group_id
                WHERE m.user_id BETWEEN ? AND ? ORDER BY m.user_id, g.name
                """,
                [.integer(range.first), .integer(range.last)]
            ) { row in
                groups[try row.id("user_id"), default: []].append(try Self.group(row))
            }
        }
        return groups
    }

    /// The number of direct memberships of users and nested groups.
    package func membershipCount() throws -> Int {
        try count("SELECT (SELECT COUNT(*) FROM memberships) + (SELECT COUNT(*) FROM group_parents) AS count")
    }
}
