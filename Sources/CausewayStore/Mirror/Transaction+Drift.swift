import CausewayJSON
package import CausewayModel

/// A drift with its object's human-readable name.
package struct NamedDrift: Hashable, Sendable {
    package let drift: Drift
    /// Nil if the object is no longer linked.
    package let name: String?
}

extension Transaction {
    private static let driftColumns = """
        d.id, d.object_kind, d.entra_id, d.attribute, d.member_entra_id, d.old_value, d.new_value, d.seen_at_ms, d.status
        """

    /// Records an external change of a linked object. Another change of the same attribute continues the first.
    package func recordDrift(
        _ changes: [ExternalChange],
        of entraID: EntraObjectID,
        kind: ObjectKind,
        member: EntraObjectID? = nil,
        provider: ProviderID
    ) throws {
        // Since the backup Causeway has made changes itself, and no longer knows which.
        guard try !changes.isEmpty && !awaitsFullSyncAfterRestore(provider) else { return }
        for change in changes {
            let updated = try executeAndCount(
                """
                UPDATE drifts SET new_value = ?, status = 'open', seen_at_ms = ? WHERE provider_id = ? AND entra_id = ?
                    AND attribute = ? AND member_entra_id = ? AND resolved_at_ms IS NULL
                """,
                .text(change.new.text),
                SQLValue(now),
                SQLValue(provider),
                SQLValue(entraID),
                .text(change.attribute),
                .text(member?.rawValue ?? "")
            )
            guard updated == 0 else { continue }
            try execute(
                """
                INSERT INTO drifts (provider_id, object_kind, entra_id, attribute, member_entra_id, old_value, new_value,
                    status, seen_at_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?)
                """,
                SQLValue(provider),
                SQLValue(kind),
                SQLValue(entraID),
                .text(change.attribute),
                .text(member?.rawValue ?? ""),
                .text(change.old.text),
                .text(change.new.text),
                SQLValue(now)
            )
        }
    }

    /// Records members of a linked group that someone else added or removed.
    package func recordDrift(
        ofMembers members: [EntraObjectID],
        areMembers: Bool,
        of group: EntraObjectID,
        provider: ProviderID
    ) throws {
        for member in members {
            let change = ExternalChange(membership: areMembers)
            try recordDrift([change], of: group, kind: .group, member: member, provider: provider)
        }
    }

    /// Whether a provider has open drift, so that planning need not look for it.
    package func hasUnresolvedDrift(_ provider: ProviderID) throws -> Bool {
        try exists("SELECT 1 FROM drifts WHERE provider_id = ? AND resolved_at_ms IS NULL LIMIT 1", SQLValue(provider))
    }

    /// The open drift of an Entra object.
    package func unresolvedDrift(of entraID: EntraObjectID, provider: ProviderID) throws -> [Drift] {
        try all(
            """
            SELECT \(Self.driftColumns) FROM drifts d WHERE d.provider_id = ? AND d.entra_id = ? AND d.resolved_at_ms IS NULL
            ORDER BY d.id
            """,
            SQLValue(provider),
            SQLValue(entraID),
            as: Self.drift
        )
    }

    /// A page of a provider's drift, the latest first.
    ///
    /// - Parameter standing: whether only open drift is wanted.
    package func drifts(of provider: ProviderID, standing: Bool, before id: Int64?, limit: Int) throws -> [NamedDrift] {
        try all(
            """
            SELECT \(Self.driftColumns), c.object_name FROM drifts d
            LEFT JOIN links c ON c.provider_id = d.provider_id AND c.entra_id = d.entra_id
            WHERE d.provider_id = ? AND d.id < ?\(standing ? " AND d.resolved_at_ms IS NULL" : "")
            ORDER BY d.id DESC LIMIT ?
            """,
            SQLValue(provider),
            .integer(id ?? .max),
            .integer(Int64(limit))
        ) { NamedDrift(drift: try Self.drift($0), name: try $0.text(orNil: "object_name")) }
    }

    /// Records the status of a drift; nil deletes it, since Causeway does not manage the value.
    package func resolveDrift(_ id: Int64, as status: DriftStatus?) throws {
        guard let status else {
            try execute("DELETE FROM drifts WHERE id = ?", .integer(id))
            return
        }
        try execute(
            "UPDATE drifts SET status = ?, resolved_at_ms = ? WHERE id = ?",
            SQLValue(status),
            SQLValue(status.isUnresolved ? nil : now),
            .integer(id)
        )
    }

    /// The properties that a provider's mappings returned when they were last applied.
    package func managedAttributes(_ kind: ObjectKind, provider: ProviderID) throws -> Set<String> {
        let text = try first(
            "SELECT managed FROM mirror_feeds WHERE provider_id = ? AND object_kind = ?",
            SQLValue(provider),
            SQLValue(kind)
        ) { try $0.text("managed") }
        return Set((text ?? "").split(separator: ",").map(String.init))
    }

    /// Whether a provider's mappings name managers.
    package func managesManagers(_ provider: ProviderID) throws -> Bool {
        try managedAttributes(.user, provider: provider).contains("manager")
    }

    /// Records which properties a provider manages.
    package func setManagedAttributes(_ names: Set<String>, _ kind: ObjectKind, provider: ProviderID) throws {
        try execute(
            "UPDATE mirror_feeds SET managed = ? WHERE provider_id = ? AND object_kind = ?",
            .text(names.sorted().joined(separator: ",")),
            SQLValue(provider),
            SQLValue(kind)
        )
    }

    private static func drift(_ row: SQLRow) throws -> Drift {
        let member = try row.text("member_entra_id")
        return Drift(
            id: try row.integer("id"),
            kind: try row.word("object_kind"),
            entraID: try row.id("entra_id"),
            attribute: try row.text("attribute"),
            member: member.isEmpty ? nil : EntraObjectID(member),
            old: try row.json("old_value"),
            new: try row.json("new_value"),
            seen: try row.timestamp("seen_at_ms"),
            status: try row.word("status")
        )
    }
}
