import ArgumentParser
import CausewayAPI
import CausewayMapping
import CausewayModel
import CausewayStore
import Foundation

extension ProviderCommand {
    /// `causeway provider create NAME …`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a provider and, with --application, assigns it to an application.",
            discussion: """
                Example: causeway provider create 'Entra ID' --tenant-id company.com --client-id CLIENT --client-secret-file secret.txt \
                --application 'Entra ID'. \(CredentialOptions.explanation)
                """
        )

        @Argument(help: "A name of your choice, such as 'Entra ID'.")
        var name: String
        @Option(help: "The tenant's GUID or one of its domain names.")
        var tenantID: String
        @Option(help: "The client id of the app registration. docs/register-in-entra.md says how to register it.")
        var clientID: String
        @Option(help: "The application to assign it to, created if missing. Without one, nothing is provisioned.")
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
            guard let given = try credential.given() else {
                throw UserError(
                    "No credential: give --client-secret-file FILE, --client-secret-stdin, CAUSEWAY_CLIENT_SECRET, "
                        + "--certificate-file FILE or --federated-token-file FILE."
                )
            }
            let further = try credential.further(given.kind) ?? []
            try await mappings.check(data)
            let created = try await data.withStore { store in
                try await store.write { transaction in
                    let settings = try settings(given, in: transaction)
                    let provider = try transaction.createProvider(settings, clientSecret: given.secret)
                    try transaction.saveFurtherRegistrations(further, of: provider)
                    let secret = FieldChange("client_secret", .secret)
                    try transaction.recordCommand(.created, provider, settings.initialChanges + [secret])
                    if let application { try transaction.assign(provider.id, toApplicationNamed: application) }
                    return try transaction.provider(provider.id) ?? provider
                }
            }
            let output = Output(output)
            if output.isJSON { return output.print(created.json) }
            output.print("Provider '\(created.name)' was created: \(created.stateText).")
            output.print("Check its credentials with: causeway provider check '\(created.name)'")
            if created.reviewFirstSync {
                output.print(
                    "The first sync waits for you:  causeway plan '\(created.name)', then causeway sync '\(created.name)'"
                )
            }
            if created.application == nil {
                output.print("Assign it with: causeway provider update '\(created.name)' --application NAME")
            }
        }

        private func settings(_ given: CredentialOptions.Given, in transaction: Transaction) throws -> ProviderSettings
        {
            var settings = ProviderSettings(name: name.trimmed, clientID: clientID.trimmed, tenantID: tenantID.trimmed)
            (settings.credentialKind, settings.federatedTokenFile) = (given.kind, given.tokenFile)
            try scope.apply(to: &settings)
            try groups.apply(to: &settings, in: transaction)
            try mappings.apply(to: &settings, in: transaction)
            try matching.apply(to: &settings)
            try endpoints.apply(to: &settings)
            settings.reviewFirstSync = true
            try policy.apply(to: &settings)
            return settings
        }
    }
}
