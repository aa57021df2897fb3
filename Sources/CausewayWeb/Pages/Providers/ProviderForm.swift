/// The form of a Microsoft Entra Provider, in the groups and words of authentik's.
enum ProviderForm {
    static let mappings = ObjectSource(
        list: "/propertymappings/provider/microsoft_entra/?ordering=name",
        object: "/propertymappings/provider/microsoft_entra/"
    )
    static let groups = ObjectSource(list: "/core/groups/?include_users=false&ordering=name", object: "/core/groups/")

    static let definition = FormDefinition(
        key: "provider",
        groups: [
            FormGroup(key: "", fields: [FormField(name: "name", kind: .text)]),
            FormGroup(
                key: "protocol",
                fields: [
                    FormField(name: "client_id", kind: .text), FormField(name: "client_secret", kind: .secret),
                    FormField(name: "tenant_id", kind: .text),
                    FormField(
                        name: "user_delete_action",
                        kind: .choice(["delete", "suspend", "do_nothing"]),
                        standard: "delete"
                    ),
                    FormField(
                        name: "group_delete_action",
                        kind: .choice(["delete", "do_nothing"]),
                        standard: "delete"
                    ),
                ]
            ),
            FormGroup(
                key: "filtering",
                fields: [
                    FormField(name: "exclude_users_service_account", kind: .flag, standard: "true"),
                    FormField(name: "filter_group", kind: .named(groups), isOptional: true),
                    FormField(name: "filter_group_recursive", kind: .flag),
                ]
            ),
            FormGroup(
                key: "mapping",
                fields: [
                    FormField(
                        name: "property_mappings",
                        kind: .objects(mappings, isMultiple: true),
                        isOptional: true,
                        preselected: "goauthentik.io/providers/microsoft_entra/user"
                    ),
                    FormField(
                        name: "property_mappings_group",
                        kind: .objects(mappings, isMultiple: true),
                        isOptional: true,
                        preselected: "goauthentik.io/providers/microsoft_entra/group"
                    ),
                ]
            ),
            FormGroup(
                key: "sync",
                isFolded: true,
                fields: [
                    FormField(name: "review_first_sync", kind: .flag, standard: "true"),
                    FormField(name: "dry_run", kind: .flag),
                    FormField(name: "discovery_enabled", kind: .flag, standard: "true"),
                    FormField(name: "sync_page_size", kind: .number, standard: "100"),
                    FormField(name: "guard_max_count", kind: .number, standard: "50"),
                    FormField(name: "guard_max_percent", kind: .number, standard: "10"),
                    FormField(
                        name: "scope_exit_action",
                        kind: .choice(["follow_delete_action", "suspend", "keep"]),
                        standard: "follow_delete_action"
                    ),
                    FormField(name: "block_inactive", kind: .flag, standard: "true"),
                    FormField(
                        name: "drift_policy",
                        kind: .choice(["restore", "report", "accept"]),
                        standard: "restore"
                    ),
                ]
            ),
            FormGroup(
                key: "cloud",
                isFolded: true,
                fields: [
                    FormField(
                        name: "cloud",
                        kind: .choice(["global", "us_gov", "us_gov_dod", "china", "custom"]),
                        standard: "global"
                    ),
                    FormField(name: "login_endpoint", kind: .text, isOptional: true),
                    FormField(name: "graph_endpoint", kind: .text, isOptional: true),
                ]
            ),
        ]
    )
}
