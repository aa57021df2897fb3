/// Positions in the table of entries, ascending, each once. They are in the table's order so that a reader of pages can
/// continue from a position, whatever has been added or removed in between.
struct EntrySet: Sendable {
    private(set) var items: [EntryIndex] = []

    var count: Int { items.count }
    var isEmpty: Bool { items.isEmpty }

    func contains(_ item: EntryIndex) -> Bool {
        let place = items.place(of: item)
        return place < items.count && items[place] == item
    }

    mutating func insert(_ item: EntryIndex) {
        let place = items.place(of: item)
        guard place == items.count || items[place] != item else { return }
        items.insert(item, at: place)
    }

    mutating func remove(_ item: EntryIndex) {
        let place = items.place(of: item)
        guard place < items.count, items[place] == item else { return }
        items.remove(at: place)
    }
}

extension [EntryIndex] {
    /// The position of an item in an ascending list, or where it would be.
    func place(of item: EntryIndex) -> Int {
        // Most are the newest.
        guard let last, last >= item else { return count }
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < item { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The part of an ascending list from an item on.
    func from(_ item: EntryIndex) -> ArraySlice<EntryIndex> { self[place(of: item)...] }
}
