import ArgumentParser

/// Which part of a long list is printed.
struct PageOptions: ParsableArguments {
    @Option(help: "Only entries whose name or address contains this text.")
    var search = ""

    @Option(help: "The maximum number of entries; 0 for all.")
    var limit = 100

    func validate() throws {
        guard limit >= 0 else { throw ArgumentParser.ValidationError("--limit must not be negative.") }
    }

    /// Reads page after page until there are enough entries.
    func collect<Item, Key>(
        _ read: (_ after: Key?, _ limit: Int) async throws -> [Item],
        key: (Item) -> Key
    ) async throws -> [Item] {
        var items: [Item] = []
        while limit == 0 || items.count < limit {
            let wanted = limit == 0 ? 1000 : min(1000, limit - items.count)
            let page = try await read(items.last.map(key), wanted)
            items += page
            if page.count < wanted { break }
        }
        return items
    }

    /// Says that the list was cut, if it was.
    func printRemainder(of count: Int) {
        if limit > 0, count == limit { printError("The first \(limit) are shown; --limit 0 shows all.") }
    }
}
