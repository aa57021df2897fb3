package import CausewayModel

extension Transaction {
    /// A page of the groups that contain groups and are in none, by name.
    package func treeRoots(_ slice: ListSlice) throws -> ListPage<Group> {
        var query = ListQuery("groups g", key: "g.id", fields: ["name": "g.name"], standard: .ascending("g.name"))
        query.add("EXISTS (SELECT 1 FROM group_parents p WHERE p.parent_id = g.id)")
        query.add("NOT EXISTS (SELECT 1 FROM group_parents p WHERE p.child_id = g.id)")
        return try page(
            query,
            slice,
            key: { try $0.id("key") as GroupID },
            rows: { keys in
                let groups = try groups(ids: keys)
                return keys.compactMap { groups[$0] }
            }
        )
    }

    /// How many users each of some groups has as direct members; groups without members are left out.
    package func memberCounts(of groups: [GroupID]) throws -> [GroupID: Int] {
        guard !groups.isEmpty else { return [:] }
        let list = SQLList(groups.map { SQLValue($0) })
        var counts: [GroupID: Int] = [:]
        try connection.query(
            "SELECT group_id, COUNT(*) AS count FROM memberships WHERE group_id IN \(list.sql) GROUP BY group_id",
            list.arguments
        ) { counts[try $0.id("group_id")] = try $0.int("count") }
        return counts
    }

    /// How many active users are in a group or below it, and how many of them are no administrators of Causeway.
    package func reach(of group: GroupID) throws -> (members: Int, newAdministrators: Int) {
        let below = "SELECT m.user_id FROM memberships m WHERE m.group_id IN (\(Self.groupAndBelow))"
        let members = try count(
            "SELECT COUNT(*) AS count FROM users u WHERE u.is_active AND u.id IN (\(below))",
            SQLValue(group)
        )
        let new = try count(
            """
            SELECT COUNT(*) AS count FROM users u WHERE u.is_active AND u.id IN (\(below))
                AND u.id NOT IN (SELECT r.user_id FROM user_roles r WHERE r.role = 'administrator')
                AND u.id NOT IN (
                    \(Self.superuserGroups)
                    SELECT m.user_id FROM memberships m JOIN super s ON s.id = m.group_id
                )
            """,
            SQLValue(group)
        )
        return (members, new)
    }

    /// Whether the members of a group are administrators of Causeway: it is a superuser group, or below one.
    package func makesAdministrators(_ group: GroupID) throws -> Bool {
        try count("\(Self.superuserGroups) SELECT COUNT(*) AS count FROM super WHERE id = ?", SQLValue(group)) > 0
    }
}
