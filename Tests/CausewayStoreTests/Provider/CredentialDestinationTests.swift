import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("A stored credential")
struct CredentialDestinationTests {
    /// Every setting that decides where, as whom and in what form the credential is sent.
    private static let changes: [(name: String, change: @Sendable (inout ProviderSettings) -> Void)] = [
        ("tenant_id", { $0.tenantID = "other" }), ("client_id", { $0.clientID = "other" }),
        ("cloud", { $0.cloud = .china }), ("login_endpoint", { $0.loginEndpoint = "https://login.example.net" }),
        ("graph_endpoint", { $0.graphEndpoint = "https://graph.example.net/v1.0" }),
        ("credential_kind", { $0.credentialKind = .certificate }),
    ]

    private func stored(in transaction: Transaction, _ change: (inout ProviderSettings) -> Void = { _ in }) throws
        -> EntraProvider
    {
        try transaction.makeProvider { settings in
            settings.cloud = .custom
            settings.loginEndpoint = "https://login.example.com"
            settings.graphEndpoint = "https://graph.example.com/v1.0"
            change(&settings)
        }
    }

    @Test("a stored credential must be entered again for another destination", arguments: changes.indices)
    func elsewhere(_ number: Int) async throws {
        let (name, change) = Self.changes[number]
        try await StoreFixture.with { temporary in
            let provider = try await temporary.store.write { try stored(in: $0) }
            var settings = provider.settings
            change(&settings)
            let changed = settings
            let error = await #expect(throws: ValidationError.self) {
                try await temporary.store.write { try $0.updateProvider(provider.id, to: changed) }
            }
            #expect(error?.problems.map(\.field) == ["client_secret"])
            #expect(error?.description.contains(name) == true)
            try await temporary.store.write { transaction in
                #expect(try transaction.provider(provider.id)?.settings == provider.settings)
                try transaction.updateProvider(provider.id, to: changed, clientSecret: Secret("s3cret-value"))
                #expect(try transaction.provider(provider.id)?.settings == changed)
            }
        }
    }

    @Test("a credential stays if its destination is unchanged, or if none is stored")
    func same() async throws {
        try await StoreFixture.with { temporary in
            try await temporary.store.write { transaction in
                let provider = try stored(in: transaction)
                var settings = provider.settings
                (settings.name, settings.dryRun, settings.tenantID) = ("Renamed", true, "TENANT")
                try transaction.updateProvider(provider.id, to: settings)
                let bare = try transaction.createProvider(
                    ProviderSettings(name: "Bare", clientID: "client", tenantID: "tenant"),
                    clientSecret: Secret("")
                )
                settings = bare.settings
                settings.tenantID = "other"
                try transaction.updateProvider(bare.id, to: settings)
            }
        }
    }

    @Test("a token file must be named again for another destination, even if none was stored before")
    func federated() async throws {
        try await StoreFixture.with { temporary in
            for kind in [CredentialKind.federated, .clientSecret] {
                let provider = try await temporary.store.write { transaction in
                    var settings = ProviderSettings(name: kind.rawValue, clientID: "client", tenantID: "tenant")
                    (settings.credentialKind, settings.federatedTokenFile) = (kind, "/run/token")
                    return try transaction.createProvider(settings, clientSecret: Secret(""))
                }
                var settings = provider.settings
                (settings.credentialKind, settings.tenantID) = (.federated, "other")
                let changed = settings
                let error = await #expect(throws: ValidationError.self) {
                    try await temporary.store.write { try $0.updateProvider(provider.id, to: changed) }
                }
                #expect(error?.problems.map(\.field) == ["federated_token_file"])
                try await temporary.store.write {
                    try $0.updateProvider(provider.id, to: changed, clientSecret: Secret(""))
                }
            }
        }
    }

    @Test(
        "credentials of further app registrations must be entered again too, but not for a new first client id",
        arguments: changes.indices
    )
    func further(_ number: Int) async throws {
        let (name, change) = Self.changes[number]
        try await StoreFixture.with { temporary in
            let further = [AppRegistrationCredential(clientID: "second", secret: Secret("of the second"))]
            let provider = try await temporary.store.write { transaction in
                let provider = try stored(in: transaction)
                try transaction.saveFurtherRegistrations(further, of: provider)
                return provider
            }
            var settings = provider.settings
            change(&settings)
            let changed = settings
            let update = { @Sendable (further: [AppRegistrationCredential]?) in
                try await temporary.store.write {
                    try $0.updateProvider(provider.id, to: changed, clientSecret: Secret("new"), further: further)
                }
            }
            if name != "client_id" {
                let error = await #expect(throws: ValidationError.self) { try await update(nil) }
                #expect(error?.problems.map(\.field) == [name])
                #expect(error?.description.contains("second") == true)
            }
            try await update(further)
            #expect(try await temporary.store.read { try $0.furtherClientIDs(of: provider.id) } == ["second"])
        }
    }
}
