package import CausewayModel

extension Transaction {
    /// The holders of some unique values in the tenant.
    ///
    /// Of identities, only federated `mail` ones are stored in a searchable form.
    ///
    /// - Returns: the present objects by value, without unused values.
    package func holders(of values: Set<UniqueValue>, provider: ProviderID) throws -> [UniqueValue: [FoundObject]] {
        var found: [UniqueValue: [FoundObject]] = [:]
        for (property, group) in Dictionary(grouping: values, by: \.property) {
            let byKey = Dictionary(group.compactMap { value in Self.key(of: value).map { ($0, value) } }) { $1 }
            guard !byKey.isEmpty else { continue }
            let list = SQLList(byKey.keys.sorted().map(SQLValue.text))
            for condition in Self.conditions(property) {
                try connection.query(
                    """
                    SELECT \(Self.foundColumns), \(condition.column) AS matched_value FROM \(condition.tables)
                    WHERE o.provider_id = ? AND \(condition.column) IN \(list.sql) AND o.presence = 'present'
                    ORDER BY o.entra_id
                    """,
                    [SQLValue(provider)] + list.arguments
                ) { row in
                    guard let value = byKey[try row.text("matched_value")] else { return }
                    let object = try Self.foundObject(row)
                    if found[value]?.contains(where: { $0.object.entraID == object.object.entraID }) != true {
                        found[value, default: []].append(object)
                    }
                }
            }
        }
        return found
    }

    private static func key(of value: UniqueValue) -> String? {
        value.property == .identities ? value.mailIdentity : value.text
    }

    private static func conditions(_ property: UniqueValue.Property) -> [(tables: String, column: String)] {
        switch property {
        case .userPrincipalName: [(foundTables, "o.principal_name_folded")]
        case .onPremisesImmutableId: [(foundTables, "o.immutable_id")]
        case .identities: [(foundTables, "o.identity_folded")]
        case .mailNickname: [(foundTables, "o.nickname_folded")]
        case .uniqueName: [(foundTables, "o.unique_name")]
        case .mail:
            [
                (foundTables, "o.mail_folded"),
                (
                    """
                    mirror_addresses a
                    JOIN mirror_objects o ON o.provider_id = a.provider_id AND o.entra_id = a.entra_id
                    LEFT JOIN links c ON c.provider_id = o.provider_id AND c.entra_id = o.entra_id
                    """, "a.address_folded"
                ),
            ]
        }
    }
}
