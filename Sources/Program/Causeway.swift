import ArgumentParser
import CausewayInstallation
import CausewayModel
import CausewayStore
import Foundation

/// The program: all commands, and the one place that turns an error into a message and an exit status.
@main
struct Causeway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "causeway",
        abstract: "Keeps a directory of users and groups and provisions it into Microsoft Entra ID.",
        discussion: """
            Exit status: 0 done; 1 not done, the message says why; 2 done except for single objects, which are listed; \
            3 something waits for your approval; 4 the tenant differs from the directory (demo); 64 wrong usage; 130 stopped by \
            Ctrl-C; 143 stopped by SIGTERM.
            """,
        version: "causeway \(Version.current)",
        subcommands: [
            ServeCommand.self, DemoCommand.self, TenantCommand.self, ImportCommand.self, ProviderCommand.self,
            PlanCommand.self, SyncCommand.self, ScheduleCommand.self, NodeCommand.self, StatusCommand.self,
            ExplainCommand.self,
            DriftCommand.self, LogCommand.self, MappingCommand.self, UserCommand.self, GroupCommand.self,
            TokenCommand.self, OpenCommand.self, BackupCommand.self, RestoreCommand.self, DatabaseCommand.self,
            ConfigCommand.self, DiagnoseCommand.self, CompletionCommand.self, ManualCommand.self,
        ]
    )

    static func main() async {
        Allocator.shareArenas()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    private static func end(with error: any Error) -> Never {
        if let interruption = error as? Interruption {
            printError("causeway: \(interruption.sentence)")
            exit(withError: interruption.exitCode)
        }
        guard let sentence = sentence(for: error) else { exit(withError: error) }
        printError("causeway: \(sentence)")
        exit(withError: ExitStatus.failed)
    }

    /// The message for one of the program's own errors; nil for errors that the argument parser words itself.
    private static func sentence(for error: any Error) -> String? {
        switch error {
        case is ExitCode, is CleanExit: nil
        case is CancellationError: "Stopped."
        case let error as ArgumentParser.ValidationError: error.message
        case let error as CausewayModel.ValidationError: error.description
        case let error as any CustomStringConvertible where isOurs(error): error.description
        case let error where isOfArgumentParser(error): nil
        default: "Unexpected error: \(error.localizedDescription)"
        }
    }

    private static func isOurs(_ error: any CustomStringConvertible) -> Bool {
        let name = String(reflecting: type(of: error))
        return name.hasPrefix("Causeway") || name.hasPrefix("causeway")
    }

    private static func isOfArgumentParser(_ error: any Error) -> Bool {
        String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}
