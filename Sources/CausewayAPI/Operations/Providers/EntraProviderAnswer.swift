import CausewayJSON
import CausewayModel
import CausewayStore

/// Microsoft Entra providers in authentik's form.
enum EntraProviderAnswer {
    static let component = "ak-provider-microsoft-entra-form"
    static let title = "Microsoft Entra Provider"

    private static let names: [String: JSONValue] = [
        "component": .string(component), "verbose_name": .string(title),
        "verbose_name_plural": "Microsoft Entra Providers",
        "meta_model_name": .string("\(APIModel.provider.app).\(APIModel.provider.name)"),
    ]

    /// A provider with all its settings. The secret is never included; its field is there, since older clients demand it.
    ///
    /// - Parameter lastSync: nil if there was none.
    static func json(_ provider: EntraProvider, _ applications: [Application], _ lastSync: Run?) -> JSONValue {
        let settings = provider.settings
        let application = applications.first { $0.id == provider.application }
        var json = names
        json.merge([
            "pk": .integer(provider.id.rawValue), "name": .string(settings.name),
            "property_mappings": JSONValue(settings.userMappings.map(\.text)),
            "property_mappings_group": JSONValue(settings.groupMappings.map(\.text)),
            "assigned_backchannel_application_slug": JSONValue(application?.slug),
            "assigned_backchannel_application_name": JSONValue(application?.name),
            "client_id": .string(settings.clientID), "client_secret": "", "tenant_id": .string(settings.tenantID),
            "exclude_users_service_account": .bool(settings.excludeServiceAccounts),
            "filter_group": JSONValue(settings.filterGroup?.text),
            "user_delete_action": .string(settings.userDeleteAction.rawValue),
            "group_delete_action": .string(settings.groupDeleteAction.rawValue),
            "sync_page_size": .integer(Int64(settings.syncPageSize)),
            "sync_page_timeout": .string(settings.syncPageTimeout),
            "discovery_enabled": .bool(settings.discoveryEnabled), "dry_run": .bool(settings.dryRun),
            "last_sync": lastSync.map(SyncAnswer.json) ?? .null,
        ]) { $1 }
        json.merge(beyond(provider)) { $1 }
        return .object(json)
    }

    /// What Causeway has beyond authentik.
    private static func beyond(_ provider: EntraProvider) -> [String: JSONValue] {
        let settings = provider.settings
        return [
            "filter_group_recursive": .bool(settings.filterGroupRecursive),
            "vanished_filter_group": JSONValue(provider.vanishedFilterGroup),
            "groups": JSONValue(settings.groups.map(\.text)), "nested_groups": .string(settings.nestedGroups.rawValue),
            "user_match_rules": JSONValue(settings.userMatchRules.map(\.rawValue)),
            "group_match_rules": JSONValue(settings.groupMatchRules.map(\.rawValue)),
            "same_person_keys": JSONValue(settings.samePersonKeys.map(\.rawValue)),
            "cloud": .string(settings.cloud.rawValue), "login_endpoint": .string(settings.loginEndpoint),
            "graph_endpoint": .string(settings.graphEndpoint),
            "credential_kind": .string(settings.credentialKind.rawValue),
            "federated_token_file": .string(settings.federatedTokenFile),
            "scope_exit_action": .string(settings.scopeExitAction.rawValue),
            "block_inactive": .bool(settings.blockInactive),
            "guard_max_count": .integer(Int64(settings.guardMaxCount)),
            "guard_max_percent": .integer(Int64(settings.guardMaxPercent)),
            "review_first_sync": .bool(settings.reviewFirstSync),
            "approval_lifetime": .string(settings.approvalLifetime),
            "drift_policy": .string(settings.driftPolicy.rawValue),
        ]
    }

    /// A provider in the list of providers of all types.
    static func common(_ provider: EntraProvider, _ applications: [Application]) -> JSONValue {
        let backchannel = applications.first { $0.id == provider.application }
        let main = applications.first { $0.provider == provider.id }
        var json = names
        json.merge([
            "pk": .integer(provider.id.rawValue), "name": .string(provider.name), "authentication_flow": .null,
            "authorization_flow": .null, "invalidation_flow": .null,
            "property_mappings": JSONValue(provider.userMappings.map(\.text)),
            "assigned_application_slug": JSONValue(main?.slug), "assigned_application_name": JSONValue(main?.name),
            "assigned_backchannel_application_slug": JSONValue(backchannel?.slug),
            "assigned_backchannel_application_name": JSONValue(backchannel?.name),
        ]) { $1 }
        return .object(json)
    }
}
