import Foundation

/// The tenant's history of the last days, in order: what delta queries read.
struct ChangeLog: Sendable {
    enum Event: UInt8, Sendable {
        case created, updated, deleted, restored, purged, linked, unlinked
    }

    struct Change: Sendable {
        let event: Event
        let relation: Relation
        let entry: EntryIndex
        /// The other end of a link.
        let other: EntryIndex
        /// Which properties an update changed, see ``ChangeLog/properties(of:)``.
        let properties: Int32
        /// When delta queries may report it, in seconds of the reference date.
        let visibleAt: Double
    }

    /// How long changes are reported (Graph, "Use delta query to track changes").
    static let keptFor = 7 * 86_400.0

    /// The number of the first change that is still known.
    private(set) var start = 0
    private var changes: [Change] = []
    private var names: [Set<String>: Int32] = [:]
    private var sets: [Set<String>] = []
    /// Up to where all changes are visible; it only grows.
    private var visible = 0

    /// The number that the next change gets.
    var end: Int { start + changes.count }

    subscript(number: Int) -> Change { changes[number - start] }

    mutating func append(
        _ event: Event,
        _ entry: EntryIndex,
        relation: Relation = .members,
        other: EntryIndex = -1,
        properties: Set<String> = [],
        visibleAt: Date,
        now: Date
    ) {
        forget(before: now.timeIntervalSinceReferenceDate - Self.keptFor)
        let names = event == .updated ? number(of: properties) : -1
        changes.append(
            Change(
                event: event,
                relation: relation,
                entry: entry,
                other: other,
                properties: names,
                visibleAt: visibleAt.timeIntervalSinceReferenceDate
            )
        )
    }

    func properties(of change: Change) -> Set<String> {
        change.properties < 0 ? [] : sets[Int(change.properties)]
    }

    private mutating func number(of properties: Set<String>) -> Int32 {
        if let known = names[properties] { return known }
        let number = Int32(sets.count)
        sets.append(properties)
        names[properties] = number
        return number
    }

    /// Up to which number all changes are visible. A change never becomes visible before an earlier one, so that none is missed.
    mutating func visibleEnd(at date: Date) -> Int {
        let time = date.timeIntervalSinceReferenceDate
        visible = max(visible, start)
        while visible < end, self[visible].visibleAt <= time { visible += 1 }
        return visible
    }

    /// Drops changes that no token may ask for any more, many at a time: it runs with each change, so it must cost nothing.
    private mutating func forget(before time: Double) {
        guard changes.count > 1024, changes[changes.count / 4].visibleAt < time else { return }
        let old = changes.prefix { $0.visibleAt < time }.count
        changes.removeFirst(old)
        start += old
    }
}
