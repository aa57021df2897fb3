package import CausewayModel

/// A key by which Entra objects are found. Letter case counts in none but the immutable id and the unique name, which
/// Graph compares exactly as we wrote them.
package enum MatchKey: Sendable, Hashable {
    case immutableID(String)
    /// Among objects that belong or belonged to somebody of ours.
    case employeeID(String)
    /// The object that belonged to this local one before.
    case formerOwner(ObjectReference)
    case userPrincipalName(String)
    case mail(String)
    /// The address of a federated `mail` identity.
    case mailIdentity(String)
    case uniqueName(String)
    case displayName(String)
}

/// An Entra object that a key finds, with whom it is linked to.
package struct FoundObject: Hashable, Sendable {
    /// With whom it belonged to before, where that is known.
    package let object: MirrorObject
    /// The link it has; nil where it has none.
    package let link: Link?

    /// Whom an Entra object is linked to.
    package struct Link: Hashable, Sendable {
        /// What the local object is or was called.
        package let name: String
        /// nil where it was deleted.
        package let object: ObjectReference?
        /// Whether what the link takes away from what was in Entra before is still to be decided on.
        package let asksFirst: Bool

        package init(name: String, object: ObjectReference?, asksFirst: Bool = false) {
            (self.name, self.object, self.asksFirst) = (name, object, asksFirst)
        }
    }

    /// Whether it was in Entra before the provider had anything to do with it, and nobody has decided on it: what was linked before has
    /// what it has from here.
    package var asksFirst: Bool { link?.asksFirst ?? (object.former == nil) }

    package init(object: MirrorObject, link: Link?) { (self.object, self.link) = (object, link) }
}

extension Transaction {
    static let foundColumns = "\(mirrorColumns), c.object_name, c.user_id, c.group_id, c.asks_first"
    static let foundTables = """
        mirror_objects o LEFT JOIN links c ON c.provider_id = o.provider_id AND c.entra_id = o.entra_id
        """

    /// So many fit at most: more are no better than two.
    private static let most = 10

    /// The objects in the tenant that a key finds.
    package func objects(matching key: MatchKey, kind: ObjectKind, provider: ProviderID) throws -> [FoundObject] {
        let (column, value) = Self.column(of: key)
        return try all(
            """
            SELECT \(Self.foundColumns) FROM \(Self.foundTables)
            WHERE o.provider_id = ? AND o.\(column) = ? AND o.object_kind = '\(kind.rawValue)'
                AND o.presence = 'present'\(Self.condition(of: key, isLinkedToo: true))
            ORDER BY o.entra_id LIMIT \(Self.most)
            """,
            SQLValue(provider),
            .text(value),
            as: Self.foundObject
        )
    }

    /// The objects in the recycle bin that a key finds, the last deleted first; none that is linked to another than the local object.
    package func deletedObjects(matching key: MatchKey, of object: ObjectReference, provider: ProviderID) throws
        -> [MirrorObject]
    {
        let (column, value) = Self.column(of: key)
        return try all(
            """
            SELECT \(Self.mirrorColumns) FROM mirror_objects o
            WHERE o.provider_id = ? AND o.\(column) = ? AND o.object_kind = '\(object.kind.rawValue)'
                AND o.presence = 'deleted' AND o.deleted_at_ms IS NOT NULL\(Self.condition(of: key, isLinkedToo: false))
                AND NOT EXISTS (SELECT 1 FROM links c WHERE c.provider_id = o.provider_id
                    AND c.entra_id = o.entra_id AND COALESCE(CAST(c.user_id AS TEXT), c.group_id) <> ?)
            ORDER BY o.deleted_at_ms DESC, o.entra_id LIMIT 3
            """,
            SQLValue(provider),
            .text(value),
            .text(object.id),
            as: Self.mirrorObject
        )
    }

    /// Whether any Entra object of a provider is known to have belonged to somebody before.
    package func hasFormerObjects(_ provider: ProviderID) throws -> Bool {
        try exists(
            "SELECT 1 FROM mirror_objects WHERE provider_id = ? AND former_object_id IS NOT NULL LIMIT 1",
            SQLValue(provider)
        )
    }

    /// Whether anything is in a provider's recycle bin.
    package func hasDeletedObjects(_ provider: ProviderID) throws -> Bool {
        try exists(
            "SELECT 1 FROM mirror_objects WHERE provider_id = ? AND deleted_at_ms IS NOT NULL LIMIT 1",
            SQLValue(provider)
        )
    }

    /// Whether a local object is one that the provider has in scope.
    package func isInScope(_ object: ObjectReference, of provider: EntraProvider) throws -> Bool {
        if let user = object.user {
            return try !usersInScope(of: provider, among: [user], after: nil, limit: 1).isEmpty
        }
        guard let group = object.group else { return false }
        return try !groupsInScope(of: provider, among: [group], after: nil, limit: 1).isEmpty
    }

    private static func column(of key: MatchKey) -> (name: String, value: String) {
        switch key {
        case .immutableID(let text): ("immutable_id", text)
        case .employeeID(let text): ("employee_id_folded", text.lowercased())
        case .formerOwner(let object): ("former_object_id", object.id)
        case .userPrincipalName(let text): ("principal_name_folded", text.lowercased())
        case .mail(let text): ("mail_folded", text.lowercased())
        case .mailIdentity(let text): ("identity_folded", text.lowercased())
        case .uniqueName(let text): ("unique_name", text)
        case .displayName(let text): ("display_name_folded", text.lowercased())
        }
    }

    /// What else an object must be to be found by a key. In the recycle bin only the key that we give to what we create finds what
    /// was never ours.
    private static func condition(of key: MatchKey, isLinkedToo: Bool) -> String {
        let wasOurs = " AND (o.former_object_id IS NOT NULL\(isLinkedToo ? " OR c.id IS NOT NULL" : ""))"
        return switch key {
        case .employeeID: wasOurs
        case .immutableID, .uniqueName, .formerOwner: ""
        case .userPrincipalName, .mail, .mailIdentity, .displayName: isLinkedToo ? "" : wasOurs
        }
    }

    static func foundObject(_ row: SQLRow) throws -> FoundObject {
        FoundObject(
            object: try mirrorObject(row),
            link: try row.text(orNil: "object_name").map {
                .init(name: $0, object: try localObject(row), asksFirst: try row.bool("asks_first"))
            }
        )
    }
}
