/// Two results next to each other.
struct Comparison {
    private let first: BenchResults
    private let second: BenchResults

    init(_ first: BenchResults, _ second: BenchResults) { (self.first, self.second) = (first, second) }

    /// A figure that both have.
    struct Row: Equatable {
        let key: String
        let unit: String
        let medians: (first: Double, second: Double)
        let samples: (first: Int, second: Int)

        /// Nil if the first is 0.
        var ratio: Double? { medians.first == 0 ? nil : medians.second / medians.first }

        static func == (left: Row, right: Row) -> Bool {
            left.key == right.key && left.unit == right.unit && left.medians == right.medians
                && left.samples == right.samples
        }
    }

    /// In the order of the first results. A figure in another unit is another figure.
    var rows: [Row] {
        first.figures.compactMap { figure in
            guard let other = Self.same(figure, in: second), let medians = Self.medians(figure, other) else {
                return nil
            }
            return Row(
                key: figure.key,
                unit: figure.unit,
                medians: medians,
                samples: (figure.values.count, other.values.count)
            )
        }
    }

    /// The keys of figures that only one has.
    var single: (first: [String], second: [String]) {
        (Self.keys(of: first, missingIn: second), Self.keys(of: second, missingIn: first))
    }

    /// What else differs, each in a sentence.
    var differences: [String] {
        var sentences: [String] = []
        if first.cores != second.cores { sentences.append("A ran on \(first.cores) cores, B on \(second.cores).") }
        if first.users != second.users { sentences.append("A synced \(first.users) users, B \(second.users).") }
        return sentences
    }

    private static func same(_ figure: FigureRecord, in results: BenchResults) -> FigureRecord? {
        results.figures.first { $0.key == figure.key && $0.unit == figure.unit && !$0.values.isEmpty }
    }

    private static func medians(_ first: FigureRecord, _ second: FigureRecord) -> (Double, Double)? {
        guard let one = first.median, let other = second.median else { return nil }
        return (one, other)
    }

    private static func keys(of results: BenchResults, missingIn other: BenchResults) -> [String] {
        results.figures.filter { !$0.values.isEmpty && same($0, in: other) == nil }.map(\.key)
    }
}

extension Comparison {
    /// For a person.
    var lines: [String] {
        let table = TextTable(
            headings: ["figure", "unit", "A", "B", "B ÷ A", "samples"],
            rows: rows.map { row in
                [
                    row.key, row.unit, ShortNumber.text(row.medians.first), ShortNumber.text(row.medians.second),
                    row.ratio.map { ShortNumber.fixed($0, places: 3) } ?? "–",
                    "\(row.samples.first), \(row.samples.second)",
                ]
            }
        )
        let heads = [("A", first), ("B", second)].map { "\($0): build \($1.build), \($1.cores) cores, \($1.date)" }
        let missing = [("A", single.first), ("B", single.second)].filter { !$0.1.isEmpty }
            .map { "Only in \($0): \($1.joined(separator: ", "))" }
        return heads + differences + [""] + (rows.isEmpty ? ["No figure is in both."] : table.lines)
            + (missing.isEmpty ? [] : [""] + missing)
    }
}
