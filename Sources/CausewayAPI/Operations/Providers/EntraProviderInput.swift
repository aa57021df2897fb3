import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// What a client sends about a provider.
struct EntraProviderInput {
    let body: [String: JSONValue]

    /// The settings with the client's values; what it leaves out stays.
    ///
    /// - Throws: ``APIError`` or `ValidationError` with what is wrong.
    func settings(_ before: ProviderSettings, in transaction: Transaction) throws -> ProviderSettings {
        var settings = before
        body.read("name", into: &settings.name)
        body.read("client_id", into: &settings.clientID)
        body.read("tenant_id", into: &settings.tenantID)
        (settings.clientID, settings.tenantID) = (settings.clientID.pastedID, settings.tenantID.pastedID)
        body.read("exclude_users_service_account", into: &settings.excludeServiceAccounts)
        body.read("user_delete_action", into: &settings.userDeleteAction)
        body.read("group_delete_action", into: &settings.groupDeleteAction)
        body.read("sync_page_size", into: &settings.syncPageSize)
        body.read("sync_page_timeout", into: &settings.syncPageTimeout)
        body.read("discovery_enabled", into: &settings.discoveryEnabled)
        body.read("dry_run", into: &settings.dryRun)
        beyondAuthentik(&settings)
        try links(&settings, in: transaction)
        try settings.validate(transaction.endpoints)
        return settings
    }

    /// The credential that the client enters for these settings; nil if it leaves the stored one as it is, as older clients do
    /// with the empty text that they received.
    func credential(for settings: ProviderSettings) -> Secret? {
        if let secret = body["client_secret"]?.string, !secret.isEmpty { return Secret(secret) }
        // The file is the credential.
        return settings.credentialKind == .federated && body["federated_token_file"] != nil ? Secret("") : nil
    }

    private func beyondAuthentik(_ settings: inout ProviderSettings) {
        body.read("filter_group_recursive", into: &settings.filterGroupRecursive)
        body.read("nested_groups", into: &settings.nestedGroups)
        body.read("user_match_rules", into: &settings.userMatchRules)
        body.read("group_match_rules", into: &settings.groupMatchRules)
        body.read("same_person_keys", into: &settings.samePersonKeys)
        body.read("cloud", into: &settings.cloud)
        body.read("login_endpoint", into: &settings.loginEndpoint)
        body.read("graph_endpoint", into: &settings.graphEndpoint)
        body.read("credential_kind", into: &settings.credentialKind)
        body.read("federated_token_file", into: &settings.federatedTokenFile)
        body.read("scope_exit_action", into: &settings.scopeExitAction)
        body.read("block_inactive", into: &settings.blockInactive)
        body.read("guard_max_count", into: &settings.guardMaxCount)
        body.read("guard_max_percent", into: &settings.guardMaxPercent)
        body.read("review_first_sync", into: &settings.reviewFirstSync)
        body.read("approval_lifetime", into: &settings.approvalLifetime)
        body.read("drift_policy", into: &settings.driftPolicy)
    }

    private func links(_ settings: inout ProviderSettings, in transaction: Transaction) throws {
        if let filter = body["filter_group"] {
            settings.filterGroup = filter.string.flatMap(GroupID.init(text:))
            try require(settings.filterGroup.map { [$0] } ?? [], "filter_group") { try transaction.group($0) != nil }
        }
        if let groups: [GroupID] = keys("groups") {
            try require(groups, "groups") { try transaction.group($0) != nil }
            settings.groups = groups
        }
        let known = Set(try transaction.mappings().map(\.id))
        if let mappings: [MappingID] = keys("property_mappings") {
            try require(mappings, "property_mappings", isThere: known.contains)
            settings.userMappings = mappings
        }
        if let mappings: [MappingID] = keys("property_mappings_group") {
            try require(mappings, "property_mappings_group", isThere: known.contains)
            settings.groupMappings = mappings
        }
    }

    private func keys<Thing>(_ name: String) -> [Identifier<Thing, UUID>]? {
        body[name]?.array?.compactMap { $0.string.flatMap(Identifier<Thing, UUID>.init(text:)) }
    }

    private func require<Thing>(
        _ keys: [Identifier<Thing, UUID>],
        _ field: String,
        isThere: (Identifier<Thing, UUID>) throws -> Bool
    ) throws {
        for key in keys where try !isThere(key) { throw UserOperations.unknownKey(field, key.text) }
    }
}
