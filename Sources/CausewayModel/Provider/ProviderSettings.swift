package import CausewayNetwork

/// Everything that an administrator sets on a Microsoft Entra provider, except the secret.
///
/// Field names and defaults are authentik's where it has the field.
package struct ProviderSettings: FieldRecord {
    /// Unique among all providers.
    package var name: String
    package var clientID: String
    /// The tenant's GUID or one of its verified domain names.
    package var tenantID: String
    package var excludeServiceAccounts = false
    package var userDeleteAction = DeleteAction.delete
    package var groupDeleteAction = DeleteAction.delete
    /// Only members of this group are provisioned; nil means all users.
    package var filterGroup: GroupID?
    /// Whether members of the filter group's child groups count too.
    package var filterGroupRecursive = false
    /// The groups to provision; empty means all.
    package var groups: [GroupID] = []
    package var nestedGroups = NestedGroups.keep
    package var userMappings: [MappingID] = []
    package var groupMappings: [MappingID] = []
    /// Objects per page, from 1 on.
    package var syncPageSize = 100
    /// authentik's duration text, such as `minutes=30`.
    package var syncPageTimeout = "minutes=30"
    /// Whether existing objects of the tenant are linked.
    package var discoveryEnabled = true
    /// The matching rules for accounts, in order; the first that finds anything decides. A rule that is left out is never applied.
    package var userMatchRules = UserMatchRule.allCases
    package var groupMatchRules = GroupMatchRule.allCases
    /// What two users of the directory must have in common, one after the other, to get the same account. Names and
    /// addresses are reassigned to others, so neither is included by default.
    package var samePersonKeys: [SamePersonKey] = [.immutableID, .employeeID]
    package var dryRun = false
    /// Whether the first full sync only plans until a person has reviewed the plan and agreed.
    package var reviewFirstSync = false
    package var cloud = Cloud.global
    /// Base URL of the sign-in service, for the custom cloud only.
    package var loginEndpoint = ""
    /// Base URL of Microsoft Graph including the version, for the custom cloud only.
    package var graphEndpoint = ""
    package var credentialKind = CredentialKind.clientSecret
    /// The file in which another identity provider keeps a token, for the federated credential only.
    package var federatedTokenFile = ""
    /// The HTTP proxy of this provider's requests, with its secret: `http://user:secret@host:port`. If it is empty, the variables of the
    /// process decide.
    package var httpProxy = Secret("")
    package var scopeExitAction = ScopeExitAction.followDeleteAction
    /// Whether the account of an inactive user is suspended, whatever the mappings return for `account_enabled`.
    package var blockInactive = true
    /// A run with more destructive changes than this waits for approval.
    package var guardMaxCount = 50
    /// The same as a share of what is managed, 0 to 100.
    package var guardMaxPercent = 10
    /// How long a run waits for approval, and how long an approval is valid: a duration text such as `hours=24`.
    package var approvalLifetime = "hours=24"
    package var driftPolicy = DriftPolicy.restore
    /// How often a full sync evaluates and compares everything, as a duration text such as `days=1`; full syncs between evaluate what can
    /// have changed. Zero: every full sync.
    package var comparisonInterval = "days=1"

    package init(name: String, clientID: String, tenantID: String) {
        self.name = name
        self.clientID = clientID.pastedID
        self.tenantID = tenantID.pastedID
    }

    package func validate() throws(ValidationError) { try validate(.standard) }

    /// Checks every rule that does not need the database.
    ///
    /// - Parameter endpoints: which endpoints are allowed.
    /// - Throws: ``ValidationError`` with every field that breaks one.
    package func validate(_ endpoints: EndpointRule) throws(ValidationError) {
        var error = fieldProblems
        for (field, value) in [("login_endpoint", loginEndpoint), ("graph_endpoint", graphEndpoint)] {
            guard !value.isEmpty else {
                error.require(cloud != .custom, field, "A custom cloud needs this as an https URL.")
                continue
            }
            if let violation = endpoints.violation(to: value) { error.add(field, violation) }
        }
        if let violation = (try? ProxyAddress(httpProxy.revealed)).flatMap(endpoints.violation(to:)) {
            error.add("http_proxy", violation)
        }
        error.require(
            credentialKind != .federated || federatedTokenFile.hasPrefix("/"),
            "federated_token_file",
            "A federated credential needs the full path of the file with its token."
        )
        try error.throwIfAny()
    }
}

extension ProviderSettings {
    /// Whether it is one of the mappings for users or groups.
    package func uses(_ mapping: MappingID) -> Bool {
        userMappings.contains(mapping) || groupMappings.contains(mapping)
    }

    /// The fields of a provider, in the order of the form. A setting is a property above and a line here.
    package static let fields: [Field<ProviderSettings>] = [
        .text("name", \.name, isRequired: true).effect(.nothing).form(""),
        .id("client_id", \.clientID).form("protocol"),
        .id("tenant_id", \.tenantID).form("protocol"),
        .choice("credential_kind", \.credentialKind).form("credential"),
        .text("federated_token_file", \.federatedTokenFile).form("credential"),
        .choice("user_delete_action", \.userDeleteAction)
            .form("protocol", words: ["delete", "suspend", "do_nothing"])
            .option(.policy, "When a user is deleted here: delete, suspend or do_nothing."),
        .choice("group_delete_action", \.groupDeleteAction)
            .form("protocol", words: ["delete", "do_nothing"])
            .option(.policy, "When a group is deleted here: delete or do_nothing."),
        .proxy("http_proxy", \.httpProxy).effect(.run)
            .form("protocol")
            .option(
                .endpoints,
                name: "http-proxy-file",
                "A file with the address of an HTTP proxy, as http://user:secret@host:port; an empty file ends its use."
            ),
        .flag("exclude_users_service_account", \.excludeServiceAccounts)
            .form("filtering", standard: "true")
            .option(.scope, name: "exclude-service-accounts", "Leave service accounts out."),
        .reference("filter_group", \.filterGroup).form("filtering"),
        .flag("filter_group_recursive", \.filterGroupRecursive)
            .form("filtering")
            .option(.scope, "Include members of groups within the filter group."),
        .references("groups", \.groups),
        .choice("nested_groups", \.nestedGroups)
            .option(.scope, "How groups within groups are provisioned: keep or flatten."),
        .references("property_mappings", \.userMappings)
            .form("mapping", preselected: "goauthentik.io/providers/microsoft_entra/user"),
        .references("property_mappings_group", \.groupMappings)
            .form("mapping", preselected: "goauthentik.io/providers/microsoft_entra/group"),
        .flag("review_first_sync", \.reviewFirstSync).effect(.run)
            .form("sync", standard: "true")
            .option(
                .policy,
                "Show the plan of the first sync, and wait until a person starts it; the default for a new provider."
            ),
        .flag("dry_run", \.dryRun).effect(.run)
            .form("sync")
            .option(.policy, "Plan only; never write to the tenant."),
        .flag("discovery_enabled", \.discoveryEnabled)
            .form("sync")
            .option(.matching, name: "discovery", "Link existing objects of the tenant."),
        .choices("user_match_rules", \.userMatchRules)
            .option(
                .matching,
                name: "match-users",
                "The matching rules for users in order, of immutable_id, user_principal_name and mail, with commas."
            ),
        .choices("group_match_rules", \.groupMatchRules)
            .option(
                .matching,
                name: "match-groups",
                "The matching rules for groups in order, of unique_name and display_name, with commas."
            ),
        .choices("same_person_keys", \.samePersonKeys)
            .option(
                .matching,
                """
                What identifies a new user of the directory as a person who left before, of immutable_id, employee_id, \
                user_principal_name and mail, with commas between them; "" for none.
                """
            ),
        .whole("sync_page_size", \.syncPageSize, 1...10_000).effect(.nothing)
            .form("sync")
            .option(.policy, "Kept for clients of authentik: objects in a page. Causeway chooses its own page sizes."),
        .duration("sync_page_timeout", \.syncPageTimeout).effect(.nothing)
            .option(.policy, "Kept for clients of authentik: a duration, such as minutes=30."),
        .whole("guard_max_count", \.guardMaxCount, 0...Int(Int32.max))
            .form("sync")
            .option(
                .policy,
                """
                The number of destructive changes (suspensions, deletions, removals) above which they wait for approval; the \
                percentage can lower it.
                """
            ),
        .whole("guard_max_percent", \.guardMaxPercent, 0...100, violation: "Ensure this value is from 0 to 100.")
            .form("sync")
            .option(
                .policy,
                """
                The percentage of the objects and memberships that the provider manages, above which destructive changes wait \
                for approval, if there are more than five; 100 is no limit. The lower of both limits counts.
                """
            ),
        .choice("scope_exit_action", \.scopeExitAction)
            .form("sync")
            .option(.policy, "When an object leaves the scope: follow_delete_action, suspend or keep."),
        .flag("block_inactive", \.blockInactive)
            .form("sync")
            .option(.policy, "Suspend the accounts of inactive users, whatever the mappings send."),
        .lifetime("approval_lifetime", \.approvalLifetime).effect(.run)
            .option(.policy, "How long a run waits for approval, and how long an approval is valid."),
        .choice("drift_policy", \.driftPolicy)
            .form("sync")
            .option(.policy, "When someone changes a managed value in Entra: restore, report or accept."),
        .duration("comparison_interval", \.comparisonInterval).effect(.run)
            .form("sync")
            .option(
                .policy,
                """
                How often a full sync evaluates and compares everything, such as days=1; full syncs between evaluate only \
                what can have changed. seconds=0: every full sync.
                """
            ),
        .choice("cloud", \.cloud)
            .form("cloud")
            .option(.endpoints, "Microsoft's cloud: global, us_gov, us_gov_dod, china, or custom."),
        .text("login_endpoint", \.loginEndpoint)
            .form("cloud")
            .option(.endpoints, "Base URL of the sign-in service, for --cloud custom."),
        .text("graph_endpoint", \.graphEndpoint)
            .form("cloud")
            .option(.endpoints, "Base URL of Graph with its version, for --cloud custom."),
    ]

    /// Settings with defaults only.
    package static let blank = ProviderSettings(name: "", clientID: "", tenantID: "")
}
