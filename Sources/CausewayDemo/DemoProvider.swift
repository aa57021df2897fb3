import CausewayMapping
package import CausewayModel
package import CausewayStore

/// The application and the provider of a demonstration, with the expression for email-verified users as user mapping.
package struct DemoProvider {
    private let tenant: TenantProcess
    private let name: String
    private let showsFirstSync: Bool

    package static let name = "Entra ID"

    /// - Parameters:
    ///   - name: of both.
    ///   - showsFirstSync: whether its first sync waits until its plan was shown.
    package init(tenant: TenantProcess, name: String = DemoProvider.name, showsFirstSync: Bool = true) {
        (self.tenant, self.name, self.showsFirstSync) = (tenant, name, showsFirstSync)
    }

    package func create(in store: Store) async throws -> EntraProvider {
        var settings = ProviderSettings(
            name: name,
            clientID: tenant.text("client_id"),
            tenantID: tenant.text("tenant_id")
        )
        settings.cloud = .custom
        settings.loginEndpoint = tenant.text("login_endpoint")
        settings.graphEndpoint = tenant.text("graph_endpoint")
        settings.reviewFirstSync = showsFirstSync
        return try await store.write { [settings, name] transaction in
            let mapping = DefaultMappings.emailVerifiedUsers
            try transaction.saveMapping(mapping)
            var settings = settings
            settings.userMappings = [mapping.id]
            let group = DefaultMappings.group
            settings.groupMappings = [
                try transaction.saveManagedMapping(
                    group.managed ?? group.name,
                    name: group.name,
                    expression: group.expression
                ).id
            ]
            let provider = try transaction.createProvider(settings, clientSecret: Secret("emulated-secret-value"))
            try transaction.saveApplication(
                Application(
                    name: name,
                    slug: name.lowercased().replacing(" ", with: "-"),
                    backchannelProviders: [provider.id]
                )
            )
            return try transaction.provider(provider.id) ?? provider
        }
    }
}
