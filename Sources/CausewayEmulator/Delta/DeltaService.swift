import CausewayJSON
import Foundation
import Synchronization

/// Pages of delta queries: first everything, then what changed since (Graph, "Use delta query to track changes").
final class DeltaService: Sendable {
    /// What a page holds, and where to go on.
    struct Page {
        var values: [JSONValue] = []
        var next: DeltaToken
    }

    private let live: LiveSettings
    private let views: [EntryKind: EntryView]
    /// Tokens from before this moment are refused, as after a reset on the service's side.
    private let reset = Mutex(Date.distantPast)

    private static let replayed = 20

    init(live: LiveSettings, views: [EntryKind: EntryView]) { (self.live, self.views) = (live, views) }

    /// Refuses every token given so far.
    func reset(at date: Date) { reset.withLock { $0 = date } }

    /// Whether a token still stands.
    func isReset(_ token: DeltaToken) -> Bool { token.issued <= reset.withLock { $0 } }

    /// Reads a page of everything.
    func fullPage(_ token: DeltaToken, in directory: TenantDirectory, now: Date) -> Page {
        let settings = live.value
        var page = Page(next: token)
        var rooms = (objects: settings.deltaPageSize, members: settings.deltaMembersPerPage)
        // What is not visible yet is told later, as a change.
        let end = firstHidden(in: directory, from: token.from)
        while page.next.entry < end, rooms.objects > 0, rooms.members > 0 {
            let index = EntryIndex(page.next.entry)
            let links = links(of: index, from: page.next.member, atMost: rooms.members, token, directory)
            if let value = present(index, token, links.shown, isWhole: page.next.member == 0, directory) {
                page.values.append(value)
                rooms.objects -= 1
                rooms.members -= links.shown.count
            }
            if let member = links.next {
                page.next.member = member
            } else {
                page.next.entry += 1
                page.next.member = 0
            }
        }
        if page.next.entry >= end { page.next.phase = .link }
        return page
    }

    /// The first entry whose creation may not be told yet.
    private func firstHidden(in directory: TenantDirectory, from number: Int) -> Int {
        let start = max(number, directory.log.start)
        for number in start..<max(start, directory.log.end) where directory.log[number].event == .created {
            return Int(directory.log[number].entry)
        }
        return directory.entries.count
    }

    /// Reads a page of changes.
    func changePage(_ token: DeltaToken, in directory: TenantDirectory) -> Page {
        let settings = live.value
        var page = Page(next: token)
        var digest = ChangeDigest(kind: token.kind, selection: token.selection)
        var members = 0
        while page.next.from < token.end, digest.count < settings.deltaPageSize, members < settings.deltaMembersPerPage
        {
            let change = directory.log[page.next.from]
            page.next.from += 1
            digest.add(change, directory)
            if change.event == .linked || change.event == .unlinked { members += 1 }
        }
        for item in digest.items where admits(directory[item.entry], token) {
            if let value = self.changed(item, token, directory) { page.values.append(value) }
        }
        if page.next.from >= token.end { page.next.phase = .link }
        return page
    }

    /// Where the changes of a round start: earlier than needed where changes are to be repeated.
    func start(of token: DeltaToken, in directory: TenantDirectory) -> Int {
        live.value.isDeltaReplayed ? max(directory.log.start, token.from - Self.replayed) : token.from
    }

    private func admits(_ entry: DirectoryEntry, _ token: DeltaToken) -> Bool {
        entry.kind == token.kind && (token.ids?.contains(entry.id) ?? true)
    }

    // MARK: Objects

    /// Which links are told: those that were selected, and by default all of a group's members.
    private func relations(_ token: DeltaToken) -> [Relation] {
        guard let selection = token.selection else { return token.kind == .group ? [.members] : [] }
        return Relation.allCases.filter { selection.contains($0.name) }
    }

    private func json(_ entry: DirectoryEntry, _ names: [String]?) -> [String: JSONValue] {
        views[entry.kind]?.json(entry, names, isAlone: false) ?? [:]
    }

    private func plain(_ selection: [String]?) -> [String]? {
        selection?.filter { name in !Relation.allCases.contains { $0.name == name } }
    }

    /// An object of a full round.
    private func present(
        _ index: EntryIndex,
        _ token: DeltaToken,
        _ links: [(Relation, EntryIndex)],
        isWhole: Bool,
        _ directory: TenantDirectory
    ) -> JSONValue? {
        let entry = directory[index]
        guard admits(entry, token), !entry.isPurged else { return nil }
        guard entry.deletedAt == nil else { return nil }
        guard isWhole || !links.isEmpty else { return nil }
        var members = isWhole ? json(entry, plain(token.selection)) : ["id": .string(entry.id)]
        for relation in relations(token) {
            let targets = links.filter { $0.0 == relation }
            guard !targets.isEmpty else { continue }
            members["\(relation.name)@delta"] = .array(targets.map { reference(directory[$0.1]) })
        }
        return .object(members)
    }

    /// The living links of an entry from a place on.
    private func links(
        of index: EntryIndex,
        from start: Int,
        atMost limit: Int,
        _ token: DeltaToken,
        _ directory: TenantDirectory
    ) -> (shown: [(Relation, EntryIndex)], next: Int?) {
        guard directory[index].kind == token.kind else { return ([], nil) }
        let all = relations(token).flatMap { relation in
            directory.targets(relation, of: index).map { (relation, $0) }
        }
        let end = min(all.count, start + limit)
        let shown = all[min(start, end)..<end].filter { directory[$0.1].deletedAt == nil }
        return (Array(shown), end < all.count ? end : nil)
    }

    private func reference(_ entry: DirectoryEntry, isRemoved: Bool = false) -> JSONValue {
        var members: [String: JSONValue] = ["@odata.type": .string("#\(entry.kind.typeName)"), "id": .string(entry.id)]
        if isRemoved { members["@removed"] = ["reason": "deleted"] }
        return .object(members)
    }

    /// An object of a round of changes.
    private func changed(_ item: ChangeDigest.Item, _ token: DeltaToken, _ directory: TenantDirectory) -> JSONValue? {
        let entry = directory[item.entry]
        if entry.isPurged { return removed(entry, "deleted") }
        if entry.deletedAt != nil { return removed(entry, "changed") }
        var members: [String: JSONValue] =
            item.isWhole || item.isTouched ? json(entry, plain(token.selection)) : ["id": .string(entry.id)]
        for relation in relations(token) {
            var targets = item.isWhole ? directory.targets(relation, of: item.entry).map { ($0, true) } : []
            if !item.isWhole { targets = item.links.filter { $0.relation == relation }.map { ($0.target, $0.isThere) } }
            guard !targets.isEmpty else { continue }
            members["\(relation.name)@delta"] = .array(
                targets.map { target, isThere in
                    reference(directory[target], isRemoved: !isThere || directory[target].deletedAt != nil)
                }
            )
        }
        return members.count > 1 || item.isWhole ? .object(members) : nil
    }

    private func removed(_ entry: DirectoryEntry, _ reason: JSONValue) -> JSONValue {
        ["id": .string(entry.id), "@removed": ["reason": reason]]
    }
}
