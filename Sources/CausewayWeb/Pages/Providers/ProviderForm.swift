import CausewayModel

/// The form of a Microsoft Entra provider, with the groups and labels of authentik's form.
enum ProviderForm {
    /// The mappings for objects of a kind, and those that may be for either.
    private static func mappings(for kind: DirectoryKind) -> ObjectSource {
        ObjectSource(
            list: "/causeway/mappings/?ordering=name&kind=\(kind.rawValue)",
            object: "/propertymappings/provider/microsoft_entra/"
        )
    }

    static let groups = ObjectSource(list: "/core/groups/?include_users=false&ordering=name", object: "/core/groups/")

    static let definition = FormDefinition(
        key: "provider",
        groups: [
            group(""), group("protocol"), group("credential", isFolded: true), group("filtering"), group("mapping"),
            group("sync", isFolded: true),
            group("cloud", isFolded: true, use: .init(field: "cloud", value: "custom")),
        ]
    )

    /// The credential is not a setting: it is stored separately and never shown.
    private static let credential = FormField(name: "client_secret", kind: .secret)
    /// A certificate is the same credential of another kind.
    private static let certificate = FormField(
        name: "certificate",
        kind: .secretText(for: "client_secret"),
        isOptional: true
    )

    /// The API would store a certificate as a secret.
    static func check(_ state: inout FormState, _ texts: Texts) {
        guard !state.text("certificate").isEmpty, state.text("credential_kind") != "certificate" else { return }
        state.errors["credential_kind"] = texts("forms.provider.certificate_kind")
    }

    private static let further: KeyValuePairs = ["client_id": credential, "credential_kind": certificate]

    private static func group(_ key: String, isFolded: Bool = false, use: FormGroup.Use? = nil) -> FormGroup {
        var group = FormGroup(key, of: ProviderSettings.self, isFolded: isFolded, adding: further) { name, kind in
            if case .reference = kind { return groups }
            return mappings(for: name == "property_mappings_group" ? .group : .user)
        }
        group.use = use
        return group
    }
}
