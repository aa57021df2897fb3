package import CausewayNetwork

/// What happens in Entra when an object is deleted in the directory (authentik's `OutgoingSyncDeleteAction`).
package enum DeleteAction: String, Sendable, CaseIterable {
    case doNothing = "do_nothing"
    case delete
    /// Disables the account; for groups it acts like ``doNothing``.
    case suspend
}

/// Microsoft's clouds; see Graph's page on national cloud deployments.
package enum Cloud: String, Sendable, CaseIterable {
    case global
    case usGovernment = "us_gov"
    case usGovernmentDoD = "us_gov_dod"
    case china
    /// Hosts given by the administrator.
    case custom
}

/// How the provider proves who it is to the tenant.
package enum CredentialKind: String, Sendable, CaseIterable {
    case clientSecret = "client_secret"
    case certificate, federated
}

/// What happens in Entra when an object leaves the scope without being deleted.
package enum ScopeExitAction: String, Sendable, CaseIterable {
    case followDeleteAction = "follow_delete_action"
    case suspend, keep
}

/// What becomes of a group within a group.
package enum NestedGroups: String, Sendable, CaseIterable {
    /// A member group in Entra too.
    case keep
    /// Its users become members of the outer group.
    case flatten
}

/// What is done about changes that others made in Entra.
package enum DriftPolicy: String, Sendable, CaseIterable {
    case restore, report, accept
}

/// By what an account that has no link is looked for in Entra.
package enum UserMatchRule: String, Sendable, CaseIterable {
    case immutableID = "immutable_id"
    case userPrincipalName = "user_principal_name"
    /// The mail address, or that of a federated `mail` identity.
    case mail
}

/// By what somebody is known to be who an account belonged to that is nobody's now.
package enum SamePersonKey: String, Sendable, CaseIterable {
    case immutableID = "immutable_id"
    case employeeID = "employee_id"
    case userPrincipalName = "user_principal_name"
    /// The mail address, or that of a federated `mail` identity.
    case mail
}

/// By what a group that has no link is looked for in Entra.
package enum GroupMatchRule: String, Sendable, CaseIterable {
    case uniqueName = "unique_name"
    case displayName = "display_name"
}

/// Everything an administrator sets on a Microsoft Entra provider, except the secret.
///
/// Field names and defaults are authentik's where it has the field.
package struct ProviderSettings: Hashable, Sendable {
    /// Unique over all providers.
    package var name: String
    package var clientID: String
    /// The tenant's GUID or one of its verified domain names.
    package var tenantID: String
    package var excludeServiceAccounts = false
    package var userDeleteAction = DeleteAction.delete
    package var groupDeleteAction = DeleteAction.delete
    /// Only members of this group are provisioned; nil means everyone.
    package var filterGroup: GroupID?
    /// Whether members of the filter group's child groups count too.
    package var filterGroupRecursive = false
    /// The groups to provision; empty means all.
    package var groups: [GroupID] = []
    package var nestedGroups = NestedGroups.keep
    package var userMappings: [MappingID] = []
    package var groupMappings: [MappingID] = []
    /// Objects a page, from 1 on.
    package var syncPageSize = 100
    /// authentik's duration text, such as `minutes=30`.
    package var syncPageTimeout = "minutes=30"
    /// Whether what is in the tenant already is linked.
    package var discoveryEnabled = true
    /// The rules by which accounts are found, the first that finds anything decides; one that is left out is never applied.
    package var userMatchRules = UserMatchRule.allCases
    package var groupMatchRules = GroupMatchRule.allCases
    /// What two of the directory's users must have in common, one after the other, to get one and the same account. A name or an
    /// address is given to whoever comes next, so neither is among them unless an administrator says so.
    package var samePersonKeys: [SamePersonKey] = [.immutableID, .employeeID]
    package var dryRun = false
    /// Whether the first full sync is only planned until a person has seen the plan and said yes.
    package var reviewFirstSync = false
    package var cloud = Cloud.global
    /// Base URL of the sign-in service, for the custom cloud only.
    package var loginEndpoint = ""
    /// Base URL of Microsoft Graph including the version, for the custom cloud only.
    package var graphEndpoint = ""
    package var credentialKind = CredentialKind.clientSecret
    /// The file that another identity provider keeps a token in, for the federated credential only.
    package var federatedTokenFile = ""
    package var scopeExitAction = ScopeExitAction.followDeleteAction
    /// Whether the account of a user who is inactive here is blocked, whatever the mappings give for `account_enabled`.
    package var blockInactive = true
    /// A run that suspends, deletes and removes more than this waits for approval.
    package var guardMaxCount = 50
    /// The same as a share of what is managed, 0 to 100.
    package var guardMaxPercent = 10
    /// How long a run waits for approval, and how long an approval is good for: a duration text such as `hours=24`.
    package var approvalLifetime = "hours=24"
    package var driftPolicy = DriftPolicy.restore

    package init(name: String, clientID: String, tenantID: String) {
        self.name = name
        self.clientID = clientID.pastedID
        self.tenantID = tenantID.pastedID
    }

    /// Checks every rule that needs no look into the database.
    ///
    /// - Parameter endpoints: what endpoints may be.
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
                "'\(value)' is not an id; copy it from the app registration's Overview page, without anything around it."
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
    /// The application it serves; without one nothing is provisioned.
    package var application: ApplicationID?
    /// The name of a filter group that was deleted: the provider stands still until an administrator chooses another,
    /// because going on would widen the scope to everyone.
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
    /// The provider without what changes nothing in the tenant, to see whether two states of it would provision the same.
    package var meaning: EntraProvider {
        var provider = self
        (provider.settings.name, provider.settings.syncPageSize, provider.settings.syncPageTimeout) = ("", 0, "")
        return provider
    }

    /// The provider without what changes no plan and nothing of what waits: also without the dry run, which is about carrying out
    /// alone, the review of the first sync, and the time that a decision is good for.
    package var planShape: EntraProvider {
        var provider = meaning
        (provider.settings.dryRun, provider.settings.reviewFirstSync) = (false, false)
        provider.settings.approvalLifetime = ""
        return provider
    }
}

extension String {
    /// An id as it is meant where it was pasted with blanks, quotes or braces around it, as PowerShell and registries write it.
    package var pastedID: String {
        func isAround(_ character: Character) -> Bool { character.isWhitespace || "{}\"'".contains(character) }
        guard let first, let last, isAround(first) || isAround(last) else { return self }
        return String(drop(while: isAround).reversed().drop(while: isAround).reversed())
    }
}
