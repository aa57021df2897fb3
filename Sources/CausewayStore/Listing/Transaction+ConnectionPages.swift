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
    /// A page of links whose local object is there.
    package func connectionPage(_ filter: ConnectionFilter, _ slice: ListSlice) throws -> ListPage<Connection> {
        let (object, name) =
            filter.kind == .user
            ? ("users l ON l.id = c.user_id", "l.username") : ("groups l ON l.id = c.group_id", "l.name")
        var query = ListQuery(
            "connections c JOIN \(object) JOIN providers p ON p.id = c.provider_id",
            key: "c.id",
            fields: [
                "id": "c.id", "microsoft_id": "c.entra_id", "provider": "p.name", "user": name, "group": name,
                "user__username": name, "group__name": name,
            ],
            standard: name
        )
        query.add(filter.terms, in: ["p.name", name])
        if let provider = filter.provider { query.add("c.provider_id = ?", SQLValue(provider)) }
        if let user = filter.user { query.add("c.user_id = ?", SQLValue(user)) }
        if let group = filter.group { query.add("c.group_id = ?", SQLValue(group)) }
        if let wanted = filter.username ?? filter.groupName { query.add("\(name) = ?", .text(wanted)) }
        return try page(
            query,
            slice,
            key: { try $0.uuid(0) as ConnectionID },
            rows: { keys in try keys.compactMap { try connection($0) } }
        )
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
