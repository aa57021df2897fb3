import CausewayModel

/// A provider as its row stores it; lists are in tables of their own.
struct ProviderRow {
    let id: ProviderID
    /// Seals texts with secrets.
    let secrets: SecretBox
    var settings: ProviderSettings
    /// The present or former name of the filter group.
    var filterGroupName: String?
    var selectsGroups = false
    var application: ApplicationID?
    var restoredAt: Timestamp?
    /// The secret that it is created with.
    var sealedSecret: [UInt8] = []

    /// Each setting is a column with its field's name.
    static let table = RecordTable<ProviderRow>(
        "providers",
        ProviderSettings.fields.compactMap { Column.field($0, of: \.settings) ?? Column.sealed($0) } + [
            Column("id", .once) { SQLValue($0.id) },
            .optionalID("filter_group_id", \.settings.filterGroup),
            .optionalText("filter_group_name", \.filterGroupName),
            .bool("selects_groups", \.selectsGroups),
            .derived("client_secret_sealed", .once) { .blob($0.sealedSecret) },
            .readOnly("application_id", \.application),
            .readOnlyTime("restored_at_ms", \.restoredAt),
        ]
    )
}

extension Column<ProviderRow> {
    /// The column of a text with a secret; NULL for an empty one.
    ///
    /// - Returns: nil for fields of other kinds.
    fileprivate static func sealed(_ field: Field<ProviderSettings>) -> Column? {
        guard let property = field.sealed else { return nil }
        return Column(
            name: field.column,
            writing: .always,
            write: { row, values in
                let text = row.settings[keyPath: property]
                values.append(text == Secret("") ? .null : .blob(try row.secrets.seal(text)))
            },
            read: { columns, row in
                guard let sealed = try columns.blob(orNil: field.column) else { return }
                row.settings[keyPath: property] = try row.secrets.open(sealed)
            }
        )
    }
}
