import ArgumentParser
import CausewayMapping
import CausewayProvisioning
import CausewayServer
import CausewayStore
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// `causeway serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the server: the syncs that are due or asked for, and health checks for whoever watches it."
    )

    @Option(help: "HOST:PORT to listen on.")
    var listen: String?
    @OptionGroup var data: DataOptions

    func run() async throws {
        let settings = try data.settings(listen: listen)
        let address = try ListenAddress(settings.listen.value)
        let store = try await settings.openStore()
        var logger = Logger.program
        logger.logLevel = min(logger.logLevel, .notice)
        for name in try await ManagedMappings(store: store).install() {
            logger.warning(
                "a mapping of yours has the name of one that comes with Causeway, which is left out: \(name)"
            )
        }
        let mappings = try settings.mappingHost()
        for layer in mappings.protection.missing { logger.error("\(layer.sentence)") }
        if let objection = mappings.objection { logger.error("\(objection)") }
        let provisioner = Provisioner(store: store, runtime: try .load(mappings: mappings, logger: logger))
        let supervisor = RunSupervisor(store: store, provisioner: provisioner)
        let directSync = DirectSync(store: store, provisioner: provisioner, logger: logger)
        let server = HealthServer(host: address.host, port: address.port, store: store, logger: logger) { port in
            print("Causeway is ready at http://\(address.host):\(port)/-/health/ready/")
            fflush(nil)
        }
        let group = ServiceGroup(
            services: [
                server, Scheduler(store: store, supervisor: supervisor, logger: logger),
                DirectSyncService(store: store, directSync: directSync, logger: logger),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        try await group.run()
        try store.close()
    }
}
