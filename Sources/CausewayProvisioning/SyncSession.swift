import CausewayGraph
import CausewayGraphTypes
import CausewayMapping
package import CausewayModel
import CausewayNetwork
package import CausewayStore
import Logging

/// A provider at work: its Graph client, its mapping workers, and the run they serve. Made for one run and closed after it.
package struct SyncSession: Sendable {
    let store: Store
    let provider: EntraProvider
    private(set) var run: RunID
    let graph: GraphClient
    let organization: Organization
    let users: MappingPool
    let groups: MappingPool
    let asksForGroups: Bool
    /// Whether a mapping may leave groups alone.
    let groupsMaySkip: Bool
    let types: GraphTypes
    let settling: Duration
    private(set) var progress: ProgressObserver
    let logger: Logger
    let separations = SeparationBudget()

    /// Opens everything, does the work and closes everything, whatever happens.
    ///
    /// - Throws: ``ProvisioningError`` where the tenant does not let us in or the mappings cannot be compiled.
    package static func with<Value>(
        store: Store,
        provider: EntraProvider,
        run: RunID,
        runtime: ProvisioningRuntime,
        progress: @escaping ProgressObserver,
        _ body: (SyncSession) async throws -> Value
    ) async throws -> Value {
        let registrations = try await store.read { try $0.registrations(of: provider) }
        return try await with(
            store: store,
            provider: provider,
            run: run,
            runtime: runtime,
            credentials: { try provider.credentials(registrations) },
            organization: { graph in
                let organization = try await graph.organization()
                let tenant = KnownTenant(organization)
                try await store.write { transaction in
                    guard try transaction.knownTenant(of: provider.id) != tenant else { return }
                    try transaction.saveKnownTenant(tenant, of: provider.id)
                }
                return organization
            },
            progress: progress,
            body
        )
    }

    /// The same without the tenant, for explanations: what was last known of it counts, and nothing must be asked of it.
    ///
    /// - Parameter mappings: in place of the provider's own, by kind.
    static func offline<Value>(
        store: Store,
        provider: EntraProvider,
        runtime: ProvisioningRuntime,
        mappings: [ObjectKind: [PropertyMapping]] = [:],
        surroundings: MappingSet.Surroundings = .init(),
        _ body: (SyncSession) async throws -> Value
    ) async throws -> Value {
        let tenant = try await store.read { try $0.knownTenant(of: provider.id) }
        let nobody = GraphCredential(
            tenant: provider.tenantID,
            clientID: provider.clientID,
            proof: .clientSecret(ClientSecret(""))
        )
        return try await with(
            store: store,
            provider: provider,
            run: .random(),
            runtime: runtime,
            mappings: mappings,
            surroundings: surroundings,
            credentials: { [nobody] },
            organization: { _ in Organization(tenant) },
            progress: { _ in },
            body
        )
    }

    private static func with<Value>(
        store: Store,
        provider: EntraProvider,
        run: RunID,
        runtime: ProvisioningRuntime,
        mappings own: [ObjectKind: [PropertyMapping]] = [:],
        surroundings: MappingSet.Surroundings = .init(),
        credentials: () throws -> [GraphCredential],
        organization: (GraphClient) async throws -> Organization,
        progress: @escaping ProgressObserver,
        _ body: (SyncSession) async throws -> Value
    ) async throws -> Value {
        let (userMappings, groupMappings) = try await store.read { transaction in
            (
                try own[.user] ?? transaction.mappings(of: provider.id, kind: .user),
                try own[.group] ?? transaction.mappings(of: provider.id, kind: .group)
            )
        }
        let userSet = MappingSet(
            kind: .user,
            mappings: userMappings,
            provider: provider,
            surroundings: surroundings
        )
        let groupSet = MappingSet(
            kind: .group,
            mappings: groupMappings,
            provider: provider,
            surroundings: surroundings
        )
        let transport = NetworkTransport(allowing: runtime.endpoints.allows)
        let lookup = DirectoryLookup(store: store)
        let users = MappingPool(set: userSet, types: runtime.types, host: runtime.mappings, directory: lookup)
        let groups = MappingPool(set: groupSet, types: runtime.types, host: runtime.mappings, directory: lookup)
        let close = {
            await users.shutdown()
            await groups.shutdown()
            try? await transport.shutdown()
        }
        do {
            let graph = GraphClient(
                endpoints: try provider.endpoints,
                credentials: try credentials(),
                transport: transport,
                limits: runtime.limits,
                policy: runtime.retries,
                logger: runtime.logger
            )
            runtime.throttles.note(graph, of: provider.id)
            let session = SyncSession(
                store: store,
                provider: provider,
                run: run,
                graph: graph,
                organization: try await organization(graph),
                users: users,
                groups: groups,
                asksForGroups: userSet.asksForGroups,
                groupsMaySkip: groupSet.maySkip,
                types: runtime.types,
                settling: runtime.settling,
                progress: progress,
                logger: runtime.logger
            )
            let value = try await body(session)
            await close()
            return value
        } catch {
            await close()
            throw (error as? GraphFailure).map(ProvisioningError.init) ?? error
        }
    }

    /// Starts the processes that a look at everything takes, as far as links tell how many, while the tenant is read.
    func prepare(for selection: PlanSelection) async {
        guard case .everything = selection else { return }
        for (kind, pool) in [(ObjectKind.user, users), (.group, groups)] {
            let count = try? await store.read { [id = provider.id] in try $0.connectionCount(provider: id, kind: kind) }
            await pool.start(for: count ?? 0)
        }
    }

    /// The same session at work for another run.
    func serving(_ run: RunID, progress: @escaping ProgressObserver) -> SyncSession {
        var session = self
        (session.run, session.progress) = (run, progress)
        return session
    }

    /// The properties that are read of each object: whatever a mapping may write and a listing can show.
    func selection(_ kind: ObjectKind) -> [String] {
        let rules = kind == .user ? types.user : types.group
        let hidden = rules.notUpdatableAppOnly.union(rules.mustBePatchedAlone)
            .union(["passwordProfile", "customSecurityAttributes", "assignedLabels"])
        let further =
            kind == .user
            ? ["onPremisesSyncEnabled", "proxyAddresses"]
            : ["groupTypes", "isAssignableToRole", "mailEnabled", "onPremisesSyncEnabled", "proxyAddresses"]
        return ["id"] + rules.updatable.subtracting(hidden).union(further).sorted()
    }

    /// Judges what others changed, by the provider's policy.
    func driftJudge(_ kind: ObjectKind) -> DriftJudge {
        DriftJudge(policy: provider.driftPolicy, equality: ValueEquality(kind: kind, types: types))
    }

    /// The same without the id: what the mirror keeps of each object.
    func properties(_ kind: ObjectKind) -> Set<String> { Set(selection(kind)).subtracting(["id"]) }
}

extension ObjectKind {
    /// Graph's collection of such objects.
    var collection: String { rawValue + "s" }
}

extension KnownTenant {
    init(_ organization: Organization) {
        self.init(
            id: organization.id,
            displayName: organization.displayName,
            verifiedDomains: organization.verifiedDomains
        )
    }
}

extension Organization {
    /// The tenant as it was last seen; one that was never seen has no domain.
    fileprivate init(_ tenant: KnownTenant?) {
        self.init(
            id: tenant?.id ?? "",
            displayName: tenant?.displayName ?? "",
            verifiedDomains: tenant?.verifiedDomains ?? []
        )
    }
}
