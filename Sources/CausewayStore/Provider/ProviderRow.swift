import CausewayModel

/// A provider as its row stores it; lists are in tables of their own.
struct ProviderRow {
    let id: ProviderID
    var settings: ProviderSettings
    /// The present or former name of the filter group.
    var filterGroupName: String?
    var selectsGroups = false
    var application: ApplicationID?
    /// The secret that it is created with.
    var sealedSecret: [UInt8] = []

    /// A setting is one line here, and a column that a migration adds.
    static let table = RecordTable<ProviderRow>(
        "providers",
        [
            Column("id", .once) { SQLValue($0.id) },
            .text("name", \.settings.name),
            .text("client_id", \.settings.clientID),
            .text("tenant_id", \.settings.tenantID),
            .bool("exclude_users_service_account", \.settings.excludeServiceAccounts),
            .word("user_delete_action", \.settings.userDeleteAction),
            .word("group_delete_action", \.settings.groupDeleteAction),
            .optionalID("filter_group_id", \.settings.filterGroup),
            .optionalText("filter_group_name", \.filterGroupName),
            .bool("filter_group_recursive", \.settings.filterGroupRecursive),
            .word("nested_groups", \.settings.nestedGroups),
            .int("sync_page_size", \.settings.syncPageSize),
            .text("sync_page_timeout", \.settings.syncPageTimeout),
            .bool("discovery_enabled", \.settings.discoveryEnabled),
            .bool("dry_run", \.settings.dryRun),
            .word("cloud", \.settings.cloud),
            .text("login_endpoint", \.settings.loginEndpoint),
            .text("graph_endpoint", \.settings.graphEndpoint),
            .word("credential_kind", \.settings.credentialKind),
            .word("scope_exit_action", \.settings.scopeExitAction),
            .int("guard_max_count", \.settings.guardMaxCount),
            .int("guard_max_percent", \.settings.guardMaxPercent),
            .word("drift_policy", \.settings.driftPolicy),
            .text("federated_token_file", \.settings.federatedTokenFile),
            .words("user_match_rules", \.settings.userMatchRules),
            .words("group_match_rules", \.settings.groupMatchRules),
            .text("approval_lifetime", \.settings.approvalLifetime),
            .words("same_person_keys", \.settings.samePersonKeys),
            .bool("block_inactive", \.settings.blockInactive),
            .bool("review_first_sync", \.settings.reviewFirstSync),
            .bool("selects_groups", \.selectsGroups),
            .derived("client_secret_sealed", .once) { .blob($0.sealedSecret) },
            .readOnly("application_id", \.application),
        ]
    )
}
