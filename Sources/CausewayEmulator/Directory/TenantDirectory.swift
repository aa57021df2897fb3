import CausewayJSON
import Foundation

/// Everything a tenant holds, in memory, with an index for each way in which Graph finds or compares objects. No rules here:
/// what may be written is decided before.
///
/// All changes go through ``apply(_:at:)``, which tells the history, the replicas and the journal.
struct TenantDirectory: Sendable {
    private(set) var entries: [DirectoryEntry] = []
    private var byID: [String: EntryIndex] = [:]
    /// Unique values of living objects, folded.
    private var byKey: [UniqueKey: EntryIndex] = [:]
    private var links: [Relation: [EntryIndex: LinkSet]] = [:]
    private var backLinks: [Relation: [EntryIndex: LinkSet]] = [:]
    /// How many living objects of a kind there are, and how many wait in the recycle bin.
    private(set) var counts: [EntryKind: Int] = [:]
    private(set) var deletedIndexes: Set<EntryIndex> = []
    private(set) var membershipCount = 0
    /// How many living users hold a licence, by its id.
    private(set) var licenceCounts: [String: Int] = [:]

    private(set) var log = ChangeLog()
    private(set) var replicas = ReplicaHistory()
    private var random: SeededRandom
    private var lags: Lags
    private var journal: DirectoryJournal?

    /// How late a write is seen.
    struct Lags: Sendable {
        var replica = Delay.none
        var index = Delay.none
        var delta = Delay.none
    }

    init(seed: UInt64, lags: Lags = Lags()) {
        random = SeededRandom(seed: seed)
        self.lags = lags
    }

    // MARK: Finding

    subscript(index: EntryIndex) -> DirectoryEntry { entries[Int(index)] }

    /// The living object of that id.
    func living(_ id: String, kind: EntryKind? = nil) -> EntryIndex? {
        guard let index = byID[id.lowercased()], self[index].deletedAt == nil else { return nil }
        return kind == nil || self[index].kind == kind ? index : nil
    }

    /// The object of that id in the recycle bin.
    func deleted(_ id: String) -> EntryIndex? {
        guard let index = byID[id.lowercased()], self[index].deletedAt != nil else { return nil }
        return index
    }

    /// The living object that holds a unique value.
    func holder(of key: UniqueKey) -> EntryIndex? { byKey[key] }

    /// An object as a reader of that surface sees it.
    func seen(_ index: EntryIndex, on surface: Surface, now: Date) -> DirectoryEntry? {
        let entry = self[index]
        return replicas.isEmpty ? entry : replicas.seen(entry, at: index, on: surface, now: now)
    }

    // MARK: Links

    func isLinked(_ relation: Relation, from: EntryIndex, to: EntryIndex) -> Bool {
        links[relation]?[from]?.contains(to) ?? false
    }

    /// What an object links to, the recycle bin included.
    func targets(_ relation: Relation, of from: EntryIndex) -> [EntryIndex] { links[relation]?[from]?.items ?? [] }

    /// What links to an object, the recycle bin included.
    func sources(_ relation: Relation, of to: EntryIndex) -> [EntryIndex] { backLinks[relation]?[to]?.items ?? [] }

    func linkCount(_ relation: Relation, of from: EntryIndex) -> Int { links[relation]?[from]?.count ?? 0 }

    /// What an object links to as a reader of that surface sees it.
    func seenTargets(_ relation: Relation, of from: EntryIndex, on surface: Surface, now: Date) -> [EntryIndex] {
        let present = targets(relation, of: from)
        guard replicas.hasPending(from: from) else { return present }
        let seen = present.filter {
            replicas.sees(relation, from: from, to: $0, is: true, on: surface, now: now)
        }
        return seen + replicas.ghosts(of: from, relation, on: surface, now: now).filter { !present.contains($0) }
    }

    /// Everything below a group, or above an object, each once.
    func closure(_ start: EntryIndex, _ step: (EntryIndex) -> [EntryIndex]) -> [EntryIndex] {
        var found = LinkSet()
        var open = step(start)
        while let next = open.popLast() {
            guard !found.contains(next), self[next].deletedAt == nil else { continue }
            found.insert(next)
            open += step(next)
        }
        return found.items
    }

    // MARK: Changing

    /// A fresh id.
    mutating func makeID() -> String { random.uuid() }

    /// Goes on with other ids than those that were given before.
    mutating func reseed(_ seed: UInt64) { random = SeededRandom(seed: seed &+ UInt64(entries.count) &* 7919) }

    mutating func setLags(_ lags: Lags) { self.lags = lags }

    /// Keeps further changes in a file.
    mutating func keep(in journal: DirectoryJournal) { self.journal = journal }

    /// Changes the directory.
    ///
    /// - Returns: the entry that was created or changed.
    @discardableResult
    mutating func apply(_ mutation: Mutation, at now: Date) -> EntryIndex {
        replicas.settle(now: now)
        let arrival = arrival(now)
        let visible = now.addingTimeInterval(lags.delta.sample(&random))
        journal?.append(mutation, at: now)
        switch mutation {
        case .create(let id, let kind, let properties):
            let index = EntryIndex(entries.count)
            remember(nil, at: index, until: arrival)
            entries.append(DirectoryEntry(id: id, kind: kind, properties: properties))
            byID[id] = index
            enlist(index)
            log.append(.created, index, visibleAt: visible)
            return index
        case .update(let index, let changes):
            update(index, changes, arrival)
            log.append(.updated, index, properties: Set(changes.keys), visibleAt: visible)
            return index
        case .delete(let index):
            remember(self[index], at: index, until: arrival)
            delete(index, now)
            log.append(.deleted, index, visibleAt: visible)
            return index
        case .restore(let index):
            remember(self[index], at: index, until: arrival)
            restore(index)
            log.append(.restored, index, visibleAt: visible)
            return index
        case .purge(let index):
            purge(index)
            log.append(.purged, index, visibleAt: visible)
            return index
        case .link(let relation, let from, let to):
            link(relation, from, to, arrival)
            log.append(.linked, from, relation: relation, other: to, visibleAt: visible)
            return from
        case .unlink(let relation, let from, let to):
            unlink(relation, from, to, arrival)
            log.append(.unlinked, from, relation: relation, other: to, visibleAt: visible)
            return from
        }
    }

    private mutating func arrival(_ now: Date) -> ReplicaHistory.Arrival {
        ReplicaHistory.Arrival(
            replica: now.addingTimeInterval(lags.replica.sample(&random)),
            index: now.addingTimeInterval(lags.index.sample(&random))
        )
    }

    private mutating func remember(
        _ entry: DirectoryEntry?,
        at index: EntryIndex,
        until arrival: ReplicaHistory.Arrival
    ) {
        guard lags.replica.mean > 0 || lags.index.mean > 0 else { return }
        replicas.keep(entry, at: index, until: arrival)
    }

    private mutating func update(
        _ index: EntryIndex,
        _ changes: [String: JSONValue],
        _ arrival: ReplicaHistory.Arrival
    ) {
        remember(self[index], at: index, until: arrival)
        if self[index].deletedAt == nil { withdraw(index) }
        for (name, value) in changes { entries[Int(index)].properties[name] = value.isNull ? nil : value }
        if self[index].deletedAt == nil { enlist(index) }
    }

    /// Puts an object into the recycle bin. Its links stay, unseen, and come back with it.
    private mutating func delete(_ index: EntryIndex, _ now: Date) {
        withdraw(index)
        membershipCount -= visibleMemberships(of: index)
        entries[Int(index)].deletedAt = now
        deletedIndexes.insert(index)
    }

    private mutating func restore(_ index: EntryIndex) {
        entries[Int(index)].deletedAt = nil
        deletedIndexes.remove(index)
        enlist(index)
        membershipCount += visibleMemberships(of: index)
    }

    private mutating func purge(_ index: EntryIndex) {
        byID[self[index].id] = nil
        deletedIndexes.remove(index)
        for relation in Relation.allCases {
            for target in targets(relation, of: index) { backLinks[relation]?[target]?.remove(index) }
            for source in sources(relation, of: index) { links[relation]?[source]?.remove(index) }
            links[relation]?[index] = nil
            backLinks[relation]?[index] = nil
        }
        entries[Int(index)].properties = [:]
        entries[Int(index)].isPurged = true
    }

    private mutating func link(
        _ relation: Relation,
        _ from: EntryIndex,
        _ to: EntryIndex,
        _ arrival: ReplicaHistory.Arrival
    ) {
        guard !isLinked(relation, from: from, to: to) else { return }
        rememberLink(relation, from, to, was: false, arrival)
        links[relation, default: [:]][from, default: LinkSet()].insert(to)
        backLinks[relation, default: [:]][to, default: LinkSet()].insert(from)
        if relation == .members, bothLive(from, to) { membershipCount += 1 }
    }

    private mutating func unlink(
        _ relation: Relation,
        _ from: EntryIndex,
        _ to: EntryIndex,
        _ arrival: ReplicaHistory.Arrival
    ) {
        guard isLinked(relation, from: from, to: to) else { return }
        rememberLink(relation, from, to, was: true, arrival)
        links[relation]?[from]?.remove(to)
        backLinks[relation]?[to]?.remove(from)
        if relation == .members, bothLive(from, to) { membershipCount -= 1 }
    }

    private mutating func rememberLink(
        _ relation: Relation,
        _ from: EntryIndex,
        _ to: EntryIndex,
        was: Bool,
        _ arrival: ReplicaHistory.Arrival
    ) {
        guard lags.replica.mean > 0 || lags.index.mean > 0 else { return }
        replicas.keepLink(relation, from: from, to: to, was: was, until: arrival)
    }

    private mutating func enlist(_ index: EntryIndex) {
        counts[self[index].kind, default: 0] += 1
        countLicences(of: index, 1)
        for key in UniqueKey.keys(of: self[index]) { byKey[key] = index }
    }

    private mutating func withdraw(_ index: EntryIndex) {
        counts[self[index].kind, default: 0] -= 1
        countLicences(of: index, -1)
        for key in UniqueKey.keys(of: self[index]) where byKey[key] == index { byKey[key] = nil }
    }

    private mutating func countLicences(of index: EntryIndex, _ step: Int) {
        guard self[index].kind == .user else { return }
        for licence in self[index].properties["assignedLicenses"]?.array ?? [] {
            licenceCounts[licence["skuId"]?.string ?? "", default: 0] += step
        }
    }

    private func bothLive(_ one: EntryIndex, _ other: EntryIndex) -> Bool {
        self[one].deletedAt == nil && self[other].deletedAt == nil
    }

    /// Memberships that vanish from sight when an object is deleted.
    private func visibleMemberships(of index: EntryIndex) -> Int {
        targets(.members, of: index).count { self[$0].deletedAt == nil }
            + sources(.members, of: index).count { self[$0].deletedAt == nil }
    }

    /// Up to which change delta queries may tell.
    mutating func visibleEnd(at now: Date) -> Int { log.visibleEnd(at: now) }
}
