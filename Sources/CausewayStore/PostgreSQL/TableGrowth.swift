/// How much tables have changed since the server was last told to look at them. Pure.
struct TableGrowth {
    private struct Changes {
        var count = 0
        /// From this number on, they matter.
        var limit = TableGrowth.least
    }

    private static let least = 1000
    private var tables: [String: Changes] = [:]

    mutating func note(_ changes: Int, in table: String) { tables[table, default: Changes()].count += changes }

    /// The tables that have changed by much, in order. Each is named again after twice as many changes: a table that grows evenly is looked
    /// at less and less often.
    mutating func takeGrown() -> [String] {
        let grown = tables.filter { $0.value.count >= $0.value.limit }.keys.sorted()
        for table in grown { tables[table] = Changes(count: 0, limit: (tables[table]?.limit ?? Self.least) * 2) }
        return grown
    }
}
