import ArgumentParser
import CausewayInstallation
import Logging

/// Measures the program against an emulated tenant on this machine.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "causeway-bench",
        abstract: "Measures Causeway against an emulated tenant on this machine.",
        subcommands: [FiguresCommand.self, CompareCommand.self, GrowthCommand.self, MeasureCommand.self],
        defaultSubcommand: FiguresCommand.self
    )

    static func main() async {
        Allocator.shareArenas()
        await main(nil)
    }
}

extension Logger {
    /// Errors only, on standard error.
    static var bench: Logger {
        var logger = Logger(label: "causeway-bench") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        return logger
    }
}
