/// Places in the table of entries, ascending, each once. They stand in the table's order so that whoever reads page by page can
/// go on from a place, whatever came and went meanwhile.
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
    /// Where an item of an ascending list stands, or would.
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

    /// What an ascending list holds from an item on.
    func from(_ item: EntryIndex) -> ArraySlice<EntryIndex> { self[place(of: item)...] }
}
