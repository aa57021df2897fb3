/// Positions in the table of entries, ascending, each once. They are in the table's order so that a reader of pages can
/// continue from a position, whatever has been added or removed in between.
struct EntrySet: Sendable {
    private(set) var items: [EntryIndex] = []

    var count: Int { items.count }
    var isEmpty: Bool { items.isEmpty }

    func contains(_ item: EntryIndex) -> Bool {
        let index = items.insertionIndex(of: item)
        return index < items.count && items[index] == item
    }

    mutating func insert(_ item: EntryIndex) {
        let index = items.insertionIndex(of: item)
        guard index == items.count || items[index] != item else { return }
        items.insert(item, at: index)
    }

    mutating func remove(_ item: EntryIndex) {
        let index = items.insertionIndex(of: item)
        guard index < items.count, items[index] == item else { return }
        items.remove(at: index)
    }
}

extension [EntryIndex] {
    /// The position of an item in an ascending list, or where it would be.
    func insertionIndex(of item: EntryIndex) -> Int {
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
    func from(_ item: EntryIndex) -> ArraySlice<EntryIndex> { self[insertionIndex(of: item)...] }
}
