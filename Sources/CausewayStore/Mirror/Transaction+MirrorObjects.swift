package import CausewayJSON
package import CausewayModel

extension Transaction {
    private static let saveMirrorRow = MirrorRow.table.saving(
        by: "provider_id, entra_id",
        "round = CASE WHEN excluded.round > mirror_objects.round THEN excluded.round ELSE mirror_objects.round END"
    )

    /// The mirror's record of an Entra object.
    package func mirrorObject(_ entraID: EntraObjectID, provider: ProviderID) throws -> MirrorObject? {
        try mirrorObjects([entraID], provider: provider)[entraID]
    }

    /// The mirror's records of some Entra objects.
    package func mirrorObjects(_ entraIDs: [EntraObjectID], provider: ProviderID) throws -> [EntraObjectID:
        MirrorObject]
    {
        try rows(
            "SELECT \(Self.mirrorColumns) FROM mirror_objects o WHERE o.provider_id = ? AND o.entra_id",
            SQLValue(provider),
            in: entraIDs,
            { SQLValue($0) }
        ) { row in
            let object = try Self.mirrorObject(row)
            return (object.entraID, object)
        }
    }

    /// Merges what Graph reported about an object.
    ///
    /// - Parameters:
    ///   - present: what the mirror has of it.
    ///   - round: the reading of the whole tenant that it belongs to; 0 for none.
    ///   - isRereading: whether it answers a read that came after every contradiction.
    @discardableResult
    package func merge(
        _ report: ObjectSnapshot,
        of entraID: EntraObjectID,
        over present: MirrorObject?,
        kind: ObjectKind,
        provider: ProviderID,
        round: Int64 = 0,
        isRereading: Bool = false,
        _ consistencyWindow: ConsistencyWindow
    ) throws -> MergedReport {
        var object = present ?? MirrorObject(kind: kind, entraID: entraID, known: [:])
        let told = isRereading ? object.refresh(report, consistencyWindow) : object.merge(report, consistencyWindow)
        // An account that is enabled in the tenant is taken over there: a later suspension is not Causeway's.
        if told.external.contains(where: { $0.attribute == "accountEnabled" && $0.new == true }) {
            try setSuspended(false, at: entraID, provider: provider)
        }
        if object != present {
            try save(object, over: present, provider: provider, round: round)
        } else if round > 0 {
            try execute(
                "UPDATE mirror_objects SET round = ? WHERE provider_id = ? AND entra_id = ?",
                .integer(round),
                SQLValue(provider),
                SQLValue(entraID)
            )
        }
        return present == nil ? told.ofUnknownObject : told
    }

    /// Records attributes that Causeway wrote to an Entra object; an object that is not in the mirror yet is added.
    ///
    /// - Parameter before: what the mirror has of it.
    package func recordWrite(
        _ changes: [String: JSONValue],
        to entraID: EntraObjectID,
        over before: MirrorObject?,
        kind: ObjectKind,
        provider: ProviderID,
        isNew: Bool = false
    ) throws {
        var object = before ?? MirrorObject(kind: kind, entraID: entraID, known: [:])
        object.recordWrite(changes, at: now)
        if isNew { object.recordCreation(at: now) }
        try save(object, over: before, provider: provider)
    }

    /// Records that Causeway moved an Entra object.
    package func setPresence(
        _ entraID: EntraObjectID,
        to presence: EntraPresence,
        former: ObjectReference? = nil,
        provider: ProviderID
    ) throws {
        guard var object = try mirrorObject(entraID, provider: provider) else { return }
        object.setPresence(to: presence, at: now, former: former)
        try saveMirrorObject(object, provider: provider)
    }

    /// Records that an Entra object is gone, as a plain read confirmed; a link to it stays.
    package func markGone(_ entraID: EntraObjectID, _ presence: EntraPresence, kind: ObjectKind, provider: ProviderID)
        throws
    {
        var object =
            try mirrorObject(entraID, provider: provider) ?? MirrorObject(kind: kind, entraID: entraID, known: [:])
        object.presence = presence
        object.deletedAt = now
        object.staleSince = nil
        // Without a key of Causeway's, only the link shows to whom it belonged.
        object.former = try object.former ?? link(to: entraID, provider: provider)?.object
        try saveMirrorObject(object, provider: provider)
        try unsettle(linkedTo: entraID, provider: provider)
    }

    /// Records whether Causeway has suspended an account because its user is inactive or left.
    package func setSuspended(_ isSuspended: Bool, at entraID: EntraObjectID, provider: ProviderID) throws {
        try execute(
            "UPDATE mirror_objects SET is_suspended = ? WHERE provider_id = ? AND entra_id = ?",
            .bool(isSuspended),
            SQLValue(provider),
            SQLValue(entraID)
        )
    }

    /// Records the former owner of an Entra object, so that the owner gets it back and nobody else does; nil if it has an owner again.
    package func setFormer(_ former: ObjectReference?, of entraID: EntraObjectID, provider: ProviderID) throws {
        try execute(
            "UPDATE mirror_objects SET former_object_id = ? WHERE provider_id = ? AND entra_id = ?",
            SQLValue(former?.id),
            SQLValue(provider),
            SQLValue(entraID)
        )
    }

    /// Records the owner of the Entra objects that a local object is linked to, before it is deleted.
    func rememberOwner(_ object: ObjectReference) throws {
        let (column, key) = Self.localKey(object)
        let links: [(provider: ProviderID, entraID: EntraObjectID)] = try all(
            "SELECT provider_id, entra_id FROM links WHERE \(column) = ?",
            key
        ) { (provider: try $0.id("provider_id"), entraID: try $0.id("entra_id")) }
        for link in links { try setFormer(object, of: link.entraID, provider: link.provider) }
    }

    /// Marks an object as stale, because a report contradicts Causeway's own writes.
    package func markStale(_ entraID: EntraObjectID, provider: ProviderID) throws {
        try execute(
            """
            UPDATE mirror_objects SET stale_since_ms = COALESCE(stale_since_ms, ?) WHERE provider_id = ? AND entra_id = ?
            """,
            SQLValue(now),
            SQLValue(provider),
            SQLValue(entraID)
        )
    }

    /// Stores a record of an object, replacing the previous one.
    package func saveMirrorObject(_ object: MirrorObject, provider: ProviderID, round: Int64 = 0) throws {
        try saveRow(MirrorRow(object: object, provider: provider, round: round))
        try saveAliases(of: object, provider: provider)
    }

    private func saveRow(_ row: MirrorRow) throws {
        try connection.execute(Self.saveMirrorRow, try MirrorRow.table.values(of: row))
    }

    /// Stores what has changed of a record: most changes touch no index.
    private func save(
        _ object: MirrorObject,
        over before: MirrorObject?,
        provider: ProviderID,
        round: Int64 = 0
    ) throws {
        let row = MirrorRow(object: object, provider: provider, round: round)
        guard let before else {
            try saveRow(row)
            if !object.aliases.isEmpty { try saveAliases(of: object, provider: provider) }
            return
        }
        var (assignments, values) = try MirrorRow.table.difference(
            of: row,
            from: MirrorRow(object: before, provider: provider, round: round)
        )
        if round > 0 {
            assignments.append("round = CASE WHEN CAST(? AS BIGINT) > round THEN CAST(? AS BIGINT) ELSE round END")
            values += [.integer(round), .integer(round)]
        }
        if !assignments.isEmpty {
            try connection.execute(
                "UPDATE mirror_objects SET \(assignments.joined(separator: ", ")) WHERE provider_id = ? AND entra_id = ?",
                values + [SQLValue(provider), SQLValue(object.entraID)]
            )
        }
        if !object.hasAliases(of: before) { try saveAliases(of: object, provider: provider) }
    }

    /// Stores the addresses of an object except its primary one: they are taken as well.
    private func saveAliases(of object: MirrorObject, provider: ProviderID) throws {
        try execute(
            "DELETE FROM mirror_addresses WHERE provider_id = ? AND entra_id = ?",
            SQLValue(provider),
            SQLValue(object.entraID)
        )
        for address in object.aliases {
            try execute(
                "INSERT INTO mirror_addresses (provider_id, address_folded, entra_id) VALUES (?, ?, ?)",
                SQLValue(provider),
                .text(address),
                SQLValue(object.entraID)
            )
        }
    }

    /// Stale objects that are due to be read again.
    package func staleObjects(provider: ProviderID, kind: ObjectKind, since limit: Timestamp) throws
        -> [EntraObjectID]
    {
        try all(
            """
            SELECT entra_id FROM mirror_objects
            WHERE provider_id = ? AND stale_since_ms IS NOT NULL AND stale_since_ms <= ? AND object_kind = ?
            ORDER BY entra_id
            """,
            SQLValue(provider),
            SQLValue(limit),
            SQLValue(kind)
        ) { try $0.id("entra_id") }
    }

    /// Drops Causeway's own writes to an object, because the result of the last one is unknown, and forces a read.
    package func invalidate(_ entraID: EntraObjectID, provider: ProviderID) throws {
        guard var object = try mirrorObject(entraID, provider: provider) else { return }
        (object.written, object.staleSince) = ([:], .alwaysStale)
        try saveMirrorObject(object, provider: provider)
    }

    /// Linked objects that a reading of the whole tenant did not show.
    package func linkedObjectsUnseen(in round: Int64, provider: ProviderID, kind: ObjectKind) throws -> [EntraObjectID]
    {
        try all(
            """
            SELECT c.entra_id FROM links c
            LEFT JOIN mirror_objects o ON o.provider_id = c.provider_id AND o.entra_id = c.entra_id
            WHERE c.provider_id = ? AND c.object_kind = ?
                AND (o.round IS NULL OR (o.round < ? AND o.presence = 'present'))
            ORDER BY c.entra_id
            """,
            SQLValue(provider),
            SQLValue(kind),
            .integer(round)
        ) { try $0.id("entra_id") }
    }

    /// Deletes objects without a link that a reading of the whole tenant did not show, except what Causeway has just written
    /// or moved.
    package func forgetUnlinkedObjects(
        unseenIn round: Int64,
        provider: ProviderID,
        kind: ObjectKind,
        _ consistencyWindow: ConsistencyWindow
    ) throws {
        let unseen = try all(
            """
            SELECT \(Self.mirrorColumns) FROM mirror_objects o
            WHERE o.provider_id = ? AND o.object_kind = ? AND o.round < ? AND NOT EXISTS (
                SELECT 1 FROM links c WHERE c.provider_id = o.provider_id AND c.entra_id = o.entra_id)
            """,
            SQLValue(provider),
            SQLValue(kind),
            .integer(round),
            as: Self.mirrorObject
        )
        for object in unseen where !consistencyWindow.isFresh(object.written[MirrorObject.existence]) {
            try forgetMirrorObject(object.entraID, provider: provider)
        }
    }

    /// Deletes objects without a link that have been in the recycle bin for so long that Entra has purged them.
    package func forgetPurgedObjects(deletedBefore limit: Timestamp, provider: ProviderID) throws {
        try execute(
            """
            DELETE FROM mirror_objects WHERE provider_id = ? AND deleted_at_ms IS NOT NULL
                AND (presence = 'purged' OR deleted_at_ms < ?) AND NOT EXISTS (
                    SELECT 1 FROM links c
                    WHERE c.provider_id = mirror_objects.provider_id AND c.entra_id = mirror_objects.entra_id)
            """,
            SQLValue(provider),
            SQLValue(limit)
        )
    }

    /// Deletes an object.
    package func forgetMirrorObject(_ entraID: EntraObjectID, provider: ProviderID) throws {
        try execute(
            "DELETE FROM mirror_objects WHERE provider_id = ? AND entra_id = ?",
            SQLValue(provider),
            SQLValue(entraID)
        )
    }
}

extension Timestamp {
    /// The time of staleness that needs no waiting: before all others.
    package static let alwaysStale = Timestamp(milliseconds: 0)
}
