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

    /// The credential is not a setting: it is stored separately and never shown.
    private static let credential = FormField(name: "client_secret", kind: .secret)

    private static func group(_ key: String, isFolded: Bool = false) -> FormGroup {
        FormGroup(key, of: ProviderSettings.self, isFolded: isFolded, adding: ["client_id": credential]) { kind in
            if case .reference = kind { groups } else { mappings }
        }
    }
}
