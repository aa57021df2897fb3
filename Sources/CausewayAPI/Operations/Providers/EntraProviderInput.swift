import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// What a client says of a provider.
struct EntraProviderInput {
    let body: [String: JSONValue]

    /// The settings with what the client says; what it leaves out stays.
    ///
    /// - Throws: ``APIError`` or `ValidationError` with what is wrong.
    func settings(_ before: ProviderSettings, in transaction: Transaction) throws -> ProviderSettings {
        var settings = before
        text("name", &settings.name)
        text("client_id", &settings.clientID)
        text("tenant_id", &settings.tenantID)
        bool("exclude_users_service_account", &settings.excludeServiceAccounts)
        word("user_delete_action", &settings.userDeleteAction)
        word("group_delete_action", &settings.groupDeleteAction)
        if let size = body["sync_page_size"]?.integer { settings.syncPageSize = Int(size) }
        text("sync_page_timeout", &settings.syncPageTimeout)
        bool("discovery_enabled", &settings.discoveryEnabled)
        bool("dry_run", &settings.dryRun)
        beyondAuthentik(&settings)
        try links(&settings, in: transaction)
        try settings.validate()
        return settings
    }

    private func beyondAuthentik(_ settings: inout ProviderSettings) {
        bool("filter_group_recursive", &settings.filterGroupRecursive)
        word("nested_groups", &settings.nestedGroups)
        words("user_match_rules", &settings.userMatchRules)
        words("group_match_rules", &settings.groupMatchRules)
        word("cloud", &settings.cloud)
        text("login_endpoint", &settings.loginEndpoint)
        text("graph_endpoint", &settings.graphEndpoint)
        word("credential_kind", &settings.credentialKind)
        text("federated_token_file", &settings.federatedTokenFile)
        word("scope_exit_action", &settings.scopeExitAction)
        if let count = body["guard_max_count"]?.integer { settings.guardMaxCount = Int(count) }
        if let share = body["guard_max_percent"]?.integer { settings.guardMaxPercent = Int(share) }
        text("approval_lifetime", &settings.approvalLifetime)
        word("drift_policy", &settings.driftPolicy)
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

    private func text(_ name: String, _ value: inout String) { value = body[name]?.string ?? value }
    private func bool(_ name: String, _ value: inout Bool) { value = body[name]?.bool ?? value }

    private func word<Word: RawRepresentable<String>>(_ name: String, _ value: inout Word) {
        value = body[name]?.string.flatMap(Word.init) ?? value
    }

    private func words<Word: RawRepresentable<String>>(_ name: String, _ value: inout [Word]) {
        value = body[name]?.array?.compactMap { $0.string.flatMap(Word.init) } ?? value
    }
}
