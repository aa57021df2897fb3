import CausewayJSON
import Foundation

/// Everything in a tenant, in memory. It has no rules: what may be written is decided before.
///
/// All changes go through ``apply(_:at:)``, which updates the history, the replicas and the tenant's file.
struct TenantDirectory: Sendable {
    private(set) var entries: [DirectoryEntry] = []
    private(set) var lookup = DirectoryIndex()
    private(set) var bin = DeletedEntries()
    private(set) var membershipCount = 0
    private(set) var log = ChangeLog()
    private(set) var replicas = ReplicaHistory()
    var licenseQueue = LicenseQueue()
    private var links = LinkTable()
    private var random = SeededRandom(seed: 0)
    private var lags = Lags()
    private var journal: TenantJournal?

    /// The lag after which a write becomes visible.
    struct Lags: Sendable {
        var replica = Delay.none
        /// Counted from when the replicas have it.
        var index = Delay.none
        /// Counted from when the replicas have it.
        var delta = Delay.none

        var areNone: Bool { replica.mean == 0 && index.mean == 0 }
    }

    // MARK: Finding

    subscript(index: EntryIndex) -> DirectoryEntry { entries[Int(index)] }

    var counts: [EntryKind: Int] { lookup.counts }
    var licenseCounts: [String: Int] { lookup.licenseCounts }

    /// The present object with that id.
    func living(_ id: String, kind: EntryKind? = nil) -> EntryIndex? {
        guard let index = lookup.index(ofID: id), self[index].deletedAt == nil else { return nil }
        return kind == nil || self[index].kind == kind ? index : nil
    }

    /// The object with that id in the recycle bin.
    func deleted(_ id: String) -> EntryIndex? {
        guard let index = lookup.index(ofID: id), self[index].deletedAt != nil else { return nil }
        return index
    }

    /// The present object that has a unique value.
    func holder(of key: UniqueKey) -> EntryIndex? { lookup.holder(of: key) }

    /// An object as a reader of that surface sees it.
    func seen(_ index: EntryIndex, on surface: Surface, now: Date) -> DirectoryEntry? {
        let entry = self[index]
        return replicas.isEmpty ? entry : replicas.seen(entry, at: index, on: surface, now: now)
    }

    // MARK: Links

    func isLinked(_ relation: Relation, from: EntryIndex, to: EntryIndex) -> Bool {
        links.contains(relation, from: from, to: to)
    }

    /// What an object links to, ascending, including the recycle bin.
    func targets(_ relation: Relation, of from: EntryIndex) -> [EntryIndex] { links.targets(relation, of: from) }

    /// What links to an object, ascending, including the recycle bin.
    func sources(_ relation: Relation, of to: EntryIndex) -> [EntryIndex] { links.sources(relation, of: to) }

    func linkCount(_ relation: Relation, of from: EntryIndex) -> Int { links.count(relation, of: from) }

    /// What an object links to as a reader of that surface sees it, ascending.
    func seenTargets(_ relation: Relation, of from: EntryIndex, on surface: Surface, now: Date) -> [EntryIndex] {
        replicas.targets(targets(relation, of: from), relation, of: from, on: surface, now: now)
    }

    /// What links to an object as a reader of that surface sees it, ascending.
    func seenSources(_ relation: Relation, of to: EntryIndex, on surface: Surface, now: Date) -> [EntryIndex] {
        replicas.sources(sources(relation, of: to), relation, of: to, on: surface, now: now)
    }

    /// Everything below a group, or above an object, each once, ascending; objects that are not present lead nowhere.
    func closure(
        _ start: EntryIndex,
        _ step: (EntryIndex) -> [EntryIndex],
        _ isAlive: (EntryIndex) -> Bool
    ) -> [EntryIndex] {
        var found: Set<EntryIndex> = []
        var open = step(start)
        while let next = open.popLast() {
            guard !found.contains(next), isAlive(next) else { continue }
            found.insert(next)
            open += step(next)
        }
        return found.sorted()
    }

    // MARK: Changing

    /// A new id.
    mutating func makeID() -> String { random.uuid() }

    /// Continues with other ids than those that were issued before.
    mutating func reseed(_ seed: UInt64) { random = SeededRandom(seed: seed &+ UInt64(entries.count) &* 7919) }

    mutating func setLags(_ lags: Lags) { self.lags = lags }

    /// Stores further changes in a file.
    mutating func keep(in journal: TenantJournal) { self.journal = journal }

    /// Drops what every reader sees by now.
    mutating func trim(at now: Date) { replicas.trim(now: now) }

    /// Up to which change delta queries may report.
    mutating func visibleEnd(at now: Date) -> Int { log.visibleEnd(at: now) }

    /// Purges what is due in the recycle bin.
    mutating func takeExpired(before limit: Date) -> [EntryIndex] {
        bin.takeDue(before: limit).filter { self[$0.entry].deletedAt == $0.date && !self[$0.entry].isPurged }.map(
            \.entry
        )
    }

    /// Changes the directory.
    ///
    /// - Returns: the entry that was created or changed.
    @discardableResult
    mutating func apply(_ mutation: Mutation, at now: Date) -> EntryIndex {
        trim(at: now)
        journal?.append(.change(mutation), at: now)
        let times = times(now)
        let index = perform(mutation, times)
        noteLicenses(mutation, at: now)
        return index
    }

    /// When a change happens, and when it becomes visible.
    private struct Times {
        let now: Date
        let arrival: ReplicaHistory.Arrival
        let delta: Date
    }

    private mutating func times(_ now: Date) -> Times {
        let replica = now.addingTimeInterval(lags.replica.sample(&random))
        return Times(
            now: now,
            arrival: .init(replica: replica, index: replica.addingTimeInterval(lags.index.sample(&random))),
            delta: replica.addingTimeInterval(lags.delta.sample(&random))
        )
    }

    private mutating func perform(_ mutation: Mutation, _ times: Times) -> EntryIndex {
        switch mutation {
        case .create(let id, let kind, let properties):
            let index = EntryIndex(entries.count)
            remember(nil, at: index, times)
            entries.append(DirectoryEntry(id: id, kind: kind, properties: properties))
            lookup.add(self[index], at: index)
            tell(.created, index, times)
            return index
        case .update(let index, let changes):
            update(index, changes, times)
            tell(.updated, index, times, properties: Set(changes.keys))
            return index
        case .delete(let index):
            delete(index, times)
            return index
        case .restore(let index):
            restore(index, times)
            return index
        case .purge(let index):
            purge(index)
            tell(.purged, index, times)
            return index
        case .link(let relation, let from, let to):
            link(relation, from, to, times)
            return from
        case .unlink(let relation, let from, let to):
            unlink(relation, from, to, times)
            return from
        }
    }

    private mutating func tell(
        _ event: ChangeLog.Event,
        _ entry: EntryIndex,
        _ times: Times,
        properties: Set<String> = []
    ) {
        log.append(event, entry, properties: properties, visibleAt: times.delta, now: times.now)
    }

    private mutating func tellLink(
        _ event: ChangeLog.Event,
        _ relation: Relation,
        _ from: EntryIndex,
        _ to: EntryIndex,
        _ times: Times
    ) {
        log.append(event, from, relation: relation, other: to, visibleAt: times.delta, now: times.now)
    }

    private mutating func remember(_ entry: DirectoryEntry?, at index: EntryIndex, _ times: Times) {
        guard !lags.areNone else { return }
        replicas.keep(entry, at: index, until: times.arrival)
    }

    private mutating func update(_ index: EntryIndex, _ changes: [String: JSONValue], _ times: Times) {
        let former = self[index]
        remember(former, at: index, times)
        if former.deletedAt == nil { lookup.withdraw(former, at: index) }
        for (name, value) in changes {
            // A plain nil would be the JSON value null, which is stored.
            entries[Int(index)].properties[name] = value.isNull ? JSONValue?.none : value
        }
        if former.deletedAt == nil {
            lookup.enlist(self[index], at: index)
        } else {
            bin.replace(former, with: self[index])
        }
    }

    /// Moves an object to the recycle bin. Its links stay, invisible, and return with it; delta queries of groups report it as a removed
    /// member, because nothing could report it once it is purged.
    private mutating func delete(_ index: EntryIndex, _ times: Times) {
        remember(self[index], at: index, times)
        lookup.withdraw(self[index], at: index)
        membershipCount -= visibleMemberships(of: index)
        entries[Int(index)].deletedAt = times.now
        bin.insert(self[index], at: index, times.now)
        tell(.deleted, index, times)
        for relation in Relation.allCases {
            for source in sources(relation, of: index) { tellLink(.unlinked, relation, source, index, times) }
        }
    }

    private mutating func restore(_ index: EntryIndex, _ times: Times) {
        remember(self[index], at: index, times)
        entries[Int(index)].deletedAt = nil
        bin.remove(self[index], at: index)
        lookup.enlist(self[index], at: index)
        membershipCount += visibleMemberships(of: index)
        tell(.restored, index, times)
        for relation in Relation.allCases {
            for source in sources(relation, of: index) { tellLink(.linked, relation, source, index, times) }
            for target in targets(relation, of: index) where self[target].deletedAt == nil {
                tellLink(.linked, relation, index, target, times)
            }
        }
    }

    private mutating func purge(_ index: EntryIndex) {
        lookup.forget(id: self[index].id)
        bin.remove(self[index], at: index)
        links.removeAll(of: index)
        entries[Int(index)].properties = [:]
        entries[Int(index)].isPurged = true
    }

    private mutating func link(_ relation: Relation, _ from: EntryIndex, _ to: EntryIndex, _ times: Times) {
        guard !isLinked(relation, from: from, to: to) else { return }
        rememberLink(relation, from, to, was: false, times)
        links.insert(relation, from: from, to: to)
        if relation == .members, bothLive(from, to) { membershipCount += 1 }
        tellLink(.linked, relation, from, to, times)
    }

    private mutating func unlink(_ relation: Relation, _ from: EntryIndex, _ to: EntryIndex, _ times: Times) {
        guard isLinked(relation, from: from, to: to) else { return }
        rememberLink(relation, from, to, was: true, times)
        links.remove(relation, from: from, to: to)
        if relation == .members, bothLive(from, to) { membershipCount -= 1 }
        tellLink(.unlinked, relation, from, to, times)
    }

    private mutating func rememberLink(
        _ relation: Relation,
        _ from: EntryIndex,
        _ to: EntryIndex,
        was: Bool,
        _ times: Times
    ) {
        guard !lags.areNone else { return }
        replicas.keepLink(relation, from: from, to: to, was: was, until: times.arrival)
    }

    private func bothLive(_ one: EntryIndex, _ other: EntryIndex) -> Bool {
        self[one].deletedAt == nil && self[other].deletedAt == nil
    }

    /// Memberships that become invisible when an object is deleted.
    private func visibleMemberships(of index: EntryIndex) -> Int {
        targets(.members, of: index).count { self[$0].deletedAt == nil }
            + sources(.members, of: index).count { self[$0].deletedAt == nil }
    }
}
