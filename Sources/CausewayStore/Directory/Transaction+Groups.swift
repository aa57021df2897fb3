package import CausewayModel

extension Group {
    static let table = RecordTable<Group>(
        "groups",
        GroupProfile.fields,
        of: \.profile,
        [Column("id", .once) { SQLValue($0.id) }]
    )
}

extension Transaction {
    static let groupColumns = Group.table.selection("g")

    private static let changeGroup = Group.table.update(where: "id = ?")

    /// A query for a group's key (one argument) and those of all groups below it.
    static let groupAndBelow = """
        WITH RECURSIVE below (id) AS (
            SELECT id FROM groups WHERE id = ? UNION SELECT p.child_id FROM group_parents p JOIN below b ON p.parent_id = b.id
        ) SELECT id FROM below
        """

    /// Creates a group, with a journal entry. Names that differ only in blanks around them count as equal.
    ///
    /// - Throws: ``ValidationError`` for values that break a rule, ``StoreError`` of code `conflict` if the name is taken.
    @discardableResult
    package func createGroup(_ profile: GroupProfile, id: GroupID = .random()) throws -> Group {
        let profile = profile.trimmed
        try profile.validate()
        let group = Group(id: id, profile: profile)
        try connection.execute(Group.table.insertion, try Group.table.values(of: group))
        try journal(ObjectReference(id), .created)
        return group
    }

    /// Changes a group, with a journal entry; does nothing if the profile is unchanged.
    ///
    /// - Returns: whether anything changed.
    @discardableResult
    package func updateGroup(_ id: GroupID, to profile: GroupProfile) throws -> Bool {
        try profile.validate()
        guard let present = try group(id) else { throw StoreError.notFound("group", id.text) }
        guard present.profile != profile else { return false }
        let changes = try Group.table.changes(to: Group(id: id, profile: profile))
        try connection.execute(Self.changeGroup, changes + [SQLValue(id)])
        if profile.name != present.profile.name { try renameLinks(of: .init(id), to: profile.name) }
        try journal(ObjectReference(id), .updated)
        return true
    }

    /// Deletes a group with its memberships; links stay, so that the Entra object can be processed, and a provider
    /// that is filtered by it stops.
    package func deleteGroup(_ id: GroupID) throws {
        let (parents, children) = (try parents(of: id), try children(of: id))
        // Without the group, they may no longer only administer Causeway, and be in scope.
        let administrators = try membersWithoutDetails(of: id)
        try rememberOwner(ObjectReference(id))
        guard try executeAndCount("DELETE FROM groups WHERE id = ?", SQLValue(id)) > 0 else {
            throw StoreError.notFound("group", id.text)
        }
        try forgetFailing(ObjectReference(id))
        try journal(ObjectReference(id), .deleted)
        for parent in parents { try journal(ObjectReference(parent), .members, member: ObjectReference(id)) }
        for user in administrators { try journal(ObjectReference(user), .updated) }
        for child in children { try journal(ObjectReference(id), .members, member: ObjectReference(child)) }
    }

    /// The groups with some keys, in that order, without those that do not exist.
    package func groups(_ keys: [GroupID]) throws -> [Group] { try keys.compactMap { try group($0) } }

    /// The group with that key.
    package func group(_ id: GroupID) throws -> Group? {
        try first("SELECT \(Self.groupColumns) FROM groups g WHERE g.id = ?", SQLValue(id), as: Self.group)
    }

    /// The group with that name, in its exact letter case.
    package func group(named name: String) throws -> Group? {
        try first("SELECT \(Self.groupColumns) FROM groups g WHERE g.name = ?", .text(name), as: Self.group)
    }

    /// A page of all groups in the order of their keys.
    ///
    /// - Parameters:
    ///   - last: the key before the page; nil for the first page.
    ///   - search: part of the name; empty for all.
    package func groups(after last: GroupID?, limit: Int, search: String = "") throws -> [Group] {
        try all(
            """
            SELECT \(Self.groupColumns) FROM groups g
            WHERE g.id > ? AND g.name LIKE ? ESCAPE '\\' ORDER BY g.id LIMIT ?
            """,
            .text(last?.text ?? ""),
            .text(search.patternOfPart),
            .integer(Int64(limit)),
            as: Self.group
        )
    }

    /// A page of the groups that a provider has in scope, in the order of their keys: all, or those it selects.
    ///
    /// - Parameter some: only these; nil for all.
    package func groupsInScope(
        of provider: EntraProvider,
        among some: Set<GroupID>? = nil,
        after last: GroupID?,
        limit: Int
    ) throws -> [Group] {
        let scope = scope(of: provider, kind: .group)
        let list = some.map { SQLList($0.map(\.text).sorted().map(SQLValue.text)) }
        let keys = list.map { " AND g.id IN \($0.sql)" } ?? ""
        return try all(
            "SELECT \(Self.groupColumns) FROM groups g WHERE g.id > ?\(keys) AND \(scope.sql) ORDER BY g.id LIMIT ?",
            [.text(last?.text ?? "")] + (list?.arguments ?? []) + scope.arguments + [.integer(Int64(limit))],
            as: Self.group
        )
    }

    /// How many groups there are.
    package func groupCount() throws -> Int {
        try count("SELECT COUNT(*) AS count FROM groups")
    }

    /// Reads each column by itself and not through the table of fields, as for users.
    static func group(_ row: SQLRow) throws -> Group {
        Group(
            id: try row.id("id"),
            profile: GroupProfile(
                name: try row.text("name"),
                isSuperuser: try row.bool("is_superuser"),
                attributes: try row.object("attributes")
            )
        )
    }
}
