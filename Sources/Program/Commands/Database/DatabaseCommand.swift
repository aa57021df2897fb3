import ArgumentParser

/// `causeway database`
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database",
        abstract: "Moves an installation between SQLite and PostgreSQL, and checks a database.",
        subcommands: [DatabaseCopyCommand.self, DatabaseCheckCommand.self]
    )
}
