import ArgumentParser
import CausewayInstallation
import CausewayJSON

/// `causeway manual`
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Prints the manual page, with every command and option.",
        discussion: """
            To read it: causeway manual | man -l -. To install it for man causeway: causeway manual > \
            ~/.local/share/man/man1/causeway.1
            """
    )

    func run() throws {
        let page = ManualPage(help: try JSONValue(parsing: Causeway._dumpHelp()), version: Version.current)
        print(page.text)
    }
}
