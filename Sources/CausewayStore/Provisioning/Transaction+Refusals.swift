package import CausewayModel

extension Transaction {
    private static let refusalColumns =
        "r.part, r.name, r.fingerprint, r.message, r.remedy, r.rule, r.rule_title, r.since_ms"

    /// Refusals are few and links many, so the query begins with the former: a cross join keeps its order.
    private static let refusalsOfProvider =
        "refusals r CROSS JOIN links c WHERE c.id = r.link_id AND c.provider_id = ?"

    /// Stores that Graph refused a part of an Entra object, replacing an earlier refusal of that part. Nothing is stored for an
    /// object without a link.
    package func remember(_ refusal: Refusal, of entraID: EntraObjectID, provider: ProviderID) throws {
        let (part, name) = refusal.part.columns
        try execute(
            """
            INSERT INTO refusals (link_id, part, name, fingerprint, message, remedy, rule, rule_title, since_ms)
            SELECT c.id, ?, ?, ?, ?, ?, ?, ?, ? FROM links c WHERE c.provider_id = ? AND c.entra_id = ?
            ON CONFLICT (link_id, part, name) DO UPDATE SET fingerprint = excluded.fingerprint,
                message = excluded.message, remedy = excluded.remedy, rule = excluded.rule,
                rule_title = excluded.rule_title, since_ms = excluded.since_ms
            """,
            .text(part),
            .text(name),
            .text(refusal.fingerprint),
            .text(refusal.outcome.message),
            .text(refusal.outcome.remedy),
            .text(refusal.outcome.rule?.id ?? ""),
            .text(refusal.outcome.rule?.title ?? ""),
            SQLValue(refusal.since),
            SQLValue(provider),
            SQLValue(entraID)
        )
    }

    /// Whether a provider has refusals: usually none.
    package func hasRefusals(of provider: ProviderID) throws -> Bool {
        try exists(
            "SELECT 1 FROM \(Self.refusalsOfProvider) LIMIT 1",
            SQLValue(provider)
        )
    }

    /// The refusals of an Entra object.
    package func refusals(of entraID: EntraObjectID, provider: ProviderID) throws -> [Refusal] {
        try all(
            """
            SELECT \(Self.refusalColumns) FROM refusals r JOIN links c ON c.id = r.link_id
            WHERE c.provider_id = ? AND c.entra_id = ? ORDER BY r.part, r.name
            """,
            SQLValue(provider),
            SQLValue(entraID),
            as: Self.refusal
        )
    }

    /// The refusals of a provider, with the local object, which is nil if it is gone; by name, a page at a time.
    package func refusals(of provider: ProviderID, limit: Int, offset: Int = 0) throws -> [(
        object: ObjectReference?, kind: ObjectKind, name: String, refusal: Refusal
    )] {
        try all(
            """
            SELECT \(Self.refusalColumns), c.object_kind, c.user_id, c.group_id, c.object_name
            FROM \(Self.refusalsOfProvider)
            ORDER BY c.object_kind, c.object_name, c.id, r.part, r.name LIMIT ? OFFSET ?
            """,
            SQLValue(provider),
            .integer(Int64(limit)),
            .integer(Int64(offset))
        ) { row in
            (
                try Self.localObject(row), try row.word("object_kind"), try row.text("object_name"),
                try Self.refusal(row)
            )
        }
    }

    /// Deletes the refusal of a part of an Entra object: it was written, or is no longer desired.
    package func forgetRefusal(_ part: Refusal.Part, of entraID: EntraObjectID, provider: ProviderID) throws {
        let (part, name) = part.columns
        try execute(
            """
            DELETE FROM refusals WHERE part = ? AND name = ? AND link_id IN (
                SELECT id FROM links WHERE provider_id = ? AND entra_id = ?)
            """,
            .text(part),
            .text(name),
            SQLValue(provider),
            SQLValue(entraID)
        )
    }

    /// Deletes the refusals of some local objects, since a person wants them to be retried.
    package func forgetRefusals(of objects: Set<ObjectReference>, provider: ProviderID) throws {
        for object in objects {
            guard let link = try link(of: object, provider: provider) else { continue }
            try execute("DELETE FROM refusals WHERE link_id = ?", SQLValue(link.id))
        }
    }

    /// Deletes all refusals of a provider, since a person wants everything to be retried.
    package func forgetRefusals(of provider: ProviderID) throws {
        try execute(
            """
            DELETE FROM refusals WHERE EXISTS (
                SELECT 1 FROM links c WHERE c.id = refusals.link_id AND c.provider_id = ?)
            """,
            SQLValue(provider)
        )
    }

    /// Deletes what was refused under other circumstances of the provider: permissions, credential, settings, mappings.
    ///
    /// - Parameter circumstances: their fingerprint.
    package func keepRefusals(under circumstances: String, provider: ProviderID) throws {
        let changed = try executeAndCount(
            "UPDATE providers SET refusal_circumstances = ? WHERE id = ? AND refusal_circumstances <> ?",
            .text(circumstances),
            SQLValue(provider),
            .text(circumstances)
        )
        if changed > 0 { try forgetRefusals(of: provider) }
    }

    private static func refusal(_ row: SQLRow) throws -> Refusal {
        guard let part = Refusal.Part(try row.text("part"), try row.text("name")) else {
            throw row.damaged("part", "is not a part of an object")
        }
        let attribute: String =
            switch part {
            case .attribute(let name): name
            case .member, .formerMember: "members"
            }
        return Refusal(
            part: part,
            fingerprint: try row.text("fingerprint"),
            outcome: Outcome(
                .failed,
                message: try row.text("message"),
                remedy: try row.text("remedy"),
                attribute: attribute,
                rule: try row.failureRule()
            ),
            since: try row.timestamp("since_ms")
        )
    }
}

extension Refusal.Part {
    fileprivate var columns: (part: String, name: String) {
        switch self {
        case .attribute(let name): ("attribute", name)
        case .member(let id): ("member", id.rawValue)
        case .formerMember(let id): ("former_member", id.rawValue)
        }
    }

    fileprivate init?(_ part: String, _ name: String) {
        switch part {
        case "attribute": self = .attribute(name)
        case "member": self = .member(EntraObjectID(name))
        case "former_member": self = .formerMember(EntraObjectID(name))
        default: return nil
        }
    }
}
