package import CausewayModel
import Foundation

/// The filter of a list of groups; what is nil or empty filters nothing.
package struct GroupFilter: Sendable {
    /// Words that must be found in the name.
    package var terms: [String] = []
    package var name: String?
    package var isSuperuser: Bool?
    /// Groups that have any of these as direct members.
    package var members: [UserID] = []
    package var memberNames: [String] = []
    package var attributes: [AttributeCondition] = []

    package init() {}
}

extension Transaction {
    private static let groupFields = ["pk": "g.id", "name": "g.name", "is_superuser": "g.is_superuser"]

    /// A page of groups.
    package func groupPage(_ filter: GroupFilter, _ slice: ListSlice) throws -> ListPage<Group> {
        try page(
            groupQuery(filter),
            slice,
            of: .directory,
            key: { try $0.id("key") as GroupID },
            rows: { keys in
                let groups = try groups(ids: keys)
                return keys.compactMap { groups[$0] }
            },
            where: filter.attributes.isEmpty ? nil : { filter.attributes.match($0.attributes) }
        )
    }

    /// Everything of a filter except its conditions on attributes.
    func groupQuery(_ filter: GroupFilter) -> ListQuery {
        var query = ListQuery("groups g", key: "g.id", fields: Self.groupFields, standard: .ascending("g.name"))
        query.add(filter.terms, in: ["g.name"])
        if let name = filter.name { query.add("g.name = ?", .text(name)) }
        if let isSuperuser = filter.isSuperuser { query.add("g.is_superuser = ?", .bool(isSuperuser)) }
        if !filter.members.isEmpty {
            let list = SQLList(filter.members.map { SQLValue($0) })
            query.add(list, "g.id IN (SELECT m.group_id FROM memberships m WHERE m.user_id IN \(list.sql))")
        }
        if !filter.memberNames.isEmpty {
            let list = SQLList(filter.memberNames.map { .text($0) })
            query.add(
                list,
                "g.id IN (SELECT m.group_id FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.username IN \(list.sql))"
            )
        }
        return query
    }

    /// Groups by their keys.
    package func groups(ids: [GroupID]) throws -> [GroupID: Group] {
        guard !ids.isEmpty else { return [:] }
        let list = SQLList(ids.map { SQLValue($0) })
        var found: [GroupID: Group] = [:]
        try connection.query("SELECT \(Self.groupColumns) FROM groups g WHERE g.id IN \(list.sql)", list.arguments) {
            row in
            let group = try Self.group(row)
            found[group.id] = group
        }
        return found
    }

    /// The groups that users are directly in.
    static func groupsQuery(of users: [UserID]) -> RowQuery<[UserID: [GroupID]]> {
        let sql = "SELECT user_id, group_id FROM memberships WHERE user_id IN"
        return RowQuery(of: users, sql, "ORDER BY user_id, group_id", start: [:]) {
            $0[try $1.id("user_id"), default: []].append(try $1.id("group_id"))
        }
    }

    /// The direct members of groups.
    package func memberIDs(of groups: [GroupID]) throws -> [GroupID: [UserID]] {
        guard !groups.isEmpty else { return [:] }
        let list = SQLList(groups.map { SQLValue($0) })
        var found: [GroupID: [UserID]] = [:]
        try connection.query(
            "SELECT group_id, user_id FROM memberships WHERE group_id IN \(list.sql) ORDER BY group_id, user_id",
            list.arguments
        ) { found[try $0.id("group_id"), default: []].append(try $0.id("user_id")) }
        return found
    }

    /// The parents of groups.
    package func parents(of groups: [GroupID]) throws -> [GroupID: [GroupID]] {
        try related("child_id", "parent_id", groups)
    }

    /// The children of groups.
    package func children(of groups: [GroupID]) throws -> [GroupID: [GroupID]] {
        try related("parent_id", "child_id", groups)
    }

    private func related(_ from: String, _ to: String, _ groups: [GroupID]) throws -> [GroupID: [GroupID]] {
        guard !groups.isEmpty else { return [:] }
        let list = SQLList(groups.map { SQLValue($0) })
        var found: [GroupID: [GroupID]] = [:]
        try connection.query(
            "SELECT \(from) AS near, \(to) AS far FROM group_parents WHERE \(from) IN \(list.sql) ORDER BY \(from), \(to)",
            list.arguments
        ) { found[try $0.id("near"), default: []].append(try $0.id("far")) }
        return found
    }
}
