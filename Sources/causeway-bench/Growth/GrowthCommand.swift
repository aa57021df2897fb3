import ArgumentParser
import Foundation

/// `causeway-bench growth`
struct GrowthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "growth",
        abstract: "Syncs directories of several sizes, and shows how each cost grows.",
        discussion: """
            Each size has a group for every ten users and ten memberships for each user. The exponent is that of the power of the \
            size that a cost is proportional to: 1 is linear. The steepest exponent is the largest between a size and the next \
            from 10,000 users on, because constants are most of the costs below.
            """
    )

    @Option(help: "The numbers of users, with commas between them.", transform: Self.sizes)
    var sizes = [1000, 10_000, 100_000, 300_000]
    @Option(help: "Draw the costs into this file.")
    var svg: String?
    @OptionGroup var kept: ResultOptions

    func run() async throws {
        var growth = GrowthMeasurement(sizes: sizes, label: kept.label)
        for _ in kept.rounds {
            for size in growth.sizes {
                print(try growth.measure(size))
                fflush(nil)
                // After each size, so that a failure of a larger one costs that one alone.
                try write(growth)
            }
        }
        print("")
        for line in GrowthRow.table(growth.rows).lines { print(line) }
    }

    private func write(_ growth: GrowthMeasurement) throws {
        try kept.write(growth.results)
        if let svg { try OutputFile.write(GrowthPlot(growth.rows, build: growth.results.build).svg, to: svg) }
    }

    private static func sizes(_ text: String) throws -> [Int] {
        let sizes = try text.split(separator: ",").map { part in
            guard let size = Int(part), size >= GrowthMeasurement.fewest else {
                throw ValidationError("'\(part)' is not a number of users from \(GrowthMeasurement.fewest) on.")
            }
            return size
        }
        guard !sizes.isEmpty, Set(sizes).count == sizes.count else {
            throw ValidationError("'\(text)' has no sizes, or one twice.")
        }
        return sizes
    }
}
