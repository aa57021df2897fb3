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

extension ProviderCommand {
    /// `causeway provider create NAME …`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a provider and assigns it to an application.",
            discussion: """
                The client secret is read from --client-secret-file, from standard input with --client-secret-stdin, or from \
                the variable CAUSEWAY_CLIENT_SECRET; never from the command line, where others can see it.
                """
        )

        @Argument(help: "A name of your choice, such as 'Entra ID'.")
        var name: String
        @Option(help: "The tenant's GUID or one of its domain names.")
        var tenantID: String
        @Option(help: "The client id of the app registration.")
        var clientID: String
        @Option(help: "A file with the client secret.")
        var clientSecretFile: String?
        @Flag(help: "Read the client secret from standard input.")
        var clientSecretStdin = false
        @Option(help: "Application to assign it to; made if there is none. Without one nothing is provisioned.")
        var application: String?
        @OptionGroup(title: "Scope") var scope: ScopeOptions
        @OptionGroup(title: "Mappings") var mappings: MappingOptions
        @OptionGroup(title: "Endpoints") var endpoints: EndpointOptions
        @OptionGroup(title: "Policy") var policy: PolicyOptions
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let secret = try clientSecret()
            let created = try await data.withStore { store in
                try await store.write { transaction in
                    let settings = try settings(in: transaction)
                    let provider = try transaction.createProvider(settings, clientSecret: secret)
                    if let application { try assign(provider.id, to: application, in: transaction) }
                    return try transaction.provider(provider.id) ?? provider
                }
            }
            let output = Output(output)
            if output.isJSON { return output.print(created.json) }
            output.print("Provider '\(created.name)' is made: \(created.stateText).")
            output.print("Try its credentials with: causeway provider check '\(created.name)'")
        }

        private func clientSecret() throws -> Secret {
            let text: String?
            if let clientSecretFile {
                text = try? String(contentsOfFile: clientSecretFile, encoding: .utf8)
                guard text != nil else { throw UserError("The file \(clientSecretFile) cannot be read.") }
            } else if clientSecretStdin {
                text = readLine()
            } else {
                text = ProcessInfo.processInfo.environment["CAUSEWAY_CLIENT_SECRET"]
            }
            guard let value = text?.trimmingCharacters(in: .whitespacesAndNewlines), !value.isEmpty else {
                throw UserError(
                    "No client secret: give --client-secret-file FILE, --client-secret-stdin or CAUSEWAY_CLIENT_SECRET."
                )
            }
            return Secret(value)
        }

        private func settings(in transaction: Transaction) throws -> ProviderSettings {
            var settings = ProviderSettings(name: name, clientID: clientID, tenantID: tenantID)
            try scope.apply(to: &settings, in: transaction)
            try mappings.apply(to: &settings, in: transaction)
            endpoints.apply(to: &settings)
            policy.apply(to: &settings)
            return settings
        }

        private func assign(_ provider: ProviderID, to name: String, in transaction: Transaction) throws {
            let present = try transaction.applications().first { $0.name == name || $0.slug == name }
            var application = present ?? Application(name: name, slug: name.slug)
            application.backchannelProviders.append(provider)
            try transaction.saveApplication(application)
        }
    }
}

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

    func apply(to settings: inout ProviderSettings, in transaction: Transaction) throws {
        settings.userMappings =
            try userMapping.isEmpty
            ? [DefaultMappings.user.stored(in: transaction)] : userMapping.map { try stored($0, in: transaction) }
        settings.groupMappings =
            try groupMapping.isEmpty
            ? [DefaultMappings.group.stored(in: transaction)] : groupMapping.map { try stored($0, in: transaction) }
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
        settings.driftPolicy = driftPolicy
        settings.dryRun = dryRun
    }
}

extension String {
    /// A form of the text that fits into URLs.
    var slug: String {
        let folded = decomposedStringWithCanonicalMapping.unicodeScalars.filter { !$0.properties.isDiacritic }
        let words = String(String.UnicodeScalarView(folded)).lowercased()
            .split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.isEmpty ? "application" : words.joined(separator: "-")
    }
}
