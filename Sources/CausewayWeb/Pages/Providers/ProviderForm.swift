import CausewayModel

/// The form of a Microsoft Entra provider, with the groups and labels of authentik's form.
enum ProviderForm {
    static let mappings = ObjectSource(
        list: "/propertymappings/provider/microsoft_entra/?ordering=name",
        object: "/propertymappings/provider/microsoft_entra/"
    )
    static let groups = ObjectSource(list: "/core/groups/?include_users=false&ordering=name", object: "/core/groups/")

    static let definition = FormDefinition(
        key: "provider",
        groups: [
            group(""), group("protocol"), group("filtering"), group("mapping"), group("sync", isFolded: true),
            group("cloud", isFolded: true),
        ]
    )

    private static func group(_ key: String, isFolded: Bool = false) -> FormGroup {
        var fields = ProviderSettings.fields.compactMap(field).filter { $0.group == key }.map(\.field)
        // The credential is not a setting: it is stored separately and never shown.
        if let client = fields.firstIndex(where: { $0.name == "client_id" }) {
            fields.insert(FormField(name: "client_secret", kind: .secret), at: client + 1)
        }
        return FormGroup(key: key, isFolded: isFolded, fields: fields)
    }

    private static func field(_ field: Field<ProviderSettings>) -> (group: String, field: FormField)? {
        guard let place = field.form else { return nil }
        let source = if case .reference = field.kind { groups } else { mappings }
        return FormField(field, at: place, of: .blank, source).map { (place.group, $0) }
    }
}
