import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Foundation
import Logging

/// A store, a tenant and a provider between them.
struct EngineBench: Sendable {
    let store: Store
    let tenant: TenantInProcess
    let provisioner: Provisioner
    let provider: ProviderID

    var client: TenantClient { tenant.client }

    static func with(
        userMapping: String = DefaultMappings.user.expression,
        settings change: @escaping @Sendable (inout ProviderSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (EngineBench) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            let secrets = try SecretBox(keyText: Secret("long enough for a test"))
            let store = try await Store.open(path: folder.appending(path: "causeway.db").path, secrets: secrets)
            try await TenantInProcess.with { tenant in
                let provider = try await makeProvider(store, tenant, userMapping, change)
                var logger = Logger(label: "test")
                logger.logLevel = .critical
                let runtime = try ProvisioningRuntime.load(limits: nil, logger: logger)
                let provisioner = Provisioner(store: store, runtime: runtime)
                try await body(EngineBench(store: store, tenant: tenant, provisioner: provisioner, provider: provider))
            }
            try store.close()
        }
    }

    private static func makeProvider(
        _ store: Store,
        _ tenant: TenantInProcess,
        _ userMapping: String,
        _ change: @escaping @Sendable (inout ProviderSettings) -> Void
    ) async throws -> ProviderID {
        try await store.write { transaction in
            func text(_ key: String) -> String { tenant.endpoints[key]?.string ?? "" }
            let users = PropertyMapping(name: "users", expression: userMapping)
            let groups = PropertyMapping(name: "groups", expression: DefaultMappings.group.expression)
            try transaction.saveMapping(users)
            try transaction.saveMapping(groups)
            var settings = ProviderSettings(name: "Entra", clientID: text("client_id"), tenantID: text("tenant_id"))
            settings.cloud = .custom
            settings.loginEndpoint = text("login_endpoint")
            settings.graphEndpoint = text("graph_endpoint")
            settings.userMappings = [users.id]
            settings.groupMappings = [groups.id]
            change(&settings)
            let provider = try transaction.createProvider(settings, clientSecret: Secret("emulated-secret-value"))
            try transaction.saveApplication(Application(name: "A", slug: "a", backchannelProviders: [provider.id]))
            return provider.id
        }
    }

    /// What a run came to.
    struct Result {
        let run: Run
        let actions: [StoredAction]

        /// Verbs of what was done, with how often.
        func count(_ verb: ActionVerb, _ status: OutcomeStatus = .applied) -> Int {
            actions.count { $0.action.verb == verb && $0.outcome.status == status }
        }

        func outcome(of name: String) -> Outcome? { actions.first { $0.action.name == name }?.outcome }
    }

    func sync(_ mode: Provisioner.Mode = .apply, trigger: RunTrigger = .manual) async throws -> Result {
        let settings = try await store.read { [provider] in try $0.provider(provider) }
        guard let settings else { throw StoreError.notFound("provider", "\(provider)") }
        let run = try await provisioner.run(settings, trigger: trigger, mode: mode)
        let actions = try await store.read { try $0.actions(of: run.id, after: 0, limit: 100_000) }
        return Result(run: run, actions: actions)
    }

    @discardableResult
    func addUser(_ name: String, domain: String = "company.com", isActive: Bool = true) async throws -> User {
        try await store.write { transaction in
            try transaction.createUser(
                UserProfile(username: name, name: "Person \(name)", email: "\(name)@\(domain)", isActive: isActive)
            )
        }
    }

    /// Changes the provider's settings.
    func change(_ body: @escaping @Sendable (inout ProviderSettings) -> Void) async throws {
        try await store.write { [provider] transaction in
            guard var settings = try transaction.provider(provider)?.settings else { return }
            body(&settings)
            try transaction.updateProvider(provider, to: settings)
        }
    }

    func run(_ id: RunID) async throws -> Run? { try await store.read { try $0.run(id) } }

    /// Puts an account into the tenant, as somebody made it by hand.
    func seed(_ name: String, _ further: [String: JSONValue] = [:]) async throws -> String {
        let body: [String: JSONValue] = [
            "displayName": .string("Person \(name)"), "accountEnabled": true, "mailNickname": .string(name),
            "userPrincipalName": .string("\(name)@company.com"), "passwordProfile": ["password": "Long-Enough-1"],
        ]
        let made = try await client.send("POST", "/users", .object(body.merging(further) { $1 }))
        return made.body["id"]?.string ?? ""
    }
}
