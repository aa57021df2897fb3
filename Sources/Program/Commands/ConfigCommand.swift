import ArgumentParser
import CausewayJSON
import CausewayStore
import Foundation

/// `causeway config`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Shows the current settings and the source of each.",
        subcommands: [ConfigShowCommand.self, NewKeyCommand.self, AcceptCopyCommand.self, MarkRestoredCommand.self],
        defaultSubcommand: ConfigShowCommand.self
    )
}

/// `causeway config show`
struct ConfigShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows the current settings and the source of each."
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try data.settings()
        let key = settings.secretKey == nil ? settings.keyFile.path : "********"
        let lines = [
            ("data", settings.data.value, settings.data.origin),
            ("database", try settings.databasePlace().name, settings.database.origin),
            ("listen", settings.listen.value, settings.listen.origin),
            (
                "mapping_workers",
                settings.mappingWorkers.value.isEmpty ? "as many as cores" : settings.mappingWorkers.value,
                settings.mappingWorkers.origin
            ),
            ("mapping_sandbox", settings.mappingSandbox.value, settings.mappingSandbox.origin),
            ("mapping_types", settings.mappingTypes.value, settings.mappingTypes.origin),
            ("sign_in_failures", settings.signInFailures.value, settings.signInFailures.origin),
            ("breached_passwords", settings.breachedPasswords.value, settings.breachedPasswords.origin),
            ("trust_proxy", settings.trustProxy.value, settings.trustProxy.origin),
            ("allow_link_local", settings.allowLinkLocal.value, settings.allowLinkLocal.origin),
            (
                "max_connections",
                settings.maxConnections.value.isEmpty ? "as many as open files allow" : settings.maxConnections.value,
                settings.maxConnections.origin
            ),
            (
                "max_connections_per_address", settings.maxConnectionsPerAddress.value,
                settings.maxConnectionsPerAddress.origin
            ),
            ("allowed_hosts", settings.allowedHosts.value, settings.allowedHosts.origin),
            ("minimum_free_space", settings.minimumFreeSpace.value, settings.minimumFreeSpace.origin),
            ("keep_runs_days", settings.keepRunsDays.value, settings.keepRunsDays.origin),
            ("keep_actions", settings.keepActions.value, settings.keepActions.origin),
            ("keep_events_days", settings.keepEventsDays.value, settings.keepEventsDays.origin),
            ("keep_events", settings.keepEvents.value, settings.keepEvents.origin),
            ("secret_key", key, settings.secretKey?.origin ?? .standard),
        ]
        let output = Output(output)
        if output.isJSON {
            let values = lines.map { name, value, origin in
                (name, ["value": .string(value), "origin": .string(origin.rawValue)] as JSONValue)
            }
            return output.print(.object(Dictionary(values, uniquingKeysWith: { $1 })))
        }
        var table = Table(("Setting", .name), ("Value", .left), ("From", .left), ("Variable", .left))
        for (name, value, origin) in lines {
            table.add(name, value, origin.rawValue, "CAUSEWAY_\(name.uppercased())")
        }
        output.print(table, orIfEmpty: "")
    }
}
