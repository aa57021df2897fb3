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
    @Option(help: "How often each figure is measured.")
    var `repeat` = 1
    @Option(help: "Write the results into this file, for `causeway-bench compare`.")
    var json: String?
    @Option(help: "What the build is called in the results, such as a commit.")
    var label: String?

    func run() async throws {
        print("\(users) users, on \(ProcessInfo.processInfo.activeProcessorCount) cores, tenant included\n")
        var results = BenchResults(label: label, users: users)
        for _ in 0..<max(1, `repeat`) {
            let outcome = Result { try measure(into: &results) }
            // After each round, and also when it fails: what was measured before that counts.
            if let json { try results.write(to: json) }
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
