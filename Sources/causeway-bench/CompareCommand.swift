import ArgumentParser

/// `causeway-bench compare A B`
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Shows the figures of two builds next to each other, from the files that `--json` has written."
    )

    @Argument(help: "The results of one build.")
    var first: String
    @Argument(help: "The results of the other build.")
    var second: String

    func run() async throws {
        let comparison = Comparison(try .read(first), try .read(second))
        for line in comparison.lines { print(line) }
    }
}
