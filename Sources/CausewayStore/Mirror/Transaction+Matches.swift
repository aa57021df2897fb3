package import CausewayModel

/// A key by which Entra objects are found. Letter case counts only for the immutable id and the unique name, which
/// Graph compares exactly as they were written.
package enum MatchKey: Sendable, Hashable {
    case immutableID(String)
    /// Among objects that belong or belonged to a local object.
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

/// A key by which a local object is looked for in the recycle bin.
package struct OwnedKey: Hashable, Sendable {
    package let key: MatchKey
    package let owner: ObjectReference

    package init(_ key: MatchKey, of owner: ObjectReference) { (self.key, self.owner) = (key, owner) }
}

/// An Entra object that a key finds, with its link.
package struct FoundObject: Hashable, Sendable {
    /// The local object that it belonged to before, if that is known.
    package let object: MirrorObject
    /// Its link; nil if it has none.
    package let link: Link?

    /// The local object that an Entra object is linked to.
    package struct Link: Hashable, Sendable {
        /// The present or former name of the local object.
        package let name: String
        /// Nil if it was deleted.
        package let object: ObjectReference?
        /// Whether a decision is pending about what the link takes away from the existing Entra object.
        package let asksFirst: Bool

        package init(name: String, object: ObjectReference?, asksFirst: Bool = false) {
            (self.name, self.object, self.asksFirst) = (name, object, asksFirst)
        }
    }

    /// Whether it existed in Entra before the provider managed it, and no person has decided about it: values of objects that were linked
    /// before come from Causeway.
    package var asksFirst: Bool { link?.asksFirst ?? (object.former == nil) }

    package init(object: MirrorObject, link: Link?) { (self.object, self.link) = (object, link) }
}

extension Transaction {
    static let foundColumns = "\(mirrorColumns), c.object_name, c.user_id, c.group_id, c.asks_first"
    static let foundTables = """
        mirror_objects o LEFT JOIN links c ON c.provider_id = o.provider_id AND c.entra_id = o.entra_id
        """

    /// The maximum number of matches: more are no better than two.
    private static let most = 10

    /// The objects in the tenant that keys find.
    package func objects(matching keys: Set<MatchKey>, kind: ObjectKind, provider: ProviderID) throws -> [MatchKey:
        [FoundObject]]
    {
        var found: [MatchKey: [FoundObject]] = [:]
        for (column, keys) in Dictionary(grouping: keys, by: { Self.column(of: $0).name }) {
            let keys = try known(keys, in: column, provider)
            guard !keys.isEmpty else { continue }
            let objects = try allOfEach(
                """
                SELECT \(Self.foundColumns) FROM \(Self.foundTables)
                WHERE o.provider_id = ? AND o.\(column) = ? AND o.object_kind = '\(kind.rawValue)'
                    AND o.presence = 'present'\(Self.condition(of: keys[0], isLinkedToo: true))
                ORDER BY o.entra_id LIMIT \(Self.most)
                """,
                keys.map { [SQLValue(provider), .text(Self.column(of: $0).value)] },
                as: Self.foundObject
            )
            for (key, objects) in zip(keys, objects) where !objects.isEmpty { found[key] = objects }
        }
        return found
    }

    /// The objects in the recycle bin that keys find, the last deleted first; none that is linked to another local object.
    package func deletedObjects(matching keys: Set<OwnedKey>, kind: ObjectKind, provider: ProviderID) throws
        -> [OwnedKey:
        [MirrorObject]]
    {
        var found: [OwnedKey: [MirrorObject]] = [:]
        for (column, keys) in Dictionary(grouping: keys, by: { Self.column(of: $0.key).name }) {
            let present = Set(try known(keys.map(\.key), in: column, provider))
            let keys = keys.filter { present.contains($0.key) }
            guard !keys.isEmpty else { continue }
            let objects = try allOfEach(
                """
                SELECT \(Self.mirrorColumns) FROM mirror_objects o
                WHERE o.provider_id = ? AND o.\(column) = ? AND o.object_kind = '\(kind.rawValue)'
                    AND o.presence = 'deleted' AND o.deleted_at_ms IS NOT NULL\(Self.condition(of: keys[0].key, isLinkedToo: false))
                    AND NOT EXISTS (SELECT 1 FROM links c WHERE c.provider_id = o.provider_id
                        AND c.entra_id = o.entra_id AND COALESCE(CAST(c.user_id AS TEXT), c.group_id) <> ?)
                ORDER BY o.deleted_at_ms DESC, o.entra_id LIMIT 3
                """,
                keys.map { [SQLValue(provider), .text(Self.column(of: $0.key).value), .text($0.owner.id)] },
                as: Self.mirrorObject
            )
            for (key, objects) in zip(keys, objects) where !objects.isEmpty { found[key] = objects }
        }
        return found
    }

    /// Those of some keys that any object has. Most new objects are not found by any key.
    private func known(_ keys: [MatchKey], in column: String, _ provider: ProviderID) throws -> [MatchKey] {
        let values = Set(keys.map { Self.column(of: $0).value })
        let found = try rows(
            "SELECT DISTINCT o.\(column) AS value FROM mirror_objects o WHERE o.provider_id = ? AND o.\(column)",
            SQLValue(provider),
            in: Array(values),
            SQLValue.text
        ) { (try $0.text("value"), true) }
        return keys.filter { found[Self.column(of: $0).value] != nil }
    }

    /// Whether any Entra object of a provider is known to have belonged to a local object before.
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

    /// Whether a local object is in the provider's scope.
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

    /// Further conditions for an object to be found by a key. In the recycle bin, an object that never belonged to a local one is found
    /// only by the key that Causeway gives.
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
