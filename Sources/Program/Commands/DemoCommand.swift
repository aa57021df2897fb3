import ArgumentParser
import CausewayAPI
import CausewayDemo
import CausewayGraph
import CausewayImport
import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayServer
import CausewayStore
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// `causeway demo`
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Demonstrates Causeway: provisions a directory of 1,000 users into an emulated tenant.",
        discussion: """
            With --once it ends after comparing the tenant with the directory, object by object and member by member: exit status 0 \
            if they are the same, 4 if they differ.
            """
    )

    @Flag(help: "End when done instead of leaving the server running.")
    var once = false
    @Option(help: "The number of users; 1000 is the sample that comes with Causeway, other numbers are invented.")
    var users = SampleDirectory.size
    @Option(help: "The number of further groups of each user; above 0, all users are invented.")
    var circles = 0
    @Option(
        help:
            "The folder for the demonstration's data; by default a new one, deleted when the demonstration ends."
    )
    var data: String?
    @Option(help: "HOST:PORT of the server that is left running.")
    var listen = "127.0.0.1:9000"
    @Flag(help: "Print JSON instead of text, and end when done.")
    var json = false

    func validate() throws {
        guard users >= 1 else { throw ArgumentParser.ValidationError("--users must be 1 or more.") }
        guard (0...50).contains(circles) else { throw ArgumentParser.ValidationError("--circles must be 0 to 50.") }
    }

    func run() async throws {
        let folder = try makeFolder()
        defer { if data == nil { try? FileManager.default.removeItem(at: folder) } }
        let settings = try Settings(flags: ["data": folder.path], environment: [:])
        let store = try await settings.openStore()
        let runtime = try ProvisioningRuntime.load(limits: nil, logger: .program)
        let tenant = try TenantProcess(domains: SampleDirectory.domains)
        defer { tenant.stop() }
        let stage = DemoRun(
            store: store,
            runtime: runtime,
            tenant: tenant,
            output: Output(isJSON: json),
            folder: folder,
            people: users,
            circles: circles
        )
        let comparison = try await stage.play()
        if !once, !json { try await serve(store, runtime, tenant, folder) }
        try store.close()
        if !comparison.differences.isEmpty { throw ExitStatus.differs }
    }

    private func makeFolder() throws -> URL {
        let name = data ?? NSTemporaryDirectory() + "causeway-demo-\(UUID().uuidString.prefix(8).lowercased())"
        let folder = URL(filePath: name, directoryHint: .isDirectory)
        guard !FileManager.default.fileExists(atPath: folder.appending(path: "causeway.db").path) else {
            throw UserError("\(folder.path) already contains a directory; choose another folder or remove it.")
        }
        _ = try DataFolder(path: folder.path)
        return folder
    }

    private func serve(_ store: Store, _ runtime: ProvisioningRuntime, _ tenant: TenantProcess, _ folder: URL)
        async throws
    {
        let address = try ListenAddress(listen)
        let data = try DataFolder(path: folder.path)
        let lock = try FolderLock(data)
        defer { withExtendedLifetime(lock) {} }
        var logger = Logger.program
        logger.logLevel = .error
        let endpoints = tenant.endpoints
        let link = try await AdministratorSetup(store: store).link()
        var program = ServerProgram(address: address, store: store, runtime: runtime, logger: logger)
        program.network.connections = min(program.network.connections, try OpenFiles.raised().mostConnections())
        try await program.run { port in
            let origin = address.origin(port: port)
            try? lock.publish(origin, in: data)
            print(DemoText.next(origin: origin, link: link, tenant: endpoints, folder: folder))
            fflush(nil)
        }
    }
}

/// The last lines of the demonstration.
enum DemoText {
    /// - Parameter link: the key for creating the first administrator.
    static func next(origin: String, link: Secret?, tenant: JSONValue, folder: URL) -> String {
        let program = URL(filePath: CommandLine.arguments.first ?? "causeway").relativePath
        return """

            The server is running at \(origin)/if/admin/ and the tenant at \(tenant["graph_endpoint"]?.string ?? "").
            Make yourself an administrator: \(origin)/if/setup/?token=\(link?.revealed ?? "")
            Look at the result: \(tenant["login_endpoint"]?.string ?? "")/
            Try, in another terminal:

              \(program) status --data \(folder.path)
              \(program) user list --search anna --data \(folder.path)
              \(program) plan '\(DemoProvider.name)' --data \(folder.path)
              curl \(tenant["control_endpoint"]?.string ?? "")/state

            Change a line of people.csv, import it with `\(program) import csv FILE --data …`, and sync again:
            only the changes are sent. Ctrl-C ends the demonstration.
            """
    }
}
