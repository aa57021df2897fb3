import ArgumentParser

/// `causeway measure …`: what the benchmarks ask for; not shown in the help.
struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measures parts of the program.",
        shouldDisplay: false,
        subcommands: [
            Mapping.self, Hostile.self, Sync.self, Direct.self, Pacing.self, Requests.self, Memory.self, Capacity.self,
            Lists.self,
        ]
    )
}
