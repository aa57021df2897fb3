import CausewayJSON
package import CausewayModel
import Crypto
package import Foundation

extension User {
    static let table = RecordTable<User>(
        "users",
        UserProfile.fields,
        of: \.profile,
        [
            Column("id", .once) { SQLValue($0.id) },
            Column("uuid", .once) { SQLValue($0.uuid) },
            Column("uid", .once) { .text($0.uid) },
            .derived("email_folded") { .text($0.email.lowercased()) },
            Column("joined_at_ms", .once) { SQLValue($0.dateJoined) },
            Column("updated_at_ms") { SQLValue($0.lastUpdated) },
        ]
    )
}

extension Transaction {
    static let userColumns = User.table.selection("u")

    private static let changeUser = User.table.update(where: "id = ?")

    /// Creates a user, with a journal entry. Names that differ only in blanks around them count as equal.
    ///
    /// - Throws: ``ValidationError`` for values that break a rule, ``StoreError`` of code `conflict` if the user name is
    ///   taken.
    @discardableResult
    package func createUser(_ profile: UserProfile) throws -> User {
        let profile = profile.trimmed
        try profile.validate()
        let id = UserID(try take(of: "users"))
        let user = User(
            id: id,
            uuid: UUID(),
            uid: uid(of: id),
            profile: profile,
            dateJoined: now,
            lastUpdated: now
        )
        try connection.execute(User.table.insertion, try User.table.values(of: user))
        try execute("INSERT INTO user_search (user_id, text) VALUES (?, ?)", SQLValue(id), .text(profile.searchText))
        try journal(ObjectReference(id), .created)
        return user
    }

    /// Changes a user, with a journal entry; does nothing if the profile is unchanged.
    ///
    /// - Returns: whether anything changed.
    /// - Throws: ``ValidationError``, or ``StoreError`` of code `notFound` or `conflict`.
    @discardableResult
    package func updateUser(_ id: UserID, to profile: UserProfile) throws -> Bool {
        try profile.validate()
        guard let present = try user(id) else { throw StoreError.notFound("user", "\(id)") }
        guard present.profile != profile else { return false }
        let user = User(
            id: id,
            uuid: present.uuid,
            uid: present.uid,
            profile: profile,
            dateJoined: present.dateJoined,
            lastUpdated: now
        )
        try connection.execute(Self.changeUser, try User.table.changes(to: user) + [SQLValue(id)])
        try execute("UPDATE user_search SET text = ? WHERE user_id = ?", .text(profile.searchText), SQLValue(id))
        if profile.username != present.username { try renameLinks(of: .init(id), to: profile.username) }
        try journal(ObjectReference(id), .updated)
        return true
    }

    /// Deletes a user with its memberships; links stay, so that the Entra object can be processed.
    ///
    /// - Throws: ``StoreError`` of code `notFound`.
    package func deleteUser(_ id: UserID) throws {
        let groups = try groups(of: id)
        try rememberOwner(ObjectReference(id))
        guard try executeAndCount("DELETE FROM users WHERE id = ?", SQLValue(id)) > 0 else {
            throw StoreError.notFound("user", "\(id)")
        }
        try forgetFailing(ObjectReference(id))
        try journal(ObjectReference(id), .deleted)
        for group in groups { try journal(ObjectReference(group), .members, member: ObjectReference(id)) }
    }

    /// The user with that key.
    package func user(_ id: UserID) throws -> User? {
        try together(Self.userQuery(id))
    }

    static func userQuery(_ id: UserID) -> RowQuery<User?> {
        let statement = SQLStatement("SELECT \(userColumns) FROM users u WHERE u.id = ?", [SQLValue(id)])
        return RowQuery(statement: statement, start: nil) { $0 = try user($1) }
    }

    /// The user with that name, in its exact letter case.
    package func user(named username: String) throws -> User? {
        try first("SELECT \(Self.userColumns) FROM users u WHERE u.username = ?", .text(username), as: Self.user)
    }

    /// The user with that UUID.
    package func user(uuid: UUID) throws -> User? {
        try first(
            "SELECT \(Self.userColumns) FROM users u WHERE u.uuid = ?",
            SQLValue(uuid),
            as: Self.user
        )
    }

    /// A page of the users with an address, whatever its letter case, in the order of their keys.
    package func users(withEmail email: String, after last: UserID? = nil, limit: Int) throws -> [User] {
        try all(
            "SELECT \(Self.userColumns) FROM users u WHERE u.email_folded = ? AND u.id > ? ORDER BY u.id LIMIT ?",
            .text(email.lowercased()),
            .integer(last?.rawValue ?? 0),
            .integer(Int64(limit)),
            as: Self.user
        )
    }

    /// A page of the users directly in a group, in the order of their keys.
    package func users(in group: GroupID, after last: UserID?, limit: Int) throws -> [User] {
        try all(
            """
            SELECT \(Self.userColumns) FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE m.group_id = ? AND m.user_id > ? ORDER BY m.user_id LIMIT ?
            """,
            SQLValue(group),
            .integer(last?.rawValue ?? 0),
            .integer(Int64(limit)),
            as: Self.user
        )
    }

    /// The one user with an address, whatever its letter case; nil if there is none or more than one.
    package func onlyUser(withEmail email: String) throws -> User? {
        let found = try users(withEmail: email, limit: 2)
        return found.count == 1 ? found[0] : nil
    }

    /// A page of all users in the order of their keys.
    ///
    /// - Parameters:
    ///   - last: the key before the page; nil for the first page.
    ///   - search: part of the user name, name or address; empty for all.
    package func users(after last: UserID?, limit: Int, search: String = "") throws -> [User] {
        let pattern = SQLValue.text(search.lowercased().patternOfPart)
        return try all(
            """
            SELECT \(Self.userColumns) FROM users u
            WHERE u.id > ? AND (LOWER(u.username) LIKE ? ESCAPE '\\' OR LOWER(u.name) LIKE ? ESCAPE '\\'
                OR u.email_folded LIKE ? ESCAPE '\\')
            ORDER BY u.id LIMIT ?
            """,
            .integer(last?.rawValue ?? 0),
            pattern,
            pattern,
            pattern,
            .integer(Int64(limit)),
            as: Self.user
        )
    }

    /// A page of the users that a provider has in scope, in the order of their keys.
    ///
    /// The filter group counts with its direct members, or with those of all groups below it, as the provider's setting says.
    ///
    /// - Parameter some: only these; nil for all.
    package func usersInScope(
        of provider: EntraProvider,
        among some: Set<UserID>? = nil,
        after last: UserID?,
        limit: Int
    ) throws -> [User] {
        let scope = scope(of: provider, kind: .user)
        let list = some.map { SQLList($0.sorted { $0.rawValue < $1.rawValue }.map { SQLValue($0) }) }
        let keys = list.map { " AND u.id IN \($0.sql)" } ?? ""
        return try all(
            "SELECT \(Self.userColumns) FROM users u WHERE u.id > ?\(keys) AND \(scope.sql) ORDER BY u.id LIMIT ?",
            [.integer(last?.rawValue ?? 0)] + (list?.arguments ?? []) + scope.arguments + [.integer(Int64(limit))],
            as: Self.user
        )
    }

    /// Some of the users that a provider provisions, chosen at random.
    package func sampleOfUsersInScope(of provider: EntraProvider, size: Int) throws -> [UserID] {
        let scope = scope(of: provider, kind: .user)
        return try all(
            "SELECT u.id FROM users u WHERE \(scope.sql) ORDER BY RANDOM() LIMIT ?",
            scope.arguments + [.integer(Int64(size))]
        ) { try $0.id("id") }
    }

    /// The attributes of which any user, or any group, has a text, in order.
    package func textAttributeNames(of kind: ObjectKind) throws -> [String] {
        let table = kind == .user ? "users" : "groups"
        return try all(
            """
            SELECT DISTINCT a.key FROM \(table) o, \(connection.dialect.members(of: "o.attributes"))
            WHERE a.type = 'text' ORDER BY a.key
            """
        ) { try $0.text("key") }
    }

    /// The holders of the values of an attribute, in the order of their keys; numbers as they are written, and only numbers and texts.
    package func holders(ofAttribute key: String) throws -> [(value: String, user: UserID)] {
        try all(
            """
            SELECT u.id, CAST(a.value AS TEXT) AS held FROM users u, \(connection.dialect.members(of: "u.attributes"))
            WHERE a.key = ? AND a.type IN ('text', 'integer') AND a.value <> '' ORDER BY u.id
            """,
            .text(key)
        ) { (value: try $0.text("held"), user: try $0.id("id")) }
    }

    /// The number of users, and of active users.
    package func userCounts() throws -> (all: Int, active: Int) {
        try first(
            "SELECT COUNT(*) AS everybody, COALESCE(SUM(CASE WHEN is_active THEN 1 ELSE 0 END), 0) AS active FROM users"
        ) { (try $0.int("everybody"), try $0.int("active")) } ?? (0, 0)
    }

    /// authentik's `uid`: SHA-256 over the key and the installation id, in hexadecimal.
    private func uid(of id: UserID) -> String {
        SHA256.hash(data: Data("\(id.rawValue)-\(installationID)".utf8)).hexadecimalText
    }

    /// Reads each column by itself and not through the table of fields: a plan reads hundreds of thousands of users.
    static func user(_ row: SQLRow) throws -> User {
        User(
            id: try row.id("id"),
            uuid: try row.uuid("uuid"),
            uid: try row.text("uid"),
            profile: UserProfile(
                username: try row.text("username"),
                name: try row.text("name"),
                email: try row.text("email"),
                isActive: try row.bool("is_active"),
                type: try row.word("type"),
                path: try row.text("path"),
                attributes: try row.object("attributes")
            ),
            dateJoined: try row.timestamp("joined_at_ms"),
            lastUpdated: try row.timestamp("updated_at_ms")
        )
    }
}

extension String {
    /// A pattern for `LIKE` that finds the text as a part of texts in lower case.
    var patternOfPart: String { "%\(escapedForLike)%" }

    /// The text with the wildcards of LIKE made literal.
    var escapedForLike: String {
        replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
    }
}

extension UserProfile {
    /// The text that is searched for words. Stored next to the user in a narrow table: a search through all users reads only this.
    fileprivate var searchText: String { Self.searchText(username: username, name: name, email: email) }

    static func searchText(username: String, name: String, email: String) -> String {
        "\(username) \(name) \(email)".lowercased()
    }
}
