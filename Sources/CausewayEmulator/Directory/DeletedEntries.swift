import CausewayJSON
import Foundation

/// The recycle bin: its content, the order of purging, and the immutable ids in it.
struct DeletedEntries: Sendable {
    private var byKind: [EntryKind: EntrySet] = [:]
    /// In the order of deletion; objects that left the bin since are skipped.
    private var queue: [(entry: EntryIndex, date: Date)] = []
    private var next = 0
    private var immutableIDs: [String: Int] = [:]

    var count: Int { byKind.values.reduce(0) { $0 + $1.count } }

    /// The deleted objects of a kind, ascending.
    func items(_ kind: EntryKind) -> [EntryIndex] { byKind[kind]?.items ?? [] }

    /// How many deleted objects have an immutable id, given in lower case.
    func holders(ofImmutableID id: String) -> Int { immutableIDs[id] ?? 0 }

    mutating func insert(_ entry: DirectoryEntry, at index: EntryIndex, _ date: Date) {
        byKind[entry.kind, default: EntrySet()].insert(index)
        queue.append((index, date))
        count(entry, 1)
    }

    mutating func remove(_ entry: DirectoryEntry, at index: EntryIndex) {
        byKind[entry.kind]?.remove(index)
        count(entry, -1)
    }

    /// Records that an object in the bin has other properties.
    mutating func replace(_ former: DirectoryEntry, with entry: DirectoryEntry) {
        count(former, -1)
        count(entry, 1)
    }

    private mutating func count(_ entry: DirectoryEntry, _ step: Int) {
        guard let id = entry.properties["onPremisesImmutableId"]?.string?.lowercased() else { return }
        let count = holders(ofImmutableID: id) + step
        immutableIDs[id] = count > 0 ? count : nil
    }

    /// Removes from the queue what was deleted before a date.
    mutating func takeDue(before limit: Date) -> [(entry: EntryIndex, date: Date)] {
        let start = next
        while next < queue.count, queue[next].date < limit { next += 1 }
        let due = Array(queue[start..<next])
        if next > 1024, next * 2 > queue.count {
            queue.removeFirst(next)
            next = 0
        }
        return due
    }
}
