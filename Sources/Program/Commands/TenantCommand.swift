import ArgumentParser
import CausewayEmulator
import CausewayGraphTypes
import CausewayJSON
import Foundation
import Logging

/// The values of an on/off flag.
enum Switch: String, ExpressibleByArgument, CaseIterable {
    case on, off
}

/// `causeway tenant`
struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant",
        abstract: "Runs an emulated Entra tenant on this machine, for trials and tests.",
        discussion: """
            Prints one line of JSON with its endpoints when it is ready, and runs until it is interrupted. Graph is at /v1.0, \
            the sign-in service at /TENANT/oauth2/v2.0/token, its controls at /_control.
            """
    )

    @Option(help: "Address to listen on; port 0 takes any free one.")
    var listen = "127.0.0.1:9100"
    @Option(help: "The tenant's id.")
    var tenantID: String?
    @Option(help: "Client id of the app registration that may sign in.")
    var clientID: String?
    @Option(help: "Its client secret.")
    var clientSecret: String?
    @Option(name: .customLong("domain"), help: "A verified domain; may be repeated.")
    var domains: [String] = []
    @Option(help: "Whether requests are throttled as Microsoft documents it: on or off.")
    var throttle: Switch?
    @Option(help: "The same seed gives the same ids.")
    var seed: UInt64?
    @Option(help: "A file of settings in JSON, for several tenants and everything that can be set.")
    var settings: String?
    @Option(name: .customLong("set"), help: "A setting of the tenant as NAME=JSON; may be repeated.")
    var assignments: [String] = []
    @Option(
        name: .customLong("fault"),
        help: "A fault rule in JSON, such as '{\"kind\": \"dropped\", \"rate\": 0.05}'; may be repeated."
    )
    var faults: [String] = []
    @Option(help: "A folder that keeps the tenants; without it they end with the program.")
    var data: String?
    @Option(help: "The PEM file of a certificate for TLS.")
    var tlsCertificate: String?
    @Option(help: "The PEM file of its key.")
    var tlsKey: String?
    @Option(
        help:
            "Use TLS with a certificate that is created for this run, and write it to this file for clients to trust."
    )
    var tlsSelfMade: String?
    @Option(
        help:
            "The URL of the tenant for clients, if there is a proxy in front of it: links in answers begin with it."
    )
    var publicURL: String?
    @Flag(help: "End when standard input is closed: for programs that start a tenant and must not leave one behind.")
    var untilStdinCloses = false

    @Flag(help: "Print every setting with its default, and end.")
    var listSettings = false

    func run() async throws {
        guard !listSettings else { return Self.printSettings() }
        var chosen = try emulatorSettings()
        var logger = Logger(label: "tenant")
        logger.logLevel = .error
        if untilStdinCloses { Self.exitWhenStdinCloses() }
        chosen.mostConnections = min(chosen.mostConnections, try OpenFiles.raised().mostConnections())
        try await Emulator.run(settings: chosen, types: try GraphTypes.load(), logger: logger) { endpoints in
            print(endpoints.jsonLine)
            fflush(nil)
        }
    }

    private static func printSettings() {
        for note in TenantSettings.notes { print("\(note.name)=\(note.standard.text)\n    \(note.help)") }
    }

    /// The file first, then the flags.
    private func emulatorSettings() throws -> EmulatorSettings {
        var chosen = EmulatorSettings()
        let address = try ListenAddress(listen)
        (chosen.host, chosen.port) = (address.host, address.port)
        if let settings { try chosen.apply(document: Self.document(settings)) }
        if let data { chosen.folder = data }
        if let tlsCertificate { chosen.tlsCertificate = tlsCertificate }
        if let tlsKey { chosen.tlsKey = tlsKey }
        if let tlsSelfMade { chosen.tlsSelfMade = tlsSelfMade }
        if let publicURL { chosen.publicURL = publicURL }
        guard !chosen.tenants.isEmpty else { throw UserError("The settings contain no tenant; give at least one.") }
        try apply(to: &chosen.tenants[0])
        return chosen
    }

    private func apply(to tenant: inout TenantSettings) throws {
        if let tenantID { tenant.id = tenantID }
        if !domains.isEmpty { tenant.domains = domains }
        if let throttle { tenant.throttles = throttle == .on }
        if let seed { tenant.seed = seed }
        if tenant.applications.isEmpty { tenant.applications = [.standard] }
        if let clientID { tenant.applications[0].clientID = clientID }
        if let clientSecret { tenant.applications[0].secrets = [Secret(clientSecret)] }
        for assignment in assignments { try tenant.apply(assignment: assignment) }
        for fault in faults { tenant.faults.append(try FaultRule(json: Self.json(fault, in: "--fault"))) }
    }

    private static func document(_ path: String) throws -> JSONValue {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw UserError("The settings file \(path) cannot be read.")
        }
        return try json(text, in: path)
    }

    private static func json(_ text: String, in place: String) throws -> JSONValue {
        do { return try JSONValue(parsing: text) } catch { throw UserError("\(place) is \(error).") }
    }

    private static func exitWhenStdinCloses() {
        Thread.detachNewThread {
            while !FileHandle.standardInput.availableData.isEmpty {}
            Foundation.exit(EXIT_SUCCESS)
        }
    }
}
