import CausewayJSON

/// The costs of syncs of directories of several sizes, in proportion: each user is in a team, in a department and in eight circles,
/// and there is a group for every ten users, so that 300,000 users have 30,000 groups and 3,000,000 memberships.
struct GrowthMeasurement {
    private(set) var results: BenchResults
    /// The smallest first.
    let sizes: [Int]
    /// How many users the smallest directory has.
    static let fewest = 1000

    init(sizes: [Int], label: String?) {
        self.sizes = sizes.sorted()
        results = BenchResults(label: label, users: sizes.max() ?? 0)
    }

    /// Measures a size; again, it adds samples.
    ///
    /// - Returns: a line about the directory.
    mutating func measure(_ size: Int) throws -> String {
        let result = try Measurement.run(Self.arguments(size))
        for cost in GrowthCost.all { results.add(cost.record(try cost.value(in: result), size: size)) }
        let groups = Int(result["first_sync"]?["groups"]?.double ?? 0)
        let memberships = Int(result["memberships"]?.double ?? 0)
        return "\(size) users, \(groups) groups, \(memberships) memberships"
    }

    var rows: [GrowthRow] {
        GrowthCost.all.map { cost in
            let points = sizes.compactMap { size in
                results.figures.first { $0.key == cost.key(size: size) }?.median.map {
                    Exponent.Point(size: Double(size), cost: $0)
                }
            }
            return GrowthRow(cost: cost, points: points)
        }
    }

    /// Teams, divisions and departments are the other groups: 21 for every 1,000 users, and a few.
    private static func arguments(_ size: Int) -> [String] {
        ["sync", "--users", "\(size)", "--circles", "8", "--circle-count", "\(size * 79 / 1000)"]
    }
}
