import CausewayAPI
import CausewayInstallation
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayServer
import CausewayStore
import CausewayWeb
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Says at the terminal that the server was told to stop, and notes on which runs it works at that moment.
private final class ShutdownNotice: Service {
    private let store: Store
    private let found = Mutex<[NodeWork]>([])
    /// How long it asks the database, while nothing else stops.
    private static let patience: Duration = .seconds(2)

    init(store: Store) { self.store = store }

    var work: [NodeWork] { found.withLock { $0 } }

    func run() async throws {
        // The group ends it in another way if a service fails.
        guard (try? await gracefulShutdown()) != nil else { return }
        printErrorAfterKey("Stopping: requests and syncs may take up to 30 seconds to end …")
        // Without the database, nothing can be said of runs.
        let reports = await TimeLimit.value(within: Self.patience) { [store] in
            (try? await store.read { try $0.nodeReports() }) ?? []
        }
        let work = (reports ?? []).filter { $0.node.owner == OwnProcess.name }.flatMap(\.work)
        found.withLock { $0 = work }
    }
}

/// Everything that a running server consists of.
struct ServerProgram {
    let address: ListenAddress
    let store: Store
    let runtime: ProvisioningRuntime
    let logger: Logger
    var limits = APILimits()
    var passwordRule = PasswordRule()
    var network = NetworkLimits()
    var hosts = AllowedHosts.any
    var readiness = ReadinessLimits()
    var retention = Retention.standard
    /// The name of this node; nil for the host's.
    var nodeName: String?
    var leases: LeaseTimes?

    /// How long requests and syncs may take to end after the process is told to stop.
    private static let patience = Duration.seconds(30)

    /// Runs until the process is told to stop.
    ///
    /// - Parameter onReady: called with the port once requests are accepted.
    /// - Returns: the runs on which it worked when it was told to stop.
    @discardableResult
    func run(onReady: @escaping @Sendable (Int) -> Void) async throws -> [NodeWork] {
        let warmWorkers = WarmWorkers()
        defer { warmWorkers.shutdown() }
        var runtime = runtime
        runtime.warmWorkers = warmWorkers
        let runs = RunCoordinator(store: store, runtime: runtime, leases: leases)
        let directSync = DirectSync(store: store, runs: runs, logger: logger)
        let services = APIServices(
            store: store,
            runs: runs,
            runtime: runtime,
            logger: logger,
            limits: limits,
            passwordRule: passwordRule,
            version: Version.current
        )
        let api = APIService(document: try .load(), services: services)
        let server = WebServer(
            host: address.host,
            port: address.port,
            api: api,
            pages: try await WebInterface(api: api, logger: logger),
            limits: network,
            hosts: hosts,
            readiness: Readiness(
                store: store,
                limits: readiness,
                handover: { runs.gate.leavesToOthers ? runs.gate.obstacle : nil },
                logger: logger
            ),
            logger: logger,
            onReady: onReady
        )
        let node = NodeService(
            store: store,
            gate: runs.gate,
            version: Version.current,
            name: nodeName,
            logger: logger
        )
        await node.beat()
        let notice = ShutdownNotice(store: store)
        var configuration = ServiceGroupConfiguration(
            // They end in the reverse order: the server after the runs that its requests wait for.
            services: [
                node, server, runs.queue, Scheduler(store: store, runs: runs, logger: logger),
                DirectSyncService(store: store, directSync: directSync, logger: logger),
                Housekeeper(store: store, retention: retention, logger: logger), notice,
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = Self.patience
        let group = ServiceGroup(configuration: configuration)
        try await group.run()
        return notice.work
    }
}
