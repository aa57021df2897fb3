import CausewayJSON
import CausewayModel

/// A row of the mirror: the known values of an Entra object, and the values that it is found by.
struct MirrorRow {
    let object: MirrorObject
    let provider: ProviderID
    /// The reading of the whole tenant that has shown it; 0 for none.
    let round: Int64

    static let table = RecordTable<MirrorRow>(
        "mirror_objects",
        [
            .derived("provider_id", .once) { SQLValue($0.provider) },
            Column("entra_id", .once) { SQLValue($0.object.entraID) },
            Column("object_kind", .once) { SQLValue($0.object.kind) },
            .derived("immutable_id", of: { $0.known("onPremisesImmutableId") }) { SQLValue($0) },
            .derived("principal_name_folded", of: { $0.known("userPrincipalName") }) { SQLValue($0?.lowercased()) },
            .derived("mail_folded", of: { $0.known("mail") }) { SQLValue($0?.lowercased()) },
            .derived("identity_folded", of: { $0.object.known.mailIdentity }) { SQLValue($0?.lowercased()) },
            .derived("unique_name", of: { $0.known("uniqueName") }) { SQLValue($0) },
            .derived("display_name_folded", of: { $0.object.kind == .group ? $0.known("displayName") : nil }) {
                SQLValue($0?.lowercased())
            },
            .derived("employee_id_folded", of: { $0.known("employeeId") }) { SQLValue($0?.lowercased()) },
            .derived("nickname_folded", of: { $0.object.uniqueNickname }) { SQLValue($0?.lowercased()) },
            Column("known", of: { $0.object.known }) { SQLValue(json: $0) },
            Column("presence") { SQLValue($0.object.presence) },
            Column("deleted_at_ms") { SQLValue($0.object.deletedAt) },
            Column("former_object_id") { SQLValue($0.object.former?.id) },
            Column("written", of: { $0.object.written }) {
                SQLValue(json: $0.mapValues { .integer($0.milliseconds) })
            },
            Column("stale_since_ms") { SQLValue($0.object.staleSince) },
            .derived("round", .once) { .integer($0.round) },
            .derived("is_disabled") { .bool($0.object.known["accountEnabled"] == .bool(false)) },
            .readOnly("is_suspended"),
        ]
    )

    private func known(_ property: String) -> String? { object.known[property]?.string }
}

extension Transaction {
    static let mirrorColumns = MirrorRow.table.selection("o")

    static func mirrorObject(_ row: SQLRow) throws -> MirrorObject {
        let kind: ObjectKind = try row.word("object_kind")
        return MirrorObject(
            kind: kind,
            entraID: try row.id("entra_id"),
            known: try row.object("known"),
            presence: try row.word("presence"),
            deletedAt: try row.timestamp(orNil: "deleted_at_ms"),
            former: try row.reference(kind, orNil: "former_object_id"),
            written: moments(try row.object("written")),
            staleSince: try row.timestamp(orNil: "stale_since_ms"),
            isSuspended: try row.bool("is_suspended")
        )
    }

    private static func moments(_ written: [String: JSONValue]) -> [String: Timestamp] {
        var moments = [String: Timestamp](minimumCapacity: written.count)
        for (name, moment) in written { moments[name] = moment.integer.map(Timestamp.init(milliseconds:)) }
        return moments
    }
}

extension MirrorObject {
    /// The nickname, if it is unique: among Microsoft 365 groups.
    fileprivate var uniqueNickname: String? {
        guard kind == .group, known["groupTypes"]?.areTypesOfMicrosoft365 == true else { return nil }
        return known["mailNickname"]?.string
    }

    /// Whether it surely has the aliases of another record.
    func hasAliases(of other: MirrorObject) -> Bool {
        known["proxyAddresses"] == other.known["proxyAddresses"] && known["mail"] == other.known["mail"]
    }

    /// The SMTP addresses except the primary one, in lower case.
    var aliases: Set<String> {
        let addresses = (known["proxyAddresses"]?.array ?? []).compactMap { $0.string?.lowercased() }
            .filter { $0.hasPrefix("smtp:") }.map { String($0.dropFirst("smtp:".count)) }
        return Set(addresses).subtracting([known["mail"]?.string?.lowercased() ?? ""])
    }
}
