package import CausewayModel

/// A key by which Entra objects are found. Letter case counts in none but the immutable id and the unique name, which
/// Graph compares exactly as we wrote them.
package enum MatchKey: Sendable, Hashable {
    case immutableID(String)
    case userPrincipalName(String)
    case mail(String)
    /// The address of a federated `mail` identity.
    case mailIdentity(String)
    case uniqueName(String)
    case displayName(String)
}

/// An Entra object that a key finds, with whom it is linked to.
package struct FoundObject: Hashable, Sendable {
    package let object: MirrorObject
    /// The link it has; nil where it has none.
    package let link: Link?

    /// A link that stands in the way, or that can be taken over.
    package struct Link: Hashable, Sendable {
        /// What the local object is or was called.
        package let name: String
        /// Whether the local object was deleted.
        package let isOrphaned: Bool

        package init(name: String, isOrphaned: Bool) { (self.name, self.isOrphaned) = (name, isOrphaned) }
    }

    package init(object: MirrorObject, link: Link?) { (self.object, self.link) = (object, link) }
}

extension Transaction {
    /// The objects in the tenant that a key finds, three at most: one is a match, more are a conflict.
    package func objects(matching key: MatchKey, kind: ObjectKind, provider: ProviderID) throws -> [FoundObject] {
        let (column, value) = Self.column(of: key)
        return try all(
            """
            SELECT \(Self.mirrorColumns), c.object_name, c.user_id, c.group_id
            FROM mirror_objects o LEFT JOIN connections c ON c.provider_id = o.provider_id AND c.entra_id = o.entra_id
            WHERE o.provider_id = ? AND o.\(column) = ? AND o.object_kind = '\(kind.rawValue)'
                AND o.presence = 'present'
            ORDER BY o.entra_id LIMIT 3
            """,
            SQLValue(provider),
            .text(value)
        ) { row in
            FoundObject(
                object: try Self.mirrorObject(row),
                link: row.text(8).map { .init(name: $0, isOrphaned: row.isNull(9) && row.isNull(10)) }
            )
        }
    }

    private static func column(of key: MatchKey) -> (name: String, value: String) {
        switch key {
        case .immutableID(let text): ("immutable_id", text)
        case .userPrincipalName(let text): ("principal_name_folded", text.lowercased())
        case .mail(let text): ("mail_folded", text.lowercased())
        case .mailIdentity(let text): ("identity_folded", text.lowercased())
        case .uniqueName(let text): ("unique_name", text)
        case .displayName(let text): ("display_name_folded", text.lowercased())
        }
    }
}
