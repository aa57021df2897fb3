package import CausewayModel

/// Which links a list is of; what is nil or empty filters nothing.
package struct ConnectionFilter: Sendable {
    package let kind: ObjectKind
    /// Words that must be found in the provider's name, or in that of the user or group.
    package var terms: [String] = []
    package var provider: ProviderID?
    package var user: UserID?
    package var username: String?
    package var group: GroupID?
    package var groupName: String?

    package init(kind: ObjectKind) { self.kind = kind }
}

extension Transaction {
    private static let connectionFields = [
        "id": "c.id", "microsoft_id": "c.entra_id", "user": "c.object_name", "group": "c.object_name",
        "user__username": "c.object_name", "group__name": "c.object_name",
        "provider": "(SELECT p.name FROM providers p WHERE p.id = c.provider_id)",
    ]

    /// A page of links whose local object is there.
    ///
    /// - Parameter ahead: up to so many links beyond the page a search counts by passing over them; measured with 300,000.
    package func connectionPage(_ filter: ConnectionFilter, _ slice: ListSlice, passing ahead: Int = 30_000) throws
        -> ListPage<Connection>
    {
        let query = try query(filter)
        var (counted, listed) = (query, query)
        if let provider = filter.provider { counted.add("c.provider_id = ?", SQLValue(provider)) }
        // The plus keeps SQLite to the index of names: others are quicker to count in, but everything would have to be sorted.
        if let provider = filter.provider { listed.add("+c.provider_id = ?", SQLValue(provider)) }
        let read = { (row: SQLRow) in try row.id("key") as ConnectionID }
        guard filter.terms.isEmpty else {
            let (keys, count) = try listed.keysAndCount(slice, passing: ahead, in: self, as: read)
            return ListPage(count: count, rows: try connections(ids: keys))
        }
        return try page(listed, slice, count: try counted.count(in: self), key: read, rows: connections(ids:))
    }

    /// All that a filter asks for but the provider.
    private func query(_ filter: ConnectionFilter) throws -> ListQuery {
        var query = ListQuery("connections c", key: "c.id", fields: Self.connectionFields, standard: "c.object_name")
        query.add("c.\(filter.kind.rawValue)_id IS NOT NULL")
        try add(filter.terms, to: &query)
        if let user = filter.user { query.add("c.user_id = ?", SQLValue(user)) }
        if let group = filter.group { query.add("c.group_id = ?", SQLValue(group)) }
        if let wanted = filter.username ?? filter.groupName { query.add("c.object_name = ?", .text(wanted)) }
        return query
    }

    /// Each word must be part of the name, or else of the provider's.
    private func add(_ terms: [String], to query: inout ListQuery) throws {
        for term in terms {
            let pattern = SQLValue.text(term.patternOfPart)
            let providers = try all("SELECT id FROM providers WHERE name LIKE ? ESCAPE '\\'", pattern) {
                SQLValue.integer(try $0.integer("id"))
            }
            let (list, name) = (SQLList(providers), "c.object_name LIKE ? ESCAPE '\\'")
            if providers.isEmpty {
                query.add(name, pattern)
            } else {
                query.add("\(name) OR c.provider_id IN \(list.sql)", [pattern] + list.arguments)
            }
        }
    }

    /// The links of those keys, in their order.
    private func connections(ids: [ConnectionID]) throws -> [Connection] {
        let list = SQLList(ids.map { SQLValue($0) })
        var found: [ConnectionID: Connection] = [:]
        try connection.query(
            "SELECT \(Self.connectionColumns) FROM \(Self.linkedObjects) WHERE c.id IN \(list.sql)",
            list.arguments
        ) { row in
            let link = try Self.connection(row)
            found[link.id] = link
        }
        return ids.compactMap { found[$0] }
    }

    /// The link of that key.
    package func connection(_ id: ConnectionID) throws -> Connection? {
        try first(
            "SELECT \(Self.connectionColumns) FROM \(Self.linkedObjects) WHERE c.id = ?",
            SQLValue(id),
            as: Self.connection
        )
    }
}
