import ArgumentParser
import CausewayAPI
import CausewayModel
import CausewayStore
import Foundation

extension ProviderCommand {
    /// `causeway provider update NAME …`
    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes a provider; settings that are not given stay as they are.",
            discussion: """
                Examples: causeway provider update 'Entra ID' --filter-group Staff --guard-max-count 20; causeway provider update 'Entra \
                ID' --client-secret-file secret.txt. \(CredentialOptions.explanation)
                """
        )

        @Argument(help: "The provider's name.")
        var provider: String
        @Option(help: "A new name.")
        var name: String?
        @Option(help: "The tenant's GUID or one of its domain names; only while nothing is linked.")
        var tenantID: String?
        @Option(help: "The client id of the app registration.")
        var clientID: String?
        @Option(help: "The application to assign it to, created if missing.")
        var application: String?
        @OptionGroup(title: "Credential") var credential: CredentialOptions
        @OptionGroup(title: "Scope") var scope: FieldOptions<ScopeSection>
        @OptionGroup(title: "Scope") var groups: GroupOptions
        @OptionGroup(title: "Matching") var matching: FieldOptions<MatchingSection>
        @OptionGroup(title: "Mappings") var mappings: MappingOptions
        @OptionGroup(title: "Endpoints") var endpoints: FieldOptions<EndpointSection>
        @OptionGroup(title: "Policy") var policy: FieldOptions<PolicySection>
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let given = try credential.given()
            try await mappings.check(data)
            let (updated, isRequested) = try await data.withStore { store in
                let provider = try await store.provider(named: provider)
                return try await store.write { transaction in
                    try change(provider, given, in: transaction)
                    let isRequested = try transaction.runState(of: provider.id).request?.trigger == .save
                    return (try transaction.provider(provider.id) ?? provider, isRequested)
                }
            }
            let output = Output(output)
            if output.isJSON { return output.print(updated.json) }
            let what = given == nil ? "was changed" : "was changed and has a new credential"
            output.print("Provider '\(updated.name)' \(what): \(updated.stateText).")
            if isRequested { output.print("A full sync was requested; a running server starts it at once.") }
        }

        private func change(_ provider: EntraProvider, _ given: CredentialOptions.Given?, in transaction: Transaction)
            throws
        {
            var settings = provider.settings
            if let name { settings.name = name.trimmed }
            if let clientID { settings.clientID = clientID.pastedID }
            if let given { (settings.credentialKind, settings.federatedTokenFile) = (given.kind, given.tokenFile) }
            let further = try credential.further(settings.credentialKind)
            if let tenantID = tenantID?.pastedID, tenantID != settings.tenantID {
                try Self.checkUnlinked(provider, in: transaction)
                settings.tenantID = tenantID
            }
            try scope.apply(to: &settings)
            try groups.apply(to: &settings, in: transaction)
            try matching.apply(to: &settings)
            try mappings.apply(to: &settings, in: transaction)
            try endpoints.apply(to: &settings)
            try policy.apply(to: &settings)
            try transaction.updateProvider(provider.id, to: settings, clientSecret: given?.secret, further: further)
            let secrets = [(given != nil, "client_secret"), (further != nil, "further_registrations")]
            let changes =
                settings.changes(since: provider.settings)
                + secrets.compactMap { $0.0 ? FieldChange($0.1, .secret) : nil }
            if !changes.isEmpty {
                try transaction.recordCommand(.updated, try transaction.provider(provider.id) ?? provider, changes)
            }
            if let application { try transaction.assign(provider.id, toApplicationNamed: application) }
        }

        /// The links name objects of the present tenant; in another tenant, all of them would seem to have disappeared.
        private static func checkUnlinked(_ provider: EntraProvider, in transaction: Transaction) throws {
            let users = try transaction.linkCount(provider: provider.id, kind: .user)
            let groups = try transaction.linkCount(provider: provider.id, kind: .group)
            guard users + groups == 0 else {
                throw UserError(
                    "'\(provider.name)' is linked with \(users) users and \(groups) groups of \(provider.tenantID); create a "
                        + "separate provider for the other tenant."
                )
            }
        }
    }
}

extension Transaction {
    /// Makes the provider a backchannel provider of an application, which is created if none has that name or slug.
    func assign(_ provider: ProviderID, toApplicationNamed name: String) throws {
        let name = name.trimmed
        let present = try applications().first { $0.name == name || $0.slug == name }
        var application = present ?? Application(name: name, slug: name.slug)
        guard !application.backchannelProviders.contains(provider) else { return }
        application.backchannelProviders.append(provider)
        try saveByCommand(application, since: present)
    }
}

extension String {
    /// The text in a form that fits into URLs.
    var slug: String {
        let folded = decomposedStringWithCanonicalMapping.unicodeScalars.filter { !$0.properties.isDiacritic }
        let words = String(String.UnicodeScalarView(folded)).lowercased()
            .split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.isEmpty ? "application" : words.joined(separator: "-")
    }
}
