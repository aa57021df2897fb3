import CausewayJSON
package import CausewayModel
package import Foundation

/// The filter of a list of users; what is nil or empty filters nothing.
package struct UserFilter: Sendable {
    /// Words that must be found in address, name, key or user name.
    package var terms: [String] = []
    package var username: String?
    package var name: String?
    package var email: String?
    package var uuid: UUID?
    package var isActive: Bool?
    package var types: [UserType] = []
    package var path: String?
    package var pathPrefix: String?
    package var isSuperuser: Bool?
    /// Direct members of any of these.
    package var groups: [GroupID] = []
    package var groupNames: [String] = []
    /// Nil for users with or without a role; an empty list matches no user.
    package var roles: [AccessRole]?
    package var attributes: [AttributeCondition] = []
    package var joined: Timestamp?
    package var joinedAfter: Timestamp?
    package var joinedBefore: Timestamp?
    package var lastUpdated: Timestamp?
    package var lastUpdatedAfter: Timestamp?
    package var lastUpdatedBefore: Timestamp?
    package var lastLogin: Timestamp?
    package var lastLoginAfter: Timestamp?
    package var lastLoginBefore: Timestamp?
    package var lastLoginIsNull: Bool?

    package init() {}

    /// Whether its words are its only filter.
    fileprivate var isEmpty: Bool {
        let texts = [username, name, email, path, pathPrefix]
        return isOfDirectory && texts.allSatisfy { $0 == nil } && uuid == nil && isActive == nil && types.isEmpty
            && groups.isEmpty && groupNames.isEmpty && attributes.isEmpty
    }

    /// Whether only changes that are in the journal make other users match. Sign-ins and roles are not in it.
    fileprivate var isOfDirectory: Bool {
        let times = [
            joined, joinedAfter, joinedBefore, lastUpdated, lastUpdatedAfter, lastUpdatedBefore, lastLogin,
            lastLoginAfter, lastLoginBefore,
        ]
        return times.allSatisfy { $0 == nil } && lastLoginIsNull == nil && isSuperuser == nil && roles == nil
    }
}

extension Transaction {
    private static let userFields = [
        "pk": "u.id", "username": "u.username", "name": "u.name", "email": "u.email_folded", "is_active": "u.is_active",
        "date_joined": "u.joined_at_ms", "last_updated": "u.updated_at_ms", "type": "u.type", "path": "u.path",
        "uuid": "u.uuid", "uid": "u.uid",
        "last_login": "u.last_login_at_ms",
    ]

    /// Lists in the order of these fields have users with equal values in the order of names, as the indexes do.
    private static let grouping: Set = ["is_active", "type", "path"]

    /// A page of users.
    package func userPage(
        _ filter: UserFilter,
        _ slice: ListSlice,
        limits: UserSearchLimits = UserSearchLimits()
    ) throws -> ListPage<User> {
        var query = ListQuery("users u", key: "u.id", fields: Self.userFields, standard: .ascending("u.username"))
        query.add(filter)
        var count: Int?
        if !filter.terms.isEmpty {
            let search = try UserSearch.find(filter.terms, limits, in: self)
            var counted = query
            search.narrow(&counted)
            if filter.attributes.isEmpty { count = try filter.isEmpty ? search.count : counted.count(in: self) }
            search.narrow(&query, offset: slice.offset, connection.dialect)
        }
        return try page(
            query,
            slice.ending(with: "username", after: Self.grouping),
            of: filter.isOfDirectory ? .directory : nil,
            count: count,
            key: { try $0.id("key") as UserID },
            rows: { keys in
                let users = try users(ids: keys)
                return keys.compactMap { users[$0] }
            },
            where: filter.attributes.isEmpty ? nil : { filter.attributes.match($0.attributes) }
        )
    }

    /// Everything of a filter except its conditions on attributes.
    func userQuery(_ filter: UserFilter) throws -> ListQuery {
        var query = ListQuery("users u", key: "u.id", fields: Self.userFields, standard: .ascending("u.username"))
        query.add(filter)
        if !filter.terms.isEmpty { try UserSearch.find(filter.terms, UserSearchLimits(), in: self).narrow(&query) }
        return query
    }

    /// Users by their keys.
    package func users(ids: [UserID]) throws -> [UserID: User] {
        guard !ids.isEmpty else { return [:] }
        let list = SQLList(ids.map { SQLValue($0) })
        var found: [UserID: User] = [:]
        try connection.query("SELECT \(Self.userColumns) FROM users u WHERE u.id IN \(list.sql)", list.arguments) {
            row in
            let user = try Self.user(row)
            found[user.id] = user
        }
        return found
    }

    /// The folders that users are in, by name.
    ///
    /// - Parameter search: part of the name; empty for all.
    package func userPaths(search: String) throws -> [String] {
        try all(
            "SELECT DISTINCT path FROM users WHERE path LIKE ? ESCAPE '\\' ORDER BY path",
            .text(search.patternOfPart)
        ) { try $0.text("path") }
    }
}

extension ListQuery {
    fileprivate mutating func add(_ filter: UserFilter) {
        if let username = filter.username { add("u.username = ?", .text(username)) }
        if let name = filter.name { add("u.name = ?", .text(name)) }
        if let email = filter.email {
            add("u.email_folded = ? AND u.email = ?", .text(email.lowercased()), .text(email))
        }
        if let uuid = filter.uuid { add("u.uuid = ?", .text(uuid.uuidString.lowercased())) }
        if let isActive = filter.isActive { add("u.is_active = ?", .bool(isActive)) }
        if !filter.types.isEmpty { add("u.type", isOneOf: filter.types.map { SQLValue($0) }) }
        if let path = filter.path { add("u.path = ?", .text(path)) }
        if let prefix = filter.pathPrefix { add("u.path LIKE ? ESCAPE '\\'", .text(prefix.escapedForLike + "%")) }
        addGroups(filter)
        addTimes(filter)
    }

    private mutating func addGroups(_ filter: UserFilter) {
        if !filter.groups.isEmpty {
            let list = SQLList(filter.groups.map { SQLValue($0) })
            add(list, "u.id IN (SELECT m.user_id FROM memberships m WHERE m.group_id IN \(list.sql))")
        }
        if !filter.groupNames.isEmpty {
            let list = SQLList(filter.groupNames.map { .text($0) })
            add(
                list,
                "u.id IN (SELECT m.user_id FROM memberships m JOIN groups g ON g.id = m.group_id WHERE g.name IN \(list.sql))"
            )
        }
        if let roles = filter.roles {
            let list = SQLList(roles.map { SQLValue($0) })
            add(list, "u.id IN (SELECT r.user_id FROM user_roles r WHERE r.role IN \(list.sql))")
        }
        if let isSuperuser = filter.isSuperuser {
            add(
                """
                u.id \(isSuperuser ? "IN" : "NOT IN") (
                    \(Transaction.superuserGroups)
                    SELECT m.user_id FROM memberships m JOIN super s ON s.id = m.group_id
                )
                """
            )
        }
    }

    private mutating func addTimes(_ filter: UserFilter) {
        let login = "u.last_login_at_ms"
        let times: [(String, Timestamp?)] = [
            ("u.joined_at_ms = ?", filter.joined), ("u.joined_at_ms > ?", filter.joinedAfter),
            ("u.joined_at_ms < ?", filter.joinedBefore), ("u.updated_at_ms = ?", filter.lastUpdated),
            ("u.updated_at_ms > ?", filter.lastUpdatedAfter), ("u.updated_at_ms < ?", filter.lastUpdatedBefore),
            ("\(login) = ?", filter.lastLogin), ("\(login) > ?", filter.lastLoginAfter),
            ("\(login) < ?", filter.lastLoginBefore),
        ]
        for (sql, time) in times { if let time { add(sql, SQLValue(time)) } }
        if let isNull = filter.lastLoginIsNull { add("\(login) IS \(isNull ? "" : "NOT ")NULL") }
    }
}
