import CausewayJSON
import Foundation
import Synchronization

/// Pages of delta queries: first everything, then what changed since (Graph, "Use delta query to track changes").
final class DeltaService: Sendable {
    /// The content of a page, and where to continue.
    struct Page {
        var values: [JSONValue] = []
        var next: DeltaToken
    }

    private let live: LiveSettings
    private let views: [EntryKind: EntryView]
    private let mark: String
    /// The number of resets; tokens from before the latest are refused.
    private let epoch: Mutex<Int>

    private static let replayed = 20

    /// - Parameters:
    ///   - mark: distinguishes the tenant's tokens from those of another tenant or an earlier life.
    ///   - epoch: the number of earlier resets.
    init(live: LiveSettings, views: [EntryKind: EntryView], mark: String, epoch: Int) {
        (self.live, self.views, self.mark) = (live, views, mark)
        self.epoch = Mutex(epoch)
    }

    /// The origin of tokens that are issued now.
    var origin: DeltaToken.Origin { DeltaToken.Origin(mark: mark, epoch: epoch.withLock { $0 }) }

    /// Refuses every token issued so far.
    func reset() { epoch.withLock { $0 += 1 } }

    /// Reads a page of everything.
    func fullPage(_ token: DeltaToken, in directory: TenantDirectory) -> Page {
        let settings = live.value
        var page = Page(next: token)
        var room = settings.deltaMembersPerPage
        // What is not visible yet is reported later, as a change.
        let end = firstHidden(in: directory, from: token.from)
        while page.next.entry < end, page.values.count < settings.deltaPageSize, room > 0 {
            let index = EntryIndex(page.next.entry)
            guard token.admits(directory[index]), directory[index].deletedAt == nil else {
                (page.next.entry, page.next.link) = (page.next.entry + 1, nil)
                continue
            }
            let links = links(of: index, from: page.next.link, atMost: room, token, directory)
            room -= links.shown.count
            if page.next.link == nil || !links.shown.isEmpty {
                page.values.append(
                    json(index, links.shown.map { ($0, true) }, isWhole: page.next.link == nil, token, directory)
                )
            }
            page.next.link = links.next
            if links.next == nil { page.next.entry += 1 }
        }
        if page.next.entry >= end { page.next.phase = .link }
        return page
    }

    /// The first entry whose creation may not be reported yet.
    private func firstHidden(in directory: TenantDirectory, from number: Int) -> Int {
        let start = max(number, directory.log.start)
        for number in start..<max(start, directory.log.end) where directory.log[number].event == .created {
            return Int(directory.log[number].entry)
        }
        return directory.entries.count
    }

    /// The present links of an entry from a position on.
    private func links(
        of index: EntryIndex,
        from start: DeltaToken.LinkPlace?,
        atMost limit: Int,
        _ token: DeltaToken,
        _ directory: TenantDirectory
    ) -> (shown: [ChangeDigest.Link], next: DeltaToken.LinkPlace?) {
        var shown: [ChangeDigest.Link] = []
        for relation in token.relations where relation.rawValue >= start?.relation.rawValue ?? 0 {
            let first = relation == start?.relation ? start?.target ?? 0 : 0
            for target in directory.targets(relation, of: index).from(first) where directory[target].deletedAt == nil {
                guard shown.count < limit else { return (shown, .init(relation: relation, target: target)) }
                shown.append(.init(relation: relation, target: target))
            }
        }
        return (shown, nil)
    }

    /// Reads a page of changes.
    func changePage(_ token: DeltaToken, in directory: TenantDirectory) -> Page {
        let settings = live.value
        var page = Page(next: token)
        var digest = ChangeDigest(token)
        while page.next.from < token.end, digest.items.count < settings.deltaPageSize,
            digest.linkCount < settings.deltaMembersPerPage
        {
            digest.add(directory.log[page.next.from], directory)
            page.next.from += 1
        }
        page.values = digest.items.map { changed($0, token, directory) }
        if page.next.from >= token.end { page.next.phase = .link }
        return page
    }

    /// Where the changes of a round start: earlier than needed if the settings ask for repeated changes.
    func start(of token: DeltaToken, in directory: TenantDirectory) -> Int {
        live.value.isDeltaReplayed ? max(directory.log.start, token.from - Self.replayed) : token.from
    }

    // MARK: Objects

    /// An object of a round of changes.
    private func changed(_ item: ChangeDigest.Item, _ token: DeltaToken, _ directory: TenantDirectory) -> JSONValue {
        let entry = directory[item.entry]
        if entry.isPurged { return removed(entry, "deleted") }
        if entry.deletedAt != nil { return removed(entry, "changed") }
        return json(
            item.entry,
            item.links.map { ($0.link, $0.isThere) },
            isWhole: item.isWhole || item.isTouched,
            token,
            directory
        )
    }

    /// An object with its properties, or with only its id, and with links.
    private func json(
        _ index: EntryIndex,
        _ links: [(link: ChangeDigest.Link, isThere: Bool)],
        isWhole: Bool,
        _ token: DeltaToken,
        _ directory: TenantDirectory
    ) -> JSONValue {
        let entry = directory[index]
        var members: [String: JSONValue] = ["id": .string(entry.id)]
        if isWhole, let view = views[entry.kind] { members = view.json(entry, token.properties, isAlone: false) }
        for relation in token.relations {
            let targets = links.filter { $0.link.relation == relation }
            guard !targets.isEmpty else { continue }
            members["\(relation.name)@delta"] = .array(
                targets.map { reference(directory[$0.link.target], isRemoved: !$0.isThere) }
            )
        }
        return .object(members)
    }

    private func reference(_ entry: DirectoryEntry, isRemoved: Bool) -> JSONValue {
        var members: [String: JSONValue] = ["@odata.type": .string("#\(entry.kind.typeName)"), "id": .string(entry.id)]
        if isRemoved { members["@removed"] = ["reason": "deleted"] }
        return .object(members)
    }

    private func removed(_ entry: DirectoryEntry, _ reason: JSONValue) -> JSONValue {
        ["id": .string(entry.id), "@removed": ["reason": reason]]
    }
}
