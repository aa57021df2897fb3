package import CausewayNetwork

/// What happens in Entra when an object is deleted in the directory (authentik's `OutgoingSyncDeleteAction`).
package enum DeleteAction: String, Sendable, CaseIterable {
    case doNothing = "do_nothing"
    case delete
    /// Suspends the account; for groups it acts like ``doNothing``.
    case suspend
}

/// Microsoft's clouds; see Graph's page on national cloud deployments.
package enum Cloud: String, Sendable, CaseIterable {
    case global
    case usGovernment = "us_gov"
    case usGovernmentDoD = "us_gov_dod"
    case china
    /// Custom endpoints.
    case custom
}

/// How the provider authenticates to the tenant.
package enum CredentialKind: String, Sendable, CaseIterable {
    case clientSecret = "client_secret"
    case certificate, federated
}

/// What happens in Entra when an object leaves the scope without being deleted.
package enum ScopeExitAction: String, Sendable, CaseIterable {
    case followDeleteAction = "follow_delete_action"
    case suspend, keep
}

/// How a group within a group is provisioned.
package enum NestedGroups: String, Sendable, CaseIterable {
    /// As a member group in Entra too.
    case keep
    /// Its users become members of the outer group.
    case flatten
}

/// What happens to changes that others made in Entra.
package enum DriftPolicy: String, Sendable, CaseIterable {
    case restore, report, accept
}

/// The keys by which an account without a link is looked for in Entra.
package enum UserMatchRule: String, Sendable, CaseIterable {
    case immutableID = "immutable_id"
    case userPrincipalName = "user_principal_name"
    /// The mail address, or that of a federated `mail` identity.
    case mail
}

/// The keys that identify a person whose former account has no link.
package enum SamePersonKey: String, Sendable, CaseIterable {
    case immutableID = "immutable_id"
    case employeeID = "employee_id"
    case userPrincipalName = "user_principal_name"
    /// The mail address, or that of a federated `mail` identity.
    case mail
}

/// The keys by which a group without a link is looked for in Entra.
package enum GroupMatchRule: String, Sendable, CaseIterable {
    case uniqueName = "unique_name"
    case displayName = "display_name"
}

/// Everything that an administrator sets on a Microsoft Entra provider, except the secret.
///
/// Field names and defaults are authentik's where it has the field.
package struct ProviderSettings: Hashable, Sendable {
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

    package init(name: String, clientID: String, tenantID: String) {
        self.name = name
        self.clientID = clientID.pastedID
        self.tenantID = tenantID.pastedID
    }

    /// Checks every rule that does not need the database.
    ///
    /// - Parameter endpoints: which endpoints are allowed.
    /// - Throws: ``ValidationError`` with every field that breaks one.
    package func validate(_ endpoints: EndpointRule = .standard) throws(ValidationError) {
        var error = ValidationError()
        for (field, value) in [("name", name), ("client_id", clientID), ("tenant_id", tenantID)] {
            error.require(!value.allSatisfy(\.isWhitespace), field, "This field may not be blank.")
        }
        for (field, value) in [("client_id", clientID), ("tenant_id", tenantID)] {
            error.require(
                !value.contains { $0.isWhitespace || "{}\"'<>/".contains($0) },
                field,
                "'\(value)' is not an id; copy only the id from the app registration's Overview page."
            )
        }
        error.require(syncPageSize >= 1, "sync_page_size", "Ensure this value is greater than or equal to 1.")
        error.require(syncPageSize <= 10_000, "sync_page_size", "Ensure this value is less than or equal to 10000.")
        error.require(
            DurationText(syncPageTimeout) != nil,
            "sync_page_timeout",
            "'\(syncPageTimeout)' is not a duration; write it like 'minutes=30' or 'hours=1;minutes=30'."
        )
        error.require(guardMaxCount >= 0, "guard_max_count", "Ensure this value is greater than or equal to 0.")
        error.require((0...100).contains(guardMaxPercent), "guard_max_percent", "Ensure this value is from 0 to 100.")
        error.require(
            DurationText(approvalLifetime).map { $0.duration > .zero } ?? false,
            "approval_lifetime",
            "'\(approvalLifetime)' is not a duration above zero; write it like 'hours=24' or 'minutes=30'."
        )
        for (field, value) in [("login_endpoint", loginEndpoint), ("graph_endpoint", graphEndpoint)] {
            guard !value.isEmpty else {
                error.require(cloud != .custom, field, "A custom cloud needs this as an https URL.")
                continue
            }
            if let violation = endpoints.violation(to: value) { error.add(field, violation) }
        }
        error.require(
            credentialKind != .federated || federatedTokenFile.hasPrefix("/"),
            "federated_token_file",
            "A federated credential needs the full path of the file with its token."
        )
        for (field, isRepeated) in [
            ("user_match_rules", Set(userMatchRules).count < userMatchRules.count),
            ("group_match_rules", Set(groupMatchRules).count < groupMatchRules.count),
            ("same_person_keys", Set(samePersonKeys).count < samePersonKeys.count),
        ] {
            error.require(!isRepeated, field, "Name each rule once.")
        }
        try error.throwIfAny()
    }
}

/// A Microsoft Entra provider: the settings of one tenant to provision.
@dynamicMemberLookup
package struct EntraProvider: Hashable, Sendable {
    package let id: ProviderID
    package var settings: ProviderSettings
    /// The application it is assigned to; without one nothing is provisioned.
    package var application: ApplicationID?
    /// The name of a filter group that was deleted: the provider stops until an administrator chooses another group,
    /// because without it all users would be in scope.
    package var vanishedFilterGroup: String?
    /// Whether only selected groups are provisioned. It stays true when the last selected group is deleted, for the same
    /// reason.
    package var selectsGroups: Bool

    package init(
        id: ProviderID,
        settings: ProviderSettings,
        application: ApplicationID? = nil,
        vanishedFilterGroup: String? = nil,
        selectsGroups: Bool? = nil
    ) {
        self.id = id
        self.settings = settings
        self.application = application
        self.vanishedFilterGroup = vanishedFilterGroup
        self.selectsGroups = selectsGroups ?? !settings.groups.isEmpty
    }

    package subscript<Value>(dynamicMember path: KeyPath<ProviderSettings, Value>) -> Value {
        settings[keyPath: path]
    }
}

extension EntraProvider {
    /// The provider without what changes nothing in the tenant, to see whether two versions of it would provision the same.
    package var meaning: EntraProvider {
        var provider = self
        (provider.settings.name, provider.settings.syncPageSize, provider.settings.syncPageTimeout) = ("", 0, "")
        return provider
    }

    /// The provider without what changes no plan and no waiting run: also without the dry run, which only affects applying, the
    /// review of the first sync, and the time that a decision is valid.
    package var planShape: EntraProvider {
        var provider = meaning
        (provider.settings.dryRun, provider.settings.reviewFirstSync) = (false, false)
        provider.settings.approvalLifetime = ""
        return provider
    }
}

extension String {
    /// The id without blanks, quotes or braces around it, as PowerShell and registries write it.
    package var pastedID: String {
        func isAround(_ character: Character) -> Bool { character.isWhitespace || "{}\"'".contains(character) }
        guard let first, let last, isAround(first) || isAround(last) else { return self }
        return String(drop(while: isAround).reversed().drop(while: isAround).reversed())
    }
}
