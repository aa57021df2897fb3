import ArgumentParser
import Foundation

/// `causeway-bench [USERS]`
struct FiguresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figures",
        abstract: "Takes every measurement, and prints each figure next to its target."
    )

    @Argument(help: "How many people are synced.")
    var users = 100_000
    @OptionGroup var kept: ResultOptions

    func run() async throws {
        print("\(users) users, on \(ProcessInfo.processInfo.activeProcessorCount) cores, tenant included\n")
        var results = BenchResults(label: kept.label, users: users)
        for _ in kept.rounds {
            let outcome = Result { try measure(into: &results) }
            // After each round, and also when it fails: what was measured before that counts.
            try kept.write(results)
            try outcome.get()
        }
    }

    private func measure(into results: inout BenchResults) throws {
        func show(_ figure: Figure) {
            print(figure)
            fflush(nil)
            if let record = figure.record { results.add(record) }
        }
        try EngineFigures(users: users).measure(show) { results.add($0) }
        print("\nThe Graph client and the emulated tenant\n")
        try GraphFigures().measure(show)
    }
}
