import CausewayJSON
import Foundation

/// Everything a tenant holds, in memory, with an index for each way in which Graph finds or compares objects. No rules here:
/// what may be written is decided before.
struct TenantDirectory: Sendable {
    private(set) var entries: [DirectoryEntry] = []
    private var byID: [String: EntryIndex] = [:]
    /// Unique values of living objects, folded.
    private var byKey: [UniqueKey: EntryIndex] = [:]
    private var members: [EntryIndex: LinkSet] = [:]
    private var memberOf: [EntryIndex: LinkSet] = [:]
    private var owners: [EntryIndex: LinkSet] = [:]
    private var random: SeededRandom
    private(set) var membershipCount = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

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

    func isAlive(_ index: EntryIndex, kind: EntryKind) -> Bool {
        self[index].kind == kind && self[index].deletedAt == nil
    }

    /// How many living objects of a kind there are.
    private(set) var counts: [EntryKind: Int] = [:]

    // MARK: Changing

    /// Adds an object under a fresh id.
    mutating func insert(_ kind: EntryKind, _ properties: [String: JSONValue]) -> EntryIndex {
        let index = EntryIndex(entries.count)
        entries.append(DirectoryEntry(id: random.uuid(), kind: kind, properties: properties))
        byID[entries[Int(index)].id] = index
        enlist(index)
        return index
    }

    /// Replaces an object's properties.
    mutating func update(_ index: EntryIndex, _ change: (inout [String: JSONValue]) -> Void) {
        withdraw(index)
        change(&entries[Int(index)].properties)
        enlist(index)
    }

    /// Puts an object into the recycle bin. Its links stay, unseen, and come back with it.
    mutating func delete(_ index: EntryIndex, at date: Date) {
        withdraw(index)
        membershipCount -= linkCount(of: index)
        entries[Int(index)].deletedAt = date
    }

    /// Brings an object back from the recycle bin.
    mutating func restore(_ index: EntryIndex) {
        entries[Int(index)].deletedAt = nil
        enlist(index)
        membershipCount += linkCount(of: index)
    }

    /// Removes an object for good.
    mutating func purge(_ index: EntryIndex) {
        byID[entries[Int(index)].id] = nil
        for group in memberOf[index]?.items ?? [] { members[group]?.remove(index) }
        for member in members[index]?.items ?? [] { memberOf[member]?.remove(index) }
        (members[index], memberOf[index], owners[index]) = (nil, nil, nil)
        entries[Int(index)].properties = [:]
    }

    private mutating func enlist(_ index: EntryIndex) {
        counts[self[index].kind, default: 0] += 1
        for key in UniqueKey.keys(of: self[index]) { byKey[key] = index }
    }

    private mutating func withdraw(_ index: EntryIndex) {
        counts[self[index].kind, default: 0] -= 1
        for key in UniqueKey.keys(of: self[index]) where byKey[key] == index { byKey[key] = nil }
    }

    // MARK: Links

    func isMember(_ member: EntryIndex, of group: EntryIndex) -> Bool { members[group]?.contains(member) ?? false }

    mutating func addMember(_ member: EntryIndex, to group: EntryIndex) {
        guard !isMember(member, of: group) else { return }
        members[group, default: LinkSet()].insert(member)
        memberOf[member, default: LinkSet()].insert(group)
        membershipCount += 1
    }

    mutating func removeMember(_ member: EntryIndex, from group: EntryIndex) {
        guard isMember(member, of: group) else { return }
        members[group]?.remove(member)
        memberOf[member]?.remove(group)
        membershipCount -= 1
    }

    mutating func addOwner(_ owner: EntryIndex, to group: EntryIndex) {
        owners[group, default: LinkSet()].insert(owner)
    }

    /// The members of a group, those in the recycle bin included.
    func links(from group: EntryIndex) -> [EntryIndex] { members[group]?.items ?? [] }

    /// The groups that an object is in, those in the recycle bin included.
    func groups(of member: EntryIndex) -> [EntryIndex] { memberOf[member]?.items ?? [] }

    /// Everything below a group, each once.
    func transitiveMembers(of group: EntryIndex) -> [EntryIndex] {
        var found = LinkSet()
        var open = links(from: group)
        while let next = open.popLast() {
            guard !found.contains(next), self[next].deletedAt == nil else { continue }
            found.insert(next)
            open += links(from: next)
        }
        return found.items
    }

    /// Links of an object that vanish from sight when it is deleted.
    private func linkCount(of index: EntryIndex) -> Int {
        let inward = links(from: index).count { self[$0].deletedAt == nil }
        return inward + groups(of: index).count { self[$0].deletedAt == nil }
    }
}
