import ArgumentParser
import CausewayInstallation
import Foundation
import Logging

/// Measures the program against an emulated tenant on this machine.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "causeway-bench",
        abstract: "Measures Causeway against an emulated tenant on this machine.",
        subcommands: [FiguresCommand.self, MeasureCommand.self],
        defaultSubcommand: FiguresCommand.self
    )

    static func main() async {
        Allocator.shareArenas()
        await main(nil)
    }
}

/// `causeway-bench [USERS]`
struct FiguresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figures",
        abstract: "Takes every measurement, and prints each figure next to its target."
    )

    @Argument(help: "How many people are synced.")
    var users = 100_000

    func run() async throws {
        print("\(users) users, on \(ProcessInfo.processInfo.activeProcessorCount) cores, tenant included\n")
        try EngineFigures(users: users).measure(Self.show)
        print("\nThe Graph client and the emulated tenant\n")
        try GraphFigures().measure(Self.show)
    }

    private static func show(_ figure: Figure) {
        print(figure)
        fflush(nil)
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
