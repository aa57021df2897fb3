import ArgumentParser

/// How often something is measured, and where its results are kept.
struct ResultOptions: ParsableArguments {
    @Option(help: "How often everything is measured; tables have the medians.")
    var `repeat` = 1
    @Option(help: "Write the results into this file, for `causeway-bench compare`.")
    var json: String?
    @Option(help: "What the build is called in the results, such as a commit.")
    var label: String?

    var rounds: Range<Int> { 0..<max(1, `repeat`) }

    /// Writes results into the file, if one is given.
    func write(_ results: BenchResults) throws {
        if let json { try results.write(to: json) }
    }
}
