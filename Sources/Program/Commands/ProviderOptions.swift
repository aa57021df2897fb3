import ArgumentParser
import CausewayMapping
import CausewayModel
import CausewayStore
import Foundation

extension DeleteAction: ExpressibleByArgument {}
extension ScopeExitAction: ExpressibleByArgument {}
extension NestedGroups: ExpressibleByArgument {}
extension DriftPolicy: ExpressibleByArgument {}
extension Cloud: ExpressibleByArgument {}

/// Who and what is provisioned.
struct ScopeOptions: ParsableArguments {
    @Flag(help: "Leave service accounts out.")
    var excludeServiceAccounts = false
    @Option(help: "Only members of this group are provisioned.")
    var filterGroup: String?
    @Flag(help: "Members of groups within the filter group count too.")
    var filterGroupRecursive = false
    @Option(name: .customLong("group"), help: "A group to provision; may be repeated. Without any, all are.")
    var groups: [String] = []
    @Option(help: "What becomes of groups within groups: keep or flatten.")
    var nestedGroups = NestedGroups.keep

    func apply(to settings: inout ProviderSettings, in transaction: Transaction) throws {
        func key(_ name: String) throws -> GroupID {
            guard let group = try transaction.group(named: name) else { throw StoreError.notFound("group", name) }
            return group.id
        }
        settings.excludeServiceAccounts = excludeServiceAccounts
        settings.filterGroup = try filterGroup.map(key)
        settings.filterGroupRecursive = filterGroupRecursive
        settings.groups = try groups.map(key)
        settings.nestedGroups = nestedGroups
    }
}

/// How users and groups become Graph properties.
struct MappingOptions: ParsableArguments {
    @Option(help: "A file with a Python expression for users, in place of the default mapping; may be repeated.")
    var userMapping: [String] = []
    @Option(help: "A file with a Python expression for groups, in place of the default mapping; may be repeated.")
    var groupMapping: [String] = []

    /// Takes the default mappings where none is given and none is set.
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

    /// A mapping is named after its file; one of that name is replaced.
    private func stored(_ file: String, in transaction: Transaction) throws -> MappingID {
        guard let expression = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw UserError("The mapping file \(file) cannot be read as UTF-8 text.")
        }
        let name = URL(filePath: file).deletingPathExtension().lastPathComponent
        let present = try transaction.mapping(named: name)
        let mapping = PropertyMapping(id: present?.id ?? .random(), name: name, expression: expression)
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

/// Where the tenant is.
struct EndpointOptions: ParsableArguments {
    @Option(help: "Microsoft's cloud: global, us_gov, us_gov_dod, china, or custom.")
    var cloud = Cloud.global
    @Option(help: "Base URL of the log-in service, for --cloud custom.")
    var loginEndpoint = ""
    @Option(help: "Base URL of Graph with its version, for --cloud custom.")
    var graphEndpoint = ""

    func apply(to settings: inout ProviderSettings) {
        settings.cloud = cloud
        settings.loginEndpoint = loginEndpoint
        settings.graphEndpoint = graphEndpoint
    }
}

/// What happens to those who leave, and how much of it may happen unasked.
struct PolicyOptions: ParsableArguments {
    @Option(help: "When a user is deleted here: delete, suspend or do_nothing.")
    var userDeleteAction = DeleteAction.delete
    @Option(help: "When a group is deleted here: delete or do_nothing.")
    var groupDeleteAction = DeleteAction.delete
    @Option(help: "When an object leaves the scope: follow_delete_action, suspend or keep.")
    var scopeExitAction = ScopeExitAction.followDeleteAction
    @Option(help: "A run that takes away more than so many waits for approval.")
    var guardMaxCount = 50
    @Option(help: "A run that takes away more than this share, in percent, waits for approval.")
    var guardMaxPercent = 10
    @Option(help: "How long a run waits for approval, and how long an approval is good for.")
    var approvalLifetime = "hours=24"
    @Option(help: "What is done about changes others made in Entra: restore, report or accept.")
    var driftPolicy = DriftPolicy.restore
    @Flag(help: "Plan only; never write to the tenant.")
    var dryRun = false

    func apply(to settings: inout ProviderSettings) {
        settings.userDeleteAction = userDeleteAction
        settings.groupDeleteAction = groupDeleteAction
        settings.scopeExitAction = scopeExitAction
        settings.guardMaxCount = guardMaxCount
        settings.guardMaxPercent = guardMaxPercent
        settings.approvalLifetime = approvalLifetime
        settings.driftPolicy = driftPolicy
        settings.dryRun = dryRun
    }
}
