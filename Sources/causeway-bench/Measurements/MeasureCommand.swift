import ArgumentParser

/// `causeway-bench measure …`: one measurement, as JSON. Each runs in a process of its own, so that its memory is its own.
struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measures a part of the program, and prints JSON.",
        subcommands: [
            Mapping.self, Hostile.self, Sync.self, Latency.self, Pacing.self, Requests.self, Memory.self, Capacity.self,
            Lists.self, Year.self, Nodes.self, Node.self,
        ]
    )
}
