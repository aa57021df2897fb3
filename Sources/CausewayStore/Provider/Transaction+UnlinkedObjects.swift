package import CausewayJSON
package import CausewayModel

/// An Entra object that no local object is linked to: its id and what matching needs.
package struct UnlinkedObject: Hashable, Sendable {
    package let kind: ObjectKind
    package let entraID: EntraObjectID
    /// Graph's property names and values.
    package let known: [String: JSONValue]

    package init(kind: ObjectKind, entraID: EntraObjectID, known: [String: JSONValue]) {
        self.kind = kind
        self.entraID = entraID
        self.known = known
    }
}

/// A key by which unlinked objects are found. Letter case counts in none but the immutable id and the unique name, which
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

extension Transaction {
    /// Forgets every unlinked object of a kind, before a full listing fills them in again.
    package func deleteUnlinkedObjects(provider: ProviderID, kind: ObjectKind) throws {
        try execute(
            "DELETE FROM unlinked_objects WHERE provider_id = ? AND object_kind = ?",
            SQLValue(provider),
            SQLValue(kind)
        )
    }

    /// Keeps an Entra object that is not linked, over what was kept of it before.
    package func saveUnlinkedObject(_ object: UnlinkedObject, provider: ProviderID) throws {
        try execute(
            """
            INSERT INTO unlinked_objects (provider_id, entra_id, object_kind, immutable_id, principal_name_folded,
                mail_folded, identity_folded, unique_name, display_name_folded, known)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (provider_id, entra_id) DO UPDATE SET immutable_id = excluded.immutable_id,
                principal_name_folded = excluded.principal_name_folded, mail_folded = excluded.mail_folded,
                identity_folded = excluded.identity_folded, unique_name = excluded.unique_name,
                display_name_folded = excluded.display_name_folded, known = excluded.known
            """,
            SQLValue(provider),
            SQLValue(object.entraID),
            SQLValue(object.kind),
            SQLValue(object.known["onPremisesImmutableId"]?.string),
            SQLValue(object.known["userPrincipalName"]?.string?.lowercased()),
            SQLValue(object.known["mail"]?.string?.lowercased()),
            SQLValue(object.mailIdentity?.lowercased()),
            SQLValue(object.known["uniqueName"]?.string),
            SQLValue(object.known["displayName"]?.string?.lowercased()),
            SQLValue(json: object.known)
        )
    }

    /// The unlinked objects that a key finds, two at most: one is a match, two are a conflict.
    package func unlinkedObjects(matching key: MatchKey, kind: ObjectKind, provider: ProviderID) throws
        -> [UnlinkedObject]
    {
        let (column, value) = Self.column(of: key)
        return try all(
            """
            SELECT object_kind, entra_id, known FROM unlinked_objects
            WHERE provider_id = ? AND \(column) = ? AND object_kind = ? ORDER BY entra_id LIMIT 2
            """,
            SQLValue(provider),
            .text(value),
            SQLValue(kind),
            as: Self.unlinkedObject
        )
    }

    /// The unlinked object of that Entra id.
    package func unlinkedObject(_ entraID: EntraObjectID, provider: ProviderID) throws -> UnlinkedObject? {
        try first(
            "SELECT object_kind, entra_id, known FROM unlinked_objects WHERE provider_id = ? AND entra_id = ?",
            SQLValue(provider),
            SQLValue(entraID),
            as: Self.unlinkedObject
        )
    }

    private static func unlinkedObject(_ row: any SQLRow) throws -> UnlinkedObject {
        UnlinkedObject(
            kind: try row.word(0),
            entraID: EntraObjectID(try row.requiredText(1)),
            known: try row.object(2)
        )
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

extension UnlinkedObject {
    fileprivate var mailIdentity: String? {
        known["identities"]?.array?
            .first { $0["signInType"]?.string == "federated" && $0["issuer"]?.string == "mail" }?["issuerAssignedId"]?
            .string
    }
}
