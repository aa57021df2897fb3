import CausewayJSON
import Foundation

/// Where a read is answered: reads by replicas, advanced queries by an index that lags further behind (Graph, "Advanced
/// query capabilities").
enum Surface: Sendable {
    case replica, index
}

/// What readers still see of objects that have since changed. Empty if there is no lag.
struct ReplicaHistory: Sendable {
    /// When a change becomes visible.
    struct Arrival: Sendable {
        let replica: Date
        let index: Date

        func date(_ surface: Surface) -> Date { surface == .replica ? replica : index }
        var last: Date { max(replica, index) }
    }

    /// The state before a change, and until when it is visible.
    private struct Former<Value: Sendable>: Sendable {
        let value: Value
        let arrival: Arrival
    }

    private struct Link: Hashable {
        let relation: Relation
        let from: EntryIndex
        let to: EntryIndex
    }

    /// Nil if there was no object.
    private var entries: [EntryIndex: [Former<DirectoryEntry?>]] = [:]
    /// Whether a link was there.
    private var links: [Link: [Former<Bool>]] = [:]
    /// The links in ``links`` by either end.
    private var linksByEnd: [EntryIndex: Set<Link>] = [:]
    private var ends: [(date: Date, entry: EntryIndex?, link: Link?)] = []
    private var next = 0

    var isEmpty: Bool { entries.isEmpty && links.isEmpty }

    /// The objects that some reader does not see in their present state, unordered.
    var pendingEntries: some Sequence<EntryIndex> { entries.keys }

    mutating func keep(_ entry: DirectoryEntry?, at index: EntryIndex, until arrival: Arrival) {
        entries[index, default: []].append(Former(value: entry, arrival: arrival))
        ends.append((arrival.last, index, nil))
    }

    mutating func keepLink(
        _ relation: Relation,
        from: EntryIndex,
        to: EntryIndex,
        was: Bool,
        until arrival: Arrival
    ) {
        let link = Link(relation: relation, from: from, to: to)
        links[link, default: []].append(Former(value: was, arrival: arrival))
        for end in [from, to] { linksByEnd[end, default: []].insert(link) }
        ends.append((arrival.last, nil, link))
    }

    /// The object as a reader sees it.
    ///
    /// - Returns: nil if the reader does not see it yet.
    func seen(_ entry: DirectoryEntry, at index: EntryIndex, on surface: Surface, now: Date) -> DirectoryEntry? {
        guard let former = entries[index]?.first(where: { $0.arrival.date(surface) > now }) else { return entry }
        return former.value
    }

    /// What an object links to as a reader sees it, ascending.
    func targets(_ present: [EntryIndex], _ relation: Relation, of from: EntryIndex, on surface: Surface, now: Date)
        -> [EntryIndex]
    {
        amended(present, end: from, surface, now) { $0.relation == relation && $0.from == from ? $0.to : nil }
    }

    /// What links to an object as a reader sees it, ascending.
    func sources(_ present: [EntryIndex], _ relation: Relation, of to: EntryIndex, on surface: Surface, now: Date)
        -> [EntryIndex]
    {
        amended(present, end: to, surface, now) { $0.relation == relation && $0.to == to ? $0.from : nil }
    }

    /// Adds what a reader still sees, and removes what it does not see yet.
    private func amended(
        _ present: [EntryIndex],
        end: EntryIndex,
        _ surface: Surface,
        _ now: Date,
        _ other: (Link) -> EntryIndex?
    ) -> [EntryIndex] {
        guard let pending = linksByEnd[end] else { return present }
        var unseen: Set<EntryIndex> = []
        var ghosts: [EntryIndex] = []
        for link in pending {
            guard let other = other(link),
                let former = links[link]?.first(where: { $0.arrival.date(surface) > now })
            else { continue }
            if former.value { ghosts.append(other) } else { unseen.insert(other) }
        }
        guard !unseen.isEmpty || !ghosts.isEmpty else { return present }
        return Set(present).subtracting(unseen).union(ghosts).sorted()
    }

    /// Drops what every reader sees by now.
    mutating func trim(now: Date) {
        while next < ends.count, ends[next].date <= now {
            if let index = ends[next].entry { trimEntry(index, now) }
            if let link = ends[next].link { trimLink(link, now) }
            next += 1
        }
        if next > 1024, next * 2 > ends.count {
            ends.removeFirst(next)
            next = 0
        }
    }

    private mutating func trimEntry(_ index: EntryIndex, _ now: Date) {
        entries[index]?.removeAll { $0.arrival.last <= now }
        if entries[index]?.isEmpty == true { entries[index] = nil }
    }

    private mutating func trimLink(_ link: Link, _ now: Date) {
        links[link]?.removeAll { $0.arrival.last <= now }
        guard links[link]?.isEmpty == true else { return }
        links[link] = nil
        for end in [link.from, link.to] {
            linksByEnd[end]?.remove(link)
            if linksByEnd[end]?.isEmpty == true { linksByEnd[end] = nil }
        }
    }
}
