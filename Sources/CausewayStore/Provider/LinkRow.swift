import CausewayModel

/// A link as its row stores it. The known values of the Entra object are in the mirror.
struct LinkRow {
    let link: ObjectLink
    let name: String
    let reason: String
    /// Its present or former owner.
    let owner: ObjectReference?
    let knowsMembers: Bool
    let created: Timestamp

    static let table = RecordTable<LinkRow>(
        "links",
        [
            Column("id", .once) { SQLValue($0.link.id) },
            Column("provider_id", .once) { SQLValue($0.link.provider) },
            Column("object_kind", .once) { SQLValue($0.link.kind) },
            Column("user_id") { SQLValue($0.link.object?.user) },
            Column("group_id") { SQLValue($0.link.object?.group) },
            .derived("object_id") { SQLValue($0.owner?.id) },
            .computed("object_name", by: presentName) {
                [SQLValue($0.link.object?.user), SQLValue($0.link.object?.group), .text($0.name)]
            },
            Column("entra_id") { SQLValue($0.link.entraID) },
            .derived("matched_by") { .text($0.reason) },
            Column("asks_first") { .bool($0.link.asksFirst) },
            .derived("members_known") { .bool($0.knowsMembers) },
            .derived("created_at_ms", .once) { SQLValue($0.created) },
            .readOnly("is_skipped"),
        ]
    )

    /// The present name of the user or group, or else the last.
    private static let presentName = """
        COALESCE((SELECT u.username FROM users u WHERE u.id = ?), (SELECT g.name FROM groups g WHERE g.id = ?), ?)
        """
}

extension Transaction {
    static let linkColumns = """
        \(LinkRow.table.selection("c")), o.known, o.presence, COALESCE(o.is_suspended, FALSE) AS is_suspended
        """

    /// Links with the mirror's records of their Entra objects.
    static let linkedObjects = """
        links c LEFT JOIN mirror_objects o ON o.provider_id = c.provider_id AND o.entra_id = c.entra_id
        """

    static func link(_ row: SQLRow) throws -> ObjectLink {
        ObjectLink(
            id: try row.id("id"),
            provider: try row.id("provider_id"),
            kind: try row.word("object_kind"),
            object: try localObject(row),
            entraID: try row.id("entra_id"),
            known: try row.object(orNil: "known") ?? [:],
            presence: try row.word(orNil: "presence") ?? .present,
            isSuspended: try row.bool("is_suspended"),
            isSkipped: try row.bool("is_skipped"),
            asksFirst: try row.bool("asks_first")
        )
    }

    /// The user or group of a link; nil if it was deleted.
    static func localObject(_ row: SQLRow) throws -> ObjectReference? {
        let user: UserID? = try row.id(orNil: "user_id")
        return try user.map { ObjectReference($0) } ?? row.reference(.group, orNil: "group_id")
    }
}
