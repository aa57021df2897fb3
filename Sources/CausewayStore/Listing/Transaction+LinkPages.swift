package import CausewayModel

/// The state of a linked object, as lists of links can be filtered by it.
package enum LinkState: String, Sendable, CaseIterable {
    /// The account is disabled in the tenant.
    case suspended
    /// Its latest attempt failed.
    case failing
    /// Entra refuses a part of it, and nothing else fails.
    case refused
    /// It is in the recycle bin, or purged.
    case deleted
}

/// The filter of a list of links; what is nil or empty filters nothing.
package struct LinkFilter: Sendable {
    package let kind: ObjectKind
    /// Words that must be found in the provider's name, or in that of the user or group.
    package var terms: [String] = []
    package var provider: ProviderID?
    package var user: UserID?
    package var username: String?
    package var group: GroupID?
    package var groupName: String?
    package var state: LinkState?

    package init(kind: ObjectKind) { self.kind = kind }
}

extension Transaction {
    private static let linkFields = [
        "id": "c.id", "microsoft_id": "c.entra_id", "user": "c.object_name", "group": "c.object_name",
        "user__username": "c.object_name", "group__name": "c.object_name",
        "provider": "(SELECT p.name FROM providers p WHERE p.id = c.provider_id)",
    ]

    /// A page of links whose local object exists.
    ///
    /// - Parameter ahead: up to so many links beyond the page a search counts by passing over them; measured with 300,000.
    package func linkPage(_ filter: LinkFilter, _ slice: ListSlice, passing ahead: Int = 30_000) throws
        -> ListPage<ObjectLink>
    {
        let query = try query(filter)
        var (counted, listed) = (query, query)
        if let provider = filter.provider { counted.add("c.provider_id = ?", SQLValue(provider)) }
        // Without the index of providers, that of names is used: others count faster, but everything would have to be sorted. With a
        // state, few links are left, and sorting them is faster than passing over all others.
        let column = filter.state == nil ? connection.dialect.withoutIndex("c.provider_id") : "c.provider_id"
        if let provider = filter.provider { listed.add("\(column) = ?", SQLValue(provider)) }
        let read = { (row: SQLRow) in try row.id("key") as LinkID }
        let subject = filter.state == nil ? ListMemory.Subject.links : nil
        guard filter.terms.isEmpty else {
            let (keys, count) = try listed.keysAndCount(slice, passing: ahead, of: subject, in: self, as: read)
            return ListPage(count: count, rows: try links(ids: keys))
        }
        let count = try counted.count(of: subject, in: self)
        return try page(listed, slice, of: subject, count: count, key: read, rows: links(ids:))
    }

    /// All conditions of a filter except the provider.
    private func query(_ filter: LinkFilter) throws -> ListQuery {
        var query = ListQuery("links c", key: "c.id", fields: Self.linkFields, standard: .ascending("c.object_name"))
        query.add("c.\(filter.kind.rawValue)_id IS NOT NULL")
        try add(filter.terms, to: &query)
        if let user = filter.user { query.add("c.user_id = ?", SQLValue(user)) }
        if let group = filter.group { query.add("c.group_id = ?", SQLValue(group)) }
        if let wanted = filter.username ?? filter.groupName { query.add("c.object_name = ?", .text(wanted)) }
        if let state = filter.state { query.add(Self.condition(state)) }
        return query
    }

    /// The links in a state, found from the few objects that are in it.
    private static func condition(_ state: LinkState) -> String {
        func entra(_ condition: String) -> String {
            "(c.provider_id, c.entra_id) IN (SELECT o.provider_id, o.entra_id FROM mirror_objects o WHERE \(condition))"
        }
        func failing(_ condition: String) -> String {
            """
            (c.provider_id, c.object_kind, c.object_id) IN (
                SELECT f.provider_id, f.object_kind, f.object_id FROM failing_objects f WHERE \(condition))
            """
        }
        return switch state {
        case .suspended: entra("o.is_disabled AND o.presence = 'present'")
        case .deleted: entra("o.deleted_at_ms IS NOT NULL AND o.presence <> 'present'")
        case .failing: failing("NOT f.is_refused")
        case .refused: failing("f.is_refused")
        }
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

    /// The links with those keys, in their order.
    private func links(ids: [LinkID]) throws -> [ObjectLink] {
        let list = SQLList(ids.map { SQLValue($0) })
        var found: [LinkID: ObjectLink] = [:]
        try connection.query(
            "SELECT \(Self.linkColumns) FROM \(Self.linkedObjects) WHERE c.id IN \(list.sql)",
            list.arguments
        ) { row in
            let link = try Self.link(row)
            found[link.id] = link
        }
        return ids.compactMap { found[$0] }
    }

    /// The link with that key.
    package func link(_ id: LinkID) throws -> ObjectLink? {
        try first(
            "SELECT \(Self.linkColumns) FROM \(Self.linkedObjects) WHERE c.id = ?",
            SQLValue(id),
            as: Self.link
        )
    }
}
