import CausewayGraph
import CausewayGraphTypes
import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Foundation

/// A store, a tenant and a provider between them.
struct EngineFixture: Sendable {
    let store: Store
    let tenant: TenantInProcess
    let runs: RunCoordinator
    let provider: ProviderID

    var client: TenantClient { tenant.client }

    /// - Parameters:
    ///   - lags: whether reads and delta queries of the tenant lag behind its writes, as they do by default.
    ///   - permissions: permissions of the application in addition to the usual ones.
    static func with(
        userMapping: String = DefaultMappings.user.expression,
        groupMapping: String = DefaultMappings.group.expression,
        lags: Bool = false,
        permissions: [String] = [],
        retries: RetryPolicy = RetryPolicy(),
        settings change: @escaping @Sendable (inout ProviderSettings) -> Void = { _ in },
        _ body: @escaping @Sendable (EngineFixture) async throws -> Void
    ) async throws {
        try await TenantInProcess.with(lags: lags, permissions: permissions) { tenant in
            try await StoreFixture.with(clock: { Timestamp(tenant.now) }) { fixture in
                let store = fixture.store
                let provider = try await makeProvider(store, tenant, (userMapping, groupMapping), change)
                let workers = WarmWorkers()
                defer { workers.shutdown() }
                let runs = RunCoordinator(store: store, runtime: try runtime(retries, workers))
                try await body(EngineFixture(store: store, tenant: tenant, runs: runs, provider: provider))
            }
        }
    }

    /// What all fixtures of a process share: it takes longer to load than many a test.
    private static let shared = Swift.Result { (types: try GraphTypes.load(), mappings: try MappingEnvironment.find()) }

    private static func runtime(_ retries: RetryPolicy, _ workers: WarmWorkers) throws -> ProvisioningRuntime {
        let (types, mappings) = try shared.get()
        var runtime = ProvisioningRuntime(
            types: types,
            mappings: mappings,
            limits: nil,
            retries: retries,
            logger: .silent
        )
        runtime.warmWorkers = workers
        return runtime
    }

    private static func makeProvider(
        _ store: Store,
        _ tenant: TenantInProcess,
        _ mappings: (user: String, group: String),
        _ change: @escaping @Sendable (inout ProviderSettings) -> Void
    ) async throws -> ProviderID {
        try await store.write { transaction in
            let users = PropertyMapping(name: "users", expression: mappings.user)
            let groups = PropertyMapping(name: "groups", expression: mappings.group)
            try transaction.saveMapping(users)
            try transaction.saveMapping(groups)
            var settings = ProviderSettings("Entra", tenant: tenant.endpoints)
            settings.userMappings = [users.id]
            settings.groupMappings = [groups.id]
            change(&settings)
            let provider = try transaction.createProvider(settings, clientSecret: Secret("emulated-secret-value"))
            try transaction.saveApplication(Application(name: "A", slug: "a", backchannelProviders: [provider.id]))
            return provider.id
        }
    }

    /// Another provider for the same directory, with the same mappings and its own tenant.
    func addProvider(
        _ name: String,
        _ tenant: TenantInProcess,
        _ change: @escaping @Sendable (inout ProviderSettings) -> Void = { _ in }
    ) async throws -> ProviderID {
        try await store.write { [provider] transaction in
            var settings = ProviderSettings(name, tenant: tenant.endpoints)
            settings.userMappings = try transaction.mappings(of: provider, kind: .user).map(\.id)
            settings.groupMappings = try transaction.mappings(of: provider, kind: .group).map(\.id)
            change(&settings)
            let added = try transaction.createProvider(settings, clientSecret: Secret("emulated-secret-value"))
            try transaction.saveApplication(
                Application(name: name, slug: name.lowercased(), backchannelProviders: [added.id])
            )
            return added.id
        }
    }

    /// The result of a run.
    struct Result {
        let run: Run
        let actions: [StoredAction]

        /// The number of applied actions by verb.
        func count(_ verb: ActionVerb, _ status: OutcomeStatus = .applied) -> Int {
            actions.count { $0.action.verb == verb && $0.outcome.status == status }
        }

        func outcome(of name: String) -> Outcome? { actions.first { $0.action.name == name }?.outcome }
    }

    /// Lets enough time pass that all writes are visible everywhere.
    func later(_ time: Double = 660) { tenant.advance(by: time) }

    func change(_ user: User, _ change: @escaping @Sendable (inout UserProfile) -> Void) async throws {
        try await store.write { transaction in
            var profile = try transaction.user(user.id)?.profile ?? user.profile
            change(&profile)
            try transaction.updateUser(user.id, to: profile)
        }
    }

    /// Changes the provider's settings.
    func set(_ change: @escaping @Sendable (inout ProviderSettings) -> Void) async throws {
        try await store.write { [provider] transaction in
            guard var settings = try transaction.provider(provider)?.settings else { return }
            change(&settings)
            try transaction.updateProvider(provider, to: settings)
        }
    }

    /// Gives the provider another user mapping.
    func setUserMapping(_ expression: String) async throws {
        try await store.write { [provider] transaction in
            guard var mapping = try transaction.mappings(of: provider, kind: .user).first else { return }
            mapping.expression = expression
            try transaction.saveMapping(mapping)
        }
    }

    /// Previews the provider's mappings on an object.
    func trial(of object: ObjectReference) async throws -> PreviewResult {
        let runtime = try ProvisioningRuntime.load(limits: nil, logger: RecordedLog().logger)
        return try await MappingPreview(store: store, runtime: runtime).run(on: object, at: current())
    }

    /// The provider as it is now.
    func current() async throws -> EntraProvider {
        guard let provider = try await store.read({ [provider] in try $0.provider(provider) }) else {
            throw StoreError.notFound("provider", "\(provider)")
        }
        return provider
    }

    /// - Parameter everything: whether everything is compared, or what can have changed.
    func sync(
        _ mode: RunMode = .apply,
        trigger: RunTrigger = .manual,
        everything: Bool = true,
        progress: @escaping ProgressObserver = { _ in }
    ) async throws -> Result {
        let instruction = RunInstruction(
            provider,
            trigger: mode == .planOnly ? .preview : trigger,
            mode: mode,
            comparesEverything: everything
        )
        return try await result(of: try await runs.run(instruction, progress: progress))
    }

    /// What comparisons of everything found that syncs had missed.
    func missedChanges() async throws -> [String] {
        try await store.read { transaction in
            try transaction.events(limit: 100_000).filter { $0.action == EventKind.changesMissed.rawValue }
                .map { "\($0.context)" }
        }
    }

    func run(_ id: RunID) async throws -> Run? { try await store.read { try $0.run(id) } }

    func result(of run: Run) async throws -> Result {
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

    /// Fills the directory: every user in one of the groups.
    func fill(users: Int, groups: Int) async throws {
        try await store.write { transaction in
            let made = try (0..<groups).map { try transaction.createGroup(GroupProfile(name: "Group \($0)")) }
            for number in 0..<users {
                let user = try transaction.createUser(
                    UserProfile(username: "u\(number)", name: "U \(number)", email: "u\(number)@company.com")
                )
                if !made.isEmpty { try transaction.addMember(user.id, to: made[number % groups].id) }
            }
        }
    }

    /// The Entra id that a user is linked to.
    func link(of user: User) async throws -> String? {
        try await store.read { [provider] in
            try $0.link(of: ObjectReference(user.id), provider: provider)?.entraID.rawValue
        }
    }

    /// Deletes an object in the tenant for good.
    func purge(_ collection: String, _ key: String) async throws {
        let id = try await client.send("GET", "/\(collection)/\(key)?$select=id").body["id"]?.string ?? ""
        _ = try await client.send("DELETE", "/\(collection)/\(id)")
        _ = try await client.send("DELETE", "/directory/deletedItems/\(id)")
    }

    /// Adds an account to the tenant, as if it was created by hand.
    func seed(_ name: String, _ further: [String: JSONValue] = [:]) async throws -> String {
        let body: [String: JSONValue] = [
            "displayName": .string("Person \(name)"), "accountEnabled": true, "mailNickname": .string(name),
            "userPrincipalName": .string("\(name)@company.com"), "passwordProfile": ["password": "Long-Enough-1"],
        ]
        let made = try await client.send("POST", "/users", .object(body.merging(further) { $1 }))
        return made.body["id"]?.string ?? ""
    }
}
