import ArgumentParser
import CausewayInstallation
import CausewayJSON
import Foundation

/// `causeway manual`
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Shows the manual page, with every command and option.",
        discussion: """
            At a terminal, man shows it. Without man, or if the output goes into a file or another program, it is printed as roff. To \
            install it for man causeway: causeway manual > ~/.local/share/man/man1/causeway.1
            """
    )

    func run() throws {
        let page = ManualPage(help: try JSONValue(parsing: Causeway._dumpHelp()), version: Version.current)
        let output = Output(isJSON: false)
        if output.terminal.isInteractive { Pager(environment: ProcessInfo.processInfo.environment)?.show(page.text) }
        output.print(page.text)
    }
}
