import CausewayJSON
import Foundation

/// Where a reader looks: reads are answered by replicas, advanced queries by an index that is later still (Graph, "Advanced
/// query capabilities").
enum Surface: Sendable {
    case replica, index
}

/// What readers still see of objects that have changed meanwhile. Empty where there is no lag.
struct ReplicaHistory: Sendable {
    /// When a change is seen.
    struct Arrival: Sendable {
        let replica: Date
        let index: Date

        func date(_ surface: Surface) -> Date { surface == .replica ? replica : index }
        var last: Date { max(replica, index) }
    }

    private struct Former: Sendable {
        /// nil where there was none.
        let entry: DirectoryEntry?
        let arrival: Arrival
    }

    private struct LinkKey: Hashable {
        let relation: Relation
        let from: EntryIndex
        let to: EntryIndex
    }

    private var entries: [EntryIndex: [Former]] = [:]
    /// Whether a link was there before, and until when that is believed.
    private var links: [LinkKey: (was: Bool, arrival: Arrival)] = [:]
    private var linkedFrom: [EntryIndex: Int] = [:]
    private var ends: [(date: Date, entry: EntryIndex?, link: LinkKey?)] = []
    private var next = 0

    var isEmpty: Bool { entries.isEmpty && links.isEmpty }

    mutating func keep(_ entry: DirectoryEntry?, at index: EntryIndex, until arrival: Arrival) {
        entries[index, default: []].append(Former(entry: entry, arrival: arrival))
        ends.append((arrival.last, index, nil))
    }

    mutating func keepLink(
        _ relation: Relation,
        from: EntryIndex,
        to: EntryIndex,
        was: Bool,
        until arrival: Arrival
    ) {
        let key = LinkKey(relation: relation, from: from, to: to)
        if links.updateValue((was, arrival), forKey: key) == nil { linkedFrom[from, default: 0] += 1 }
        ends.append((arrival.last, nil, key))
    }

    /// The object as a reader sees it.
    ///
    /// - Returns: nil where the reader does not know of it yet.
    func seen(_ entry: DirectoryEntry, at index: EntryIndex, on surface: Surface, now: Date) -> DirectoryEntry? {
        guard let former = entries[index]?.first(where: { $0.arrival.date(surface) > now }) else { return entry }
        return former.entry
    }

    /// Whether a reader sees a link that is there, or is not.
    func sees(_ relation: Relation, from: EntryIndex, to: EntryIndex, is present: Bool, on surface: Surface, now: Date)
        -> Bool
    {
        guard let kept = links[LinkKey(relation: relation, from: from, to: to)], kept.arrival.date(surface) > now else {
            return present
        }
        return kept.was
    }

    /// Links of an object that a reader still sees though they are gone.
    func ghosts(of from: EntryIndex, _ relation: Relation, on surface: Surface, now: Date) -> [EntryIndex] {
        guard linkedFrom[from] != nil else { return [] }
        return links.compactMap { key, kept in
            key.from == from && key.relation == relation && kept.was && kept.arrival.date(surface) > now ? key.to : nil
        }
    }

    func hasPending(from index: EntryIndex) -> Bool { linkedFrom[index] != nil }

    /// Forgets what every reader knows by now.
    mutating func settle(now: Date) {
        while next < ends.count, ends[next].date <= now {
            if let index = ends[next].entry { settleEntry(index, now) }
            if let link = ends[next].link { settleLink(link, now) }
            next += 1
        }
        if next > 1024, next * 2 > ends.count {
            ends.removeFirst(next)
            next = 0
        }
    }

    private mutating func settleEntry(_ index: EntryIndex, _ now: Date) {
        entries[index]?.removeAll { $0.arrival.last <= now }
        if entries[index]?.isEmpty == true { entries[index] = nil }
    }

    private mutating func settleLink(_ key: LinkKey, _ now: Date) {
        guard let kept = links[key], kept.arrival.last <= now else { return }
        links[key] = nil
        linkedFrom[key.from, default: 1] -= 1
        if linkedFrom[key.from] == 0 { linkedFrom[key.from] = nil }
    }
}
