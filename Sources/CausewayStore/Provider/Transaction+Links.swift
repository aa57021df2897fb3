import CausewayJSON
package import CausewayModel

extension Transaction {
    private static let saveLink = LinkRow.table.saving(
        by: "id",
        "is_skipped = links.is_skipped AND links.entra_id = excluded.entra_id"
    )

    /// Links a local object to its Entra object, or moves its link. The known values of the Entra object are in the mirror.
    ///
    /// - Parameters:
    ///   - name: the name of the local object; its present name counts if it still exists.
    ///   - reason: the key that found the Entra object, for explanations; empty if Causeway created it.
    ///   - former: the owner, if its local object is gone already.
    ///   - knowsMembers: whether the mirror contains all members of a group.
    /// - Throws: ``StoreError`` of code `conflict` if the Entra object is linked to another local one.
    package func saveLink(
        _ link: ObjectLink,
        name: String,
        matchedBy reason: String = "",
        former: ObjectReference? = nil,
        knowsMembers: Bool = false
    ) throws {
        let row = LinkRow(
            link: link,
            name: name,
            reason: reason,
            owner: link.object ?? former,
            knowsMembers: knowsMembers,
            created: now
        )
        try self.connection.execute(Self.saveLink, try LinkRow.table.values(of: row))
        marks.hasLinks = true
    }

    /// How many transactions have changed links.
    func linkChanges() throws -> Int64 {
        try first("SELECT last_value FROM sequences WHERE name = 'link_changes'") { try $0.integer("last_value") } ?? 0
    }

    /// Called at the end of a transaction that has changed links.
    func countLinkChange() throws {
        try execute("UPDATE sequences SET last_value = last_value + 1 WHERE name = 'link_changes'")
    }

    /// Links bear the names of their objects: lists are in their order.
    func renameLinks(of object: ObjectReference, to name: String) throws {
        let (column, key) =
            object.user.map { ("user_id", SQLValue($0)) } ?? ("group_id", SQLValue(object.group))
        try execute("UPDATE links SET object_name = ? WHERE \(column) = ?", .text(name), key)
    }

    /// Records whether a mapping skips the object of a link.
    package func setSkipped(_ isSkipped: Bool, at entraID: EntraObjectID, provider: ProviderID) throws {
        try execute(
            "UPDATE links SET is_skipped = ? WHERE provider_id = ? AND entra_id = ?",
            .bool(isSkipped),
            SQLValue(provider),
            SQLValue(entraID)
        )
    }

    /// What resolves the first links of a provider whose objects have nothing open in a run.
    private static let confirmFirstLinks = """
        UPDATE links SET asks_first = FALSE WHERE provider_id = ? AND asks_first AND object_id IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM actions a WHERE a.object_kind = links.object_kind
                    AND a.object_id = links.object_id AND a.run_id = ? AND a.status NOT IN ('applied', 'unchanged'))
        """

    /// Records that no decision is pending about what first links would take away: for objects that a run has compared whole, and
    /// for which it has nothing open.
    ///
    /// - Parameter compared: the objects; nil for all.
    package func confirmFirstLinks(after run: RunID, provider: ProviderID, compared: Set<ObjectReference>?) throws {
        guard let compared else {
            try execute(Self.confirmFirstLinks, SQLValue(provider), SQLValue(run))
            return
        }
        let selection = LinkSelection(compared)
        for kind in ObjectKind.allCases {
            try execute(
                """
                \(Self.confirmFirstLinks) AND object_kind = ?
                    AND object_id IN (SELECT e.value FROM \(connection.dialect.textsOfArgument))
                """,
                SQLValue(provider),
                SQLValue(run),
                SQLValue(kind),
                .text(JSONValue(selection.keys(kind)).text)
            )
        }
    }

    /// Ends the link to an Entra object and deletes its known members; nothing happens in Entra.
    package func deleteLink(to entraID: EntraObjectID, provider: ProviderID) throws {
        try execute(
            "DELETE FROM links WHERE provider_id = ? AND entra_id = ?",
            SQLValue(provider),
            SQLValue(entraID)
        )
        marks.hasLinks = true
        try forgetMembers(of: entraID, provider: provider)
    }

    /// Whether a local object exists.
    package func exists(_ object: ObjectReference) throws -> Bool { try !existing([object]).isEmpty }

    /// Those of some local objects that exist.
    package func existing(_ objects: [ObjectReference]) throws -> Set<ObjectReference> {
        let users = objects.filter { $0.user != nil }
        let groups = objects.filter { $0.user == nil }
        let foundUsers: [ObjectReference: Bool] = try rows("SELECT id FROM users WHERE id", in: users) {
            SQLValue($0.user)
        } as: {
            (ObjectReference(try $0.id("id") as UserID), true)
        }
        let foundGroups: [ObjectReference: Bool] = try rows("SELECT id FROM groups WHERE id", in: groups) {
            .text($0.id)
        } as: {
            (ObjectReference(try $0.id("id") as GroupID), true)
        }
        return Set(foundUsers.keys).union(foundGroups.keys)
    }

    /// Ends a link; nothing happens in Entra.
    package func deleteLink(_ id: LinkID) throws {
        try execute("DELETE FROM links WHERE id = ?", SQLValue(id))
        marks.hasLinks = true
    }

    /// The link of a local object at a provider.
    package func link(of object: ObjectReference, provider: ProviderID) throws -> ObjectLink? {
        try links(of: [object], provider: provider)[object]
    }

    /// The links of some local objects at a provider.
    package func links(of objects: [ObjectReference], provider: ProviderID) throws -> [ObjectReference: ObjectLink] {
        var found: [ObjectReference: ObjectLink] = [:]
        for (column, some) in Dictionary(grouping: objects, by: { Self.localKey($0).column }) {
            let links = try rows(
                "SELECT \(Self.linkColumns) FROM \(Self.linkedObjects) WHERE c.provider_id = ? AND c.\(column)",
                SQLValue(provider),
                in: some,
                { Self.localKey($0).key },
                as: { row in
                    let link = try Self.link(row)
                    return link.object.map { ($0, link) }
                }
            )
            found.merge(links) { $1 }
        }
        return found
    }

    /// The link to an Entra object at a provider.
    package func link(to entraID: EntraObjectID, provider: ProviderID) throws -> ObjectLink? {
        try links(to: [entraID], provider: provider)[entraID]
    }

    /// The links to some Entra objects at a provider.
    package func links(to entraIDs: [EntraObjectID], provider: ProviderID) throws -> [EntraObjectID: ObjectLink] {
        try rows(
            "SELECT \(Self.linkColumns) FROM \(Self.linkedObjects) WHERE c.provider_id = ? AND c.entra_id",
            SQLValue(provider),
            in: entraIDs,
            { SQLValue($0) }
        ) { row in
            let link = try Self.link(row)
            return (link.entraID, link)
        }
    }

    /// Whether anything is linked to an Entra object.
    package func isLinked(_ entraID: EntraObjectID, provider: ProviderID) throws -> Bool {
        try !linked([entraID], provider: provider).isEmpty
    }

    /// Those of some Entra objects to which anything is linked.
    package func linked(_ entraIDs: [EntraObjectID], provider: ProviderID) throws -> Set<EntraObjectID> {
        let found = try rows(
            "SELECT entra_id FROM links WHERE provider_id = ? AND entra_id",
            SQLValue(provider),
            in: entraIDs,
            { SQLValue($0) }
        ) { (try $0.id("entra_id"), true) }
        return Set(found.keys)
    }

    /// The links of some users, by key; it may contain those of others.
    package func links(of users: [UserID], provider: ProviderID) throws -> [UserID: ObjectLink] {
        var found: [UserID: ObjectLink] = [:]
        for range in KeyRange.covering(users.map(\.rawValue)) {
            try connection.query(
                "SELECT \(Self.linkColumns) FROM \(Self.linkedObjects) WHERE c.provider_id = ? AND c.user_id BETWEEN ? AND ?",
                [SQLValue(provider), .integer(range.first), .integer(range.last)]
            ) { row in
                let link = try Self.link(row)
                if let user = link.object?.user { found[user] = link }
            }
        }
        return found
    }

    /// The links of some groups, by key.
    package func links(of groups: [GroupID], provider: ProviderID) throws -> [GroupID: ObjectLink] {
        let found = try links(of: groups.map { ObjectReference($0) }, provider: provider)
        return Dictionary(found.compactMap { object, link in object.group.map { ($0, link) } }) { $1 }
    }

    /// A page of all links of one kind, in the order of their Entra ids, each with the name of its local object.
    package func links(
        provider: ProviderID,
        kind: ObjectKind,
        after last: EntraObjectID?,
        limit: Int
    ) throws -> [(link: ObjectLink, name: String)] {
        try all(
            """
            SELECT \(Self.linkColumns), c.object_name FROM \(Self.linkedObjects)
            WHERE c.provider_id = ? AND c.object_kind = ? AND c.entra_id > ? ORDER BY c.entra_id LIMIT ?
            """,
            SQLValue(provider),
            SQLValue(kind),
            .text(last?.rawValue ?? ""),
            .integer(Int64(limit))
        ) { (try Self.link($0), try $0.text("object_name")) }
    }

    /// A page of the links whose local object was deleted or is not in the provider's scope, each with its name.
    ///
    /// - Parameter selection: only the links of these objects, deleted or not; nil for all.
    package func linksOutOfScope(
        of provider: EntraProvider,
        kind: ObjectKind,
        among selection: LinkSelection? = nil,
        after last: EntraObjectID?,
        limit: Int
    ) throws -> [(link: ObjectLink, name: String)] {
        let scope = scope(of: provider, kind: kind)
        let local = kind == .user ? "users u ON u.id = c.user_id" : "groups g ON g.id = c.group_id"
        let key = kind == .user ? "u.id" : "g.id"
        let chosen = selection.map { chosenLinks($0, of: provider.id, kind) }
        var arguments = chosen?.arguments ?? []
        arguments += [SQLValue(provider.id), SQLValue(kind), .text(last?.rawValue ?? "")]
        arguments += scope.arguments
        arguments.append(.integer(Int64(limit)))
        // The cross join makes SQLite begin with the selection, however many links the provider has.
        return try all(
            """
            SELECT \(Self.linkColumns), c.object_name
            FROM \(chosen.map { "(\($0.sql)) chosen CROSS JOIN " } ?? "")\(Self.linkedObjects) LEFT JOIN \(local)
            WHERE c.provider_id = ? AND c.object_kind = ? AND c.entra_id > ?\(chosen == nil ? "" : " AND c.id = chosen.id")
                AND (\(key) IS NULL OR NOT (\(scope.sql)))
            ORDER BY c.entra_id LIMIT ?
            """,
            arguments
        ) { (try Self.link($0), try $0.text("object_name")) }
    }

    /// The keys of the links that a selection is about.
    private func chosenLinks(
        _ selection: LinkSelection,
        of provider: ProviderID,
        _ kind: ObjectKind
    ) -> (sql: String, arguments: [SQLValue]) {
        let those = "SELECT id FROM links WHERE provider_id = ? AND object_kind = ?"
        let some = "\(those) AND object_id IN (SELECT e.value FROM \(connection.dialect.textsOfArgument))"
        let arguments = [SQLValue(provider), SQLValue(kind), .text(JSONValue(selection.keys(kind)).text)]
        guard selection.includesDeleted else { return (some, arguments) }
        return (
            "\(some) UNION \(those) AND user_id IS NULL AND group_id IS NULL",
            arguments + [SQLValue(provider), SQLValue(kind)]
        )
    }

    /// The number of links and known members of a provider, from which its guard computes shares.
    package func managedCount(provider: ProviderID) throws -> Int {
        try count(
            """
            SELECT (SELECT COUNT(*) FROM links WHERE provider_id = ?)
                + (SELECT COUNT(*) FROM mirror_members WHERE provider_id = ? AND is_member) AS count
            """,
            SQLValue(provider),
            SQLValue(provider)
        )
    }

    /// The Entra ids of objects that are linked, including deleted ones.
    package func entraIDs(of objects: [ObjectReference], provider: ProviderID) throws -> [ObjectReference:
        EntraObjectID]
    {
        var found: [ObjectReference: EntraObjectID] = [:]
        for (kind, some) in Dictionary(grouping: objects, by: \.kind) {
            let byID = Dictionary(some.map { ($0.id, $0) }) { $1 }
            let ids: [ObjectReference: EntraObjectID] = try rows(
                "SELECT object_id, entra_id FROM links WHERE provider_id = ? AND object_kind = ? AND object_id",
                SQLValue(provider),
                SQLValue(kind),
                in: some,
                { .text($0.id) }
            ) { row in
                guard let object = byID[try row.text("object_id")] else { return nil }
                return (object, try row.id("entra_id") as EntraObjectID)
            }
            found.merge(ids) { $1 }
        }
        return found
    }

    /// How many objects of a kind are linked.
    package func linkCount(provider: ProviderID, kind: ObjectKind) throws -> Int {
        try count(
            "SELECT COUNT(*) AS count FROM links WHERE provider_id = ? AND object_kind = ?",
            SQLValue(provider),
            SQLValue(kind)
        )
    }

    static func localKey(_ object: ObjectReference) -> (column: String, key: SQLValue) {
        object.user.map { ("user_id", SQLValue($0)) } ?? ("group_id", .text(object.id))
    }
}
