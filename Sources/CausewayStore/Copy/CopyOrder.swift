/// The order in which tables are copied: a row comes after those that it refers to. Pure.
struct CopyOrder: Sendable {
    struct Step: Sendable {
        let table: TableShape
        /// Columns that refer to rows that come later: they are set at the end.
        let late: [String]
    }

    let steps: [Step]

    /// Its row makes a database an installation: it is the last one.
    private static let last = "installation"

    /// - Parameter tables: those to copy.
    init(_ tables: [TableShape]) {
        var left = tables.filter { $0.name != Self.last }.sorted { $0.name < $1.name }
        var placed: Set<String> = []
        var steps: [Step] = []
        func missing(_ table: TableShape) -> [String] {
            table.references.filter { !placed.contains($0.table) }.flatMap(\.columns)
        }
        while !left.isEmpty {
            // Where tables refer to each other, one begins without its references.
            let next =
                left.firstIndex { missing($0).isEmpty }
                ?? left.firstIndex { table in missing(table).allSatisfy(table.nullable.contains) } ?? 0
            let table = left.remove(at: next)
            steps.append(Step(table: table, late: missing(table)))
            placed.insert(table.name)
        }
        self.steps = steps + tables.filter { $0.name == Self.last }.map { Step(table: $0, late: []) }
    }
}
