import ArgumentParser
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

extension DeleteAction: ExpressibleByArgument {}
extension ScopeExitAction: ExpressibleByArgument {}
extension NestedGroups: ExpressibleByArgument {}
extension DriftPolicy: ExpressibleByArgument {}
extension Cloud: ExpressibleByArgument {}

/// The scope; options that are not given leave their settings as they are.
struct ScopeOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Leave service accounts out.")
    var excludeServiceAccounts: Bool?
    @Option(help: "Only members of this group are provisioned.")
    var filterGroup: String?
    @Flag(help: "All users are provisioned.")
    var noFilterGroup = false
    @Flag(inversion: .prefixedNo, help: "Include members of groups within the filter group.")
    var filterGroupRecursive: Bool?
    @Option(name: .customLong("group"), help: "A group to provision; may be repeated. By default, all are provisioned.")
    var groups: [String] = []
    @Flag(help: "All groups are provisioned.")
    var allGroups = false
    @Option(help: "How groups within groups are provisioned: keep or flatten.")
    var nestedGroups: NestedGroups?

    func validate() throws {
        guard filterGroup == nil || !noFilterGroup else {
            throw ArgumentParser.ValidationError("Give --filter-group or --no-filter-group, not both.")
        }
        guard groups.isEmpty || !allGroups else {
            throw ArgumentParser.ValidationError("Give --group or --all-groups, not both.")
        }
    }

    func apply(to settings: inout ProviderSettings, in transaction: Transaction) throws {
        func key(_ name: String) throws -> GroupID {
            guard let group = try transaction.group(named: name) else { throw StoreError.notFound("group", name) }
            return group.id
        }
        settings.excludeServiceAccounts = excludeServiceAccounts ?? settings.excludeServiceAccounts
        settings.filterGroup = noFilterGroup ? nil : try filterGroup.map(key) ?? settings.filterGroup
        settings.filterGroupRecursive = filterGroupRecursive ?? settings.filterGroupRecursive
        if allGroups || !groups.isEmpty { settings.groups = try groups.map(key) }
        settings.nestedGroups = nestedGroups ?? settings.nestedGroups
    }
}

/// How existing accounts and groups of the tenant are found; options that are not given leave their settings as they are.
struct MatchOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Link existing objects of the tenant.")
    var discovery: Bool?
    @Option(
        help: "The matching rules for users in order, of immutable_id, user_principal_name and mail, with commas."
    )
    var matchUsers: String?
    @Option(help: "The matching rules for groups in order, of unique_name and display_name, with commas.")
    var matchGroups: String?
    @Option(
        help: """
            What identifies a new user of the directory as a person who left before, of immutable_id, employee_id, \
            user_principal_name and mail, separated by commas; \"\" for nothing.
            """
    )
    var samePersonKeys: String?

    func apply(to settings: inout ProviderSettings) throws {
        settings.discoveryEnabled = discovery ?? settings.discoveryEnabled
        settings.userMatchRules = try matchUsers.map(rules) ?? settings.userMatchRules
        settings.groupMatchRules = try matchGroups.map(rules) ?? settings.groupMatchRules
        settings.samePersonKeys = try samePersonKeys.map(rules) ?? settings.samePersonKeys
    }

    private func rules<Rule: RawRepresentable & CaseIterable>(_ text: String) throws -> [Rule]
    where Rule.RawValue == String {
        try text.split(separator: ",").map { word in
            guard let rule = Rule(rawValue: word.trimmingCharacters(in: .whitespaces)) else {
                let known = Rule.allCases.map(\.rawValue).joined(separator: ", ")
                throw UserError("'\(word)' is none of them; there are \(known).")
            }
            return rule
        }
    }
}

/// The mappings of users and groups.
struct MappingOptions: ParsableArguments {
    @Option(help: "A file with a Python expression for users, instead of the default mapping; may be repeated.")
    var userMapping: [String] = []
    @Option(help: "A file with a Python expression for groups, instead of the default mapping; may be repeated.")
    var groupMapping: [String] = []

    /// Compiles the given expressions, so that nothing is stored that cannot be run.
    ///
    /// - Throws: ``UserError`` with the place of the error.
    func check(_ data: DataOptions) async throws {
        for (files, kind) in [(userMapping, ObjectKind.user), (groupMapping, .group)] where !files.isEmpty {
            let findings = try await MappingLint(files: files, kind: kind, data).findings()
            if let error = findings.first(where: \.isError) {
                throw UserError("\(error.problem.sentence) Nothing was stored; correct the expression.")
            }
        }
    }

    /// Uses the default mappings if none is given and none is set.
    func apply(to settings: inout ProviderSettings, in transaction: Transaction) throws {
        if !userMapping.isEmpty {
            settings.userMappings = try userMapping.map { try stored($0, in: transaction) }
        } else if settings.userMappings.isEmpty {
            settings.userMappings = [try DefaultMappings.user.stored(in: transaction)]
        }
        if !groupMapping.isEmpty {
            settings.groupMappings = try groupMapping.map { try stored($0, in: transaction) }
        } else if settings.groupMappings.isEmpty {
            settings.groupMappings = [try DefaultMappings.group.stored(in: transaction)]
        }
    }

    /// A mapping is named after its file; an existing one of that name is replaced.
    private func stored(_ file: String, in transaction: Transaction) throws -> MappingID {
        let given = try PropertyMapping(file: file)
        let present = try transaction.mapping(named: given.name)
        if present?.managed != nil {
            throw UserError("'\(given.name)' is a mapping that comes with Causeway; give your file another name.")
        }
        let mapping = PropertyMapping(id: present?.id ?? .random(), name: given.name, expression: given.expression)
        try transaction.saveMapping(mapping)
        return mapping.id
    }
}

extension PropertyMapping {
    /// Stores a mapping that comes with the product, if it is not stored yet.
    func stored(in transaction: Transaction) throws -> MappingID {
        try transaction.saveManagedMapping(managed ?? name, name: name, expression: expression).id
    }
}

/// Where the tenant is; options that are not given leave their settings as they are.
struct EndpointOptions: ParsableArguments {
    @Option(help: "Microsoft's cloud: global, us_gov, us_gov_dod, china, or custom.")
    var cloud: Cloud?
    @Option(help: "Base URL of the sign-in service, for --cloud custom.")
    var loginEndpoint: String?
    @Option(help: "Base URL of Graph with its version, for --cloud custom.")
    var graphEndpoint: String?

    func apply(to settings: inout ProviderSettings) {
        settings.cloud = cloud ?? settings.cloud
        settings.loginEndpoint = loginEndpoint ?? settings.loginEndpoint
        settings.graphEndpoint = graphEndpoint ?? settings.graphEndpoint
    }
}

/// Deletion, scope exit, guard, drift and dry run; options that are not given leave their settings as they are.
struct PolicyOptions: ParsableArguments {
    @Option(help: "When a user is deleted here: delete, suspend or do_nothing.")
    var userDeleteAction: DeleteAction?
    @Option(help: "When a group is deleted here: delete or do_nothing.")
    var groupDeleteAction: DeleteAction?
    @Option(help: "When an object leaves the scope: follow_delete_action, suspend or keep.")
    var scopeExitAction: ScopeExitAction?
    @Flag(inversion: .prefixedNo, help: "Suspend the accounts of inactive users, whatever the mappings send.")
    var blockInactive: Bool?
    @Option(help: "The number of destructive changes above which a run waits for approval.")
    var guardMaxCount: Int?
    @Option(help: "The share of destructive changes, in percent, above which a run waits for approval.")
    var guardMaxPercent: Int?
    @Option(help: "How long a run waits for approval, and how long an approval is valid.")
    var approvalLifetime: String?
    @Option(help: "When someone changes a managed value in Entra: restore, report or accept.")
    var driftPolicy: DriftPolicy?
    @Flag(inversion: .prefixedNo, help: "Plan only; never write to the tenant.")
    var dryRun: Bool?
    @Flag(
        inversion: .prefixedNo,
        help: "Show the plan of the first sync, and wait until a person starts it; the default for a new provider."
    )
    var reviewFirstSync: Bool?

    func apply(to settings: inout ProviderSettings) {
        settings.userDeleteAction = userDeleteAction ?? settings.userDeleteAction
        settings.groupDeleteAction = groupDeleteAction ?? settings.groupDeleteAction
        settings.scopeExitAction = scopeExitAction ?? settings.scopeExitAction
        settings.blockInactive = blockInactive ?? settings.blockInactive
        settings.guardMaxCount = guardMaxCount ?? settings.guardMaxCount
        settings.guardMaxPercent = guardMaxPercent ?? settings.guardMaxPercent
        settings.approvalLifetime = approvalLifetime ?? settings.approvalLifetime
        settings.driftPolicy = driftPolicy ?? settings.driftPolicy
        settings.dryRun = dryRun ?? settings.dryRun
        settings.reviewFirstSync = reviewFirstSync ?? settings.reviewFirstSync
    }
}
