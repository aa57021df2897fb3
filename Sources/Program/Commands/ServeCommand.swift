import ArgumentParser
import CausewayAPI
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayServer
import CausewayStore
import Foundation
import Logging

/// `causeway serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract:
            "Runs the server: the admin interface, the REST API, the syncs that are due or requested, and health checks."
    )

    @Option(help: "HOST:PORT to listen on.")
    var listen: String?
    @Option(help: "The name of this node among the servers that share its database; by default the name of the host.")
    var nodeName: String?
    @OptionGroup var data: DataOptions

    func run() async throws {
        let settings = try data.settings(listen: listen)
        let address = try ListenAddress(settings.listen.value)
        let network = try settings.networkLimits(files: .raised(), environment: ProcessInfo.processInfo.environment)
        let folder = try settings.openFolder()
        try folder.requireWritable()
        let lock = try FolderLock(folder)
        defer { withExtendedLifetime(lock) {} }
        var logger = Logger.program
        logger.logLevel = min(logger.logLevel, .notice)
        let store = try await Self.openStore(settings, logger)
        for name in try await ManagedMappings(store: store).install() {
            logger.warning(
                "a mapping of Causeway is not installed: its name is taken",
                metadata: ["mapping": "\(name)"]
            )
        }
        let mappings = try settings.mappingHost()
        for layer in mappings.protection.missing {
            logger.error("sandbox incomplete", metadata: ["reason": "\(layer.sentence)"])
        }
        if let blockingReason = mappings.blockingReason {
            logger.error("mappings cannot run", metadata: ["reason": "\(blockingReason)"])
        }
        let link = try await AdministratorSetup(store: store).link()
        let runtime = try ProvisioningRuntime.load(
            mappings: mappings,
            network: settings.network(),
            logger: logger
        )
        let program = ServerProgram(
            address: address,
            store: store,
            runtime: runtime,
            logger: logger,
            limits: try settings.apiLimits(),
            passwordRule: try settings.passwordRule(),
            network: network,
            hosts: try settings.hosts(listeningOn: address),
            readiness: ReadinessLimits(folder: folder.path, leastFreeSpace: try settings.leastFreeSpace()),
            retention: try settings.retention(),
            nodeName: nodeName,
            leases: try TimingSettings(environment: ProcessInfo.processInfo.environment).leases
        )
        let work = try await program.run { [logger] port in
            let origin = address.origin(port: port)
            do { try lock.publish(origin, in: folder) } catch {
                logger.error("causeway open will not find this server", metadata: ["reason": "\(error)"])
            }
            print("Causeway is ready at \(origin)/if/admin/")
            if let link {
                print(
                    """
                    There is no administrator yet. Create one within a day with this link, which works once:
                      \(origin)/if/setup/?token=\(link.revealed)
                    or, on this machine: causeway user create-admin NAME
                    """
                )
            }
            fflush(nil)
        }
        printError(try await Self.farewell(store, work))
        try store.close()
    }

    func validate() throws {
        guard let nodeName else { return }
        let isFit = nodeName.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard isFit, (1...Node.longestName).contains(nodeName.count) else {
            throw ArgumentParser.ValidationError(
                "The name of a node consists of 1 to \(Node.longestName) ASCII letters, digits, '-', '_' and '.'."
            )
        }
    }

    /// Opens the store, and waits for the server of its database if that does not answer yet.
    private static func openStore(_ settings: Settings, _ logger: Logger) async throws -> Store {
        guard case .server = try settings.databasePlace() else { return try await settings.openStore() }
        var pause: Duration = .seconds(1)
        while true {
            do { return try await settings.openStore() } catch let error as StoreError where error.code == .unavailable
            {
                logger.error("waiting for the database", metadata: ["reason": "\(error)"])
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(30))
            }
        }
    }

    /// What the server left when it was stopped.
    ///
    /// - Parameter work: the runs on which it worked; other nodes speak of theirs.
    private static func farewell(_ store: Store, _ work: [NodeWork]) async throws -> String {
        let stopped = try await store.read { transaction in
            try work.filter { try transaction.run($0.run)?.status == .interrupted }.map { "'\($0.providerName)'" }
        }
        guard !stopped.isEmpty else { return "Causeway has stopped." }
        return
            "Causeway has stopped. The sync of \(stopped.joined(separator: ", ")) was interrupted; the next one continues."
    }
}
