import CausewayGraph
import CausewayMapping
import CausewayModel
import CausewayStore
import Logging

/// Opens sessions of providers, and closes them when their work is done.
struct SessionOpener: Sendable {
    private(set) var store: Store
    let runtime: ProvisioningRuntime
    /// Of the run that the sessions are for; nil for a fence of each session's own.
    private var fence: SendingFence?

    private let leases: LeaseTimes

    init(store: Store, runtime: ProvisioningRuntime, leases: LeaseTimes = .standard) {
        (self.store, self.runtime, self.leases) = (store, runtime, leases)
    }

    /// The same for a run with a lease: nothing is written or sent in its sessions once that is lost.
    ///
    /// - Parameter store: fenced by the lease.
    func fenced(_ store: Store, _ fence: SendingFence) -> SessionOpener {
        var opener = self
        (opener.store, opener.fence) = (store, fence)
        return opener
    }

    /// Opens a session with the tenant, does the work and closes everything, whatever happens.
    ///
    /// - Throws: ``ProvisioningError`` if the sign-in to the tenant fails or the mappings cannot be compiled.
    func open<Value>(
        _ provider: EntraProvider,
        run: RunID,
        progress: @escaping ProgressObserver = { _ in },
        _ body: (SyncSession) async throws -> Value
    ) async throws -> Value {
        let source = try await store.read { try SessionSource(of: provider, in: $0) }
        return try await open(source, run: run, progress: progress, body)
    }

    /// The same with what a session depends on, read before.
    func open<Value>(
        _ source: SessionSource,
        run: RunID,
        progress: @escaping ProgressObserver = { _ in },
        _ body: (SyncSession) async throws -> Value
    ) async throws -> Value {
        let provider = source.provider
        return try await open(
            source,
            run,
            progress,
            credentials: { try provider.credentials(source.registrations) },
            organization: { try await organization($0, of: provider.id) },
            body: body
        )
    }

    /// The same without the tenant, for explanations: its last known state counts, and it must not be asked.
    ///
    /// - Parameter mappings: instead of the provider's own, by kind.
    func openOffline<Value>(
        _ provider: EntraProvider,
        mappings: [ObjectKind: [PropertyMapping]] = [:],
        mappingContext: MappingSet.MappingContext = .init(),
        _ body: (SyncSession) async throws -> Value
    ) async throws -> Value {
        let (source, tenant) = try await store.read { transaction in
            (
                try SessionSource(offline: provider, mappings, mappingContext, in: transaction),
                try transaction.knownTenant(of: provider.id)
            )
        }
        let nobody = GraphCredential(
            tenant: provider.tenantID,
            clientID: provider.clientID,
            proof: .clientSecret(ClientSecret(""))
        )
        return try await silent.open(
            source,
            .random(),
            { _ in },
            credentials: { [nobody] },
            organization: { _ in Organization(tenant) },
            body: body
        )
    }

    /// The same without a log: an explanation reports everything in its answer, and the log is about runs.
    private var silent: SessionOpener {
        var runtime = runtime
        runtime.logger = Logger(label: "offline") { _ in SwiftLogNoOpLogHandler() }
        return SessionOpener(store: store, runtime: runtime)
    }

    /// The tenant that the credentials lead to; it is recorded as the provider's. What others send to it counts from now on.
    private func organization(_ graph: GraphClient, of provider: ProviderID) async throws -> Organization {
        let organization = try await graph.organization()
        if let limits = runtime.limits {
            await graph.share(SharedBudget(tenant: organization.id, limits: limits, store: store))
        }
        let tenant = KnownTenant(organization)
        try await store.write { transaction in
            guard try transaction.knownTenant(of: provider) != tenant else { return }
            try transaction.saveKnownTenant(tenant, of: provider)
        }
        return organization
    }

    private func open<Value>(
        _ source: SessionSource,
        _ run: RunID,
        _ progress: @escaping ProgressObserver,
        credentials: () throws -> [GraphCredential],
        organization: (GraphClient) async throws -> Organization,
        body: (SyncSession) async throws -> Value
    ) async throws -> Value {
        let fence = fence ?? SendingFence(arrival: leases.arrival)
        let transport = runtime.transport(for: source.provider, fence: fence)
        let (users, groups) = (pool(source.userMappings), pool(source.groupMappings))
        let close = {
            await users.shutdown()
            await groups.shutdown()
            try? await transport.shutdown()
        }
        do {
            let graph = try client(source.provider, try credentials(), transport)
            let session = SyncSession(
                store: store,
                provider: source.provider,
                run: run,
                graph: graph,
                fence: fence,
                organization: try await organization(graph),
                users: users,
                groups: groups,
                mappingSets: source.mappingSets,
                asksForGroups: source.userMappings.asksForGroups,
                asksForLink: Set(source.mappingSets.filter(\.asksForLink).map(\.kind)),
                typePolicy: runtime.mappings.types,
                groupsMaySkip: source.groupMappings.maySkip,
                types: runtime.types,
                consistencyWindow: runtime.consistencyWindow,
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

    private func pool(_ mappings: MappingSet) -> MappingPool {
        MappingPool(
            set: mappings,
            types: runtime.types,
            environment: runtime.mappings,
            directory: DirectoryLookup(store: store),
            warm: runtime.warmWorkers
        )
    }

    private func client(_ provider: EntraProvider, _ credentials: [GraphCredential], _ transport: NetworkTransport)
        throws
        -> GraphClient
    {
        let graph = GraphClient(
            endpoints: try provider.endpoints,
            credentials: credentials,
            transport: runtime.observed?(transport) ?? transport,
            limits: runtime.limits,
            policy: runtime.retries,
            logger: runtime.logger
        )
        runtime.throttles.note(graph, of: provider.id)
        return graph
    }
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
    /// The tenant as it was last read; a tenant that was never read has no domain.
    fileprivate init(_ tenant: KnownTenant?) {
        self.init(
            id: tenant?.id ?? "",
            displayName: tenant?.displayName ?? "",
            verifiedDomains: tenant?.verifiedDomains ?? []
        )
    }
}
