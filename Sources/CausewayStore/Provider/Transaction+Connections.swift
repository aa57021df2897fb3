package import CausewayJSON
package import CausewayModel

extension Transaction {
    private static let connectionColumns =
        "c.id, c.provider_id, c.object_kind, c.user_id, c.group_id, c.entra_id, c.known"

    /// Links a local object to its Entra object, or refreshes the link it has; the Entra object is unlinked no more.
    ///
    /// - Parameters:
    ///   - connection: the link with what is known of the Entra object.
    ///   - name: what people call the local object; kept for when it is deleted.
    ///   - run: the run that saw the Entra object.
    /// - Throws: ``StoreError`` of code `conflict` where the Entra object is linked to another local one.
    package func saveConnection(_ connection: Connection, name: String, seenIn run: RunID) throws {
        try execute(
            """
            INSERT INTO connections (id, provider_id, object_kind, user_id, group_id, object_name, entra_id, known,
                created_at_ms, seen_in_run)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET entra_id = excluded.entra_id, known = excluded.known,
                object_name = excluded.object_name, seen_in_run = excluded.seen_in_run
            """,
            SQLValue(connection.id),
            SQLValue(connection.provider),
            SQLValue(connection.kind),
            SQLValue(connection.object?.user?.rawValue),
            SQLValue(connection.object?.group),
            .text(name),
            SQLValue(connection.entraID),
            SQLValue(json: connection.known),
            SQLValue(now),
            SQLValue(run)
        )
        try execute(
            "DELETE FROM unlinked_objects WHERE provider_id = ? AND entra_id = ?",
            SQLValue(connection.provider),
            SQLValue(connection.entraID)
        )
    }

    /// Refreshes what is known of a linked Entra object from a listing. What the listing does not show stays known from our own
    /// writes.
    ///
    /// - Parameters:
    ///   - shown: the properties that the listing shows and that have a value.
    ///   - selection: the properties that the listing can show.
    /// - Returns: false where no local object is linked to it.
    package func refreshKnown(
        _ shown: [String: JSONValue],
        selection: Set<String>,
        of entraID: EntraObjectID,
        provider: ProviderID,
        seenIn run: RunID
    ) throws -> Bool {
        guard let connection = try connection(to: entraID, provider: provider) else { return false }
        let known = connection.known.filter { !selection.contains($0.key) }.merging(shown) { $1 }
        try execute(
            "UPDATE connections SET known = ?, seen_in_run = ? WHERE id = ?",
            SQLValue(json: known),
            SQLValue(run),
            SQLValue(connection.id)
        )
        return true
    }

    /// Notes attributes that were written to a linked Entra object, over what was known of it. Null values are forgotten.
    package func mergeKnown(_ changes: [String: JSONValue], of entraID: EntraObjectID, provider: ProviderID) throws {
        guard let connection = try connection(to: entraID, provider: provider) else { return }
        let known = connection.known.merging(changes) { $1 }.filter { !$0.value.isNull }
        try execute(
            "UPDATE connections SET known = ? WHERE id = ?",
            SQLValue(json: known),
            SQLValue(connection.id)
        )
    }

    /// Ends the link to an Entra object and forgets its members; nothing happens in Entra.
    package func deleteConnection(to entraID: EntraObjectID, provider: ProviderID) throws {
        try execute(
            "DELETE FROM connections WHERE provider_id = ? AND entra_id = ?",
            SQLValue(provider),
            SQLValue(entraID)
        )
        try deleteKnownMembers(of: entraID, provider: provider)
    }

    /// Whether a local object is there.
    package func exists(_ object: ObjectReference) throws -> Bool {
        if let user = object.user { return try exists("SELECT 1 FROM users WHERE id = ?", SQLValue(user)) }
        return try exists("SELECT 1 FROM groups WHERE id = ?", .text(object.id))
    }

    /// Ends a link; nothing happens in Entra.
    package func deleteConnection(_ id: ConnectionID) throws {
        try execute("DELETE FROM connections WHERE id = ?", SQLValue(id))
    }

    /// The link of a local object at a provider.
    package func connection(of object: ObjectReference, provider: ProviderID) throws -> Connection? {
        let (column, key) = Self.localKey(object)
        return try first(
            "SELECT \(Self.connectionColumns) FROM connections c WHERE c.provider_id = ? AND c.\(column) = ?",
            SQLValue(provider),
            key,
            as: Self.connection
        )
    }

    /// The link to an Entra object at a provider.
    package func connection(to entraID: EntraObjectID, provider: ProviderID) throws -> Connection? {
        try first(
            "SELECT \(Self.connectionColumns) FROM connections c WHERE c.provider_id = ? AND c.entra_id = ?",
            SQLValue(provider),
            SQLValue(entraID),
            as: Self.connection
        )
    }

    /// The links of users with keys in a range, by key.
    package func connections(
        ofUsers first: UserID,
        through last: UserID,
        provider: ProviderID
    ) throws -> [UserID: Connection] {
        let found = try all(
            "SELECT \(Self.connectionColumns) FROM connections c WHERE c.provider_id = ? AND c.user_id BETWEEN ? AND ?",
            SQLValue(provider),
            SQLValue(first),
            SQLValue(last),
            as: Self.connection
        )
        return Dictionary(found.compactMap { link in link.object?.user.map { ($0, link) } }, uniquingKeysWith: { $1 })
    }

    /// The links of groups with keys in a range, by key.
    package func connections(
        ofGroups first: GroupID,
        through last: GroupID,
        provider: ProviderID
    ) throws -> [GroupID: Connection] {
        let found = try all(
            "SELECT \(Self.connectionColumns) FROM connections c WHERE c.provider_id = ? AND c.group_id BETWEEN ? AND ?",
            SQLValue(provider),
            SQLValue(first),
            SQLValue(last),
            as: Self.connection
        )
        return Dictionary(found.compactMap { link in link.object?.group.map { ($0, link) } }, uniquingKeysWith: { $1 })
    }

    /// A page of all links of one kind, in the order of their Entra ids, each with the name of its local object.
    package func connections(
        provider: ProviderID,
        kind: ObjectKind,
        after last: EntraObjectID?,
        limit: Int
    ) throws -> [(connection: Connection, name: String)] {
        try all(
            """
            SELECT \(Self.connectionColumns), c.object_name FROM connections c
            WHERE c.provider_id = ? AND c.object_kind = ? AND c.entra_id > ? ORDER BY c.entra_id LIMIT ?
            """,
            SQLValue(provider),
            SQLValue(kind),
            .text(last?.rawValue ?? ""),
            .integer(Int64(limit))
        ) { (try Self.connection($0), try $0.requiredText(7)) }
    }

    /// A page of the links whose local object was deleted or is not in the provider's scope, each with its name.
    package func connectionsOutOfScope(
        of provider: EntraProvider,
        kind: ObjectKind,
        after last: EntraObjectID?,
        limit: Int
    ) throws -> [(connection: Connection, name: String)] {
        let scope = scope(of: provider, kind: kind)
        let local = kind == .user ? "users u ON u.id = c.user_id" : "groups g ON g.id = c.group_id"
        let key = kind == .user ? "u.id" : "g.id"
        var found: [(connection: Connection, name: String)] = []
        try connection.query(
            """
            SELECT \(Self.connectionColumns), c.object_name FROM connections c LEFT JOIN \(local)
            WHERE c.provider_id = ? AND c.object_kind = ? AND c.entra_id > ? AND (\(key) IS NULL OR NOT (\(scope.sql)))
            ORDER BY c.entra_id LIMIT ?
            """,
            [SQLValue(provider.id), SQLValue(kind), .text(last?.rawValue ?? "")] + scope.arguments
                + [.integer(Int64(limit))]
        ) { found.append((try Self.connection($0), try $0.requiredText(7))) }
        return found
    }

    /// How many links and known members a provider has: what its guard counts shares of.
    package func managedCount(provider: ProviderID) throws -> Int {
        Int(
            try first(
                """
                SELECT (SELECT COUNT(*) FROM connections WHERE provider_id = ?)
                    + (SELECT COUNT(*) FROM known_members WHERE provider_id = ?)
                """,
                SQLValue(provider),
                SQLValue(provider)
            ) { try $0.requiredInteger(0) } ?? 0
        )
    }

    /// Links whose Entra object a full listing did not show.
    package func connectionsUnseen(in run: RunID, provider: ProviderID, kind: ObjectKind) throws -> [Connection] {
        try all(
            """
            SELECT \(Self.connectionColumns) FROM connections c
            WHERE c.provider_id = ? AND c.object_kind = ? AND (c.seen_in_run IS NULL OR c.seen_in_run <> ?)
            ORDER BY c.entra_id
            """,
            SQLValue(provider),
            SQLValue(kind),
            SQLValue(run),
            as: Self.connection
        )
    }

    /// The Entra ids of local objects that are linked.
    package func entraIDs(of objects: [ObjectReference], provider: ProviderID) throws -> [ObjectReference:
        EntraObjectID]
    {
        var found: [ObjectReference: EntraObjectID] = [:]
        for object in objects {
            let (column, key) = Self.localKey(object)
            found[object] = try first(
                "SELECT entra_id FROM connections WHERE provider_id = ? AND \(column) = ?",
                SQLValue(provider),
                key
            ) { EntraObjectID(try $0.requiredText(0)) }
        }
        return found
    }

    /// How many objects of a kind are linked.
    package func connectionCount(provider: ProviderID, kind: ObjectKind) throws -> Int {
        Int(
            try first(
                "SELECT COUNT(*) FROM connections WHERE provider_id = ? AND object_kind = ?",
                SQLValue(provider),
                SQLValue(kind)
            ) { try $0.requiredInteger(0) } ?? 0
        )
    }

    private static func localKey(_ object: ObjectReference) -> (column: String, key: SQLValue) {
        object.user.map { ("user_id", SQLValue($0)) } ?? ("group_id", .text(object.id))
    }

    private static func connection(_ row: any SQLRow) throws -> Connection {
        let user = row.integer(3).map { ObjectReference(UserID($0)) }
        let group = row.text(4).flatMap { ObjectReference(kind: .group, id: $0) }
        return Connection(
            id: try row.uuid(0),
            provider: ProviderID(try row.requiredInteger(1)),
            kind: try row.word(2),
            object: user ?? group,
            entraID: EntraObjectID(try row.requiredText(5)),
            known: try row.object(6)
        )
    }
}
