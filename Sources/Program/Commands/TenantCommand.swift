import ArgumentParser
import CausewayEmulator
import CausewayGraphTypes
import Foundation
import Logging

/// The states of an on/off flag.
enum Switch: String, ExpressibleByArgument, CaseIterable {
    case on, off
}

/// `causeway tenant`
struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant",
        abstract: "Runs an emulated Entra tenant on this machine, for trying out and for testing.",
        discussion: """
            Prints one line of JSON with its endpoints when it is ready, and runs until it is interrupted. Graph is at /v1.0, \
            the log-in service at /TENANT/oauth2/v2.0/token, its controls at /_control.
            """
    )

    @Option(help: "Address to listen on; port 0 takes any free one.")
    var listen = "127.0.0.1:9100"
    @Option(help: "The tenant's id.")
    var tenantID = EmulatorSettings().tenantID
    @Option(help: "Client id of the app registration that may sign in.")
    var clientID = EmulatorSettings().clientID
    @Option(help: "Its client secret.")
    var clientSecret = EmulatorSettings().clientSecret
    @Option(name: .customLong("domain"), help: "A verified domain; may be repeated.")
    var domains: [String] = []
    @Option(help: "Whether writes are throttled as Microsoft documents it: on or off.")
    var throttle = Switch.off
    @Option(help: "The same seed gives the same ids.")
    var seed: UInt64 = 1
    @Flag(help: "End when standard input is closed: for programs that start a tenant and must not leave one behind.")
    var untilStdinCloses = false

    func run() async throws {
        let address = try ListenAddress(listen)
        var settings = EmulatorSettings()
        settings.host = address.host
        settings.port = address.port
        settings.tenantID = tenantID
        settings.clientID = clientID
        settings.clientSecret = clientSecret
        settings.domains = domains
        settings.throttles = throttle == .on
        settings.seed = seed
        var logger = Logger(label: "tenant")
        logger.logLevel = .error
        if untilStdinCloses { Self.exitWhenStdinCloses() }
        try await Emulator.run(settings: settings, types: try GraphTypes.load(), logger: logger) { endpoints in
            print(endpoints.jsonLine)
            fflush(nil)
        }
    }

    private static func exitWhenStdinCloses() {
        Thread.detachNewThread {
            while !FileHandle.standardInput.availableData.isEmpty {}
            Foundation.exit(EXIT_SUCCESS)
        }
    }
}
