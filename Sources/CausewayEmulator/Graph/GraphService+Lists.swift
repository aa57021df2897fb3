import CausewayJSON
import Foundation
import Synchronization

// Lists of objects, single objects, and counts.

extension GraphService {
    /// Reads the options of a list.
    func options(_ call: GraphCall, _ vocabulary: Vocabulary, at place: QueryOptions.Place) throws(GraphProblem)
        -> QueryOptions
    {
        try QueryOptions(
            call,
            vocabulary,
            at: place,
            now: clock.now(),
            tokenLifetime: settings.pageTokenLifetime,
            isStrict: settings.areDisputedQueriesAdvanced
        )
    }

    /// A page of users, groups or service principals.
    func list(_ kind: EntryKind, _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        let options = try options(call, vocabulary(kind), at: .collection)
        let writer = PageWriter(call, options, path: "/\(kind.collection)", base: base, now: clock.now())
        let view = try view(kind)
        return try directory.withLock { directory throws(GraphProblem) in
            let indices = candidates(kind, options, in: directory)
            let isWhole = options.filter == nil && options.search == nil && directory.replicas.isEmpty
            let knownCount = isWhole ? directory.counts[kind] ?? 0 : nil
            let reader = ListReader(options: options, orders: orders, address: writer.address)
            let page = reader.page(of: indices, knownCount: knownCount, admission(kind, options, in: directory))
            var values: [JSONValue] = []
            for (index, entry) in page.entries {
                var members = view.json(entry, options.selection, isAlone: false)
                try expand(&members, index, options, call.caller, in: directory)
                values.append(.object(members))
            }
            return writer.reply(values, page, context: kind.collection)
        }
    }

    /// Where the objects of a list may be: what an index knows of the filter's values, or all of the kind. A reader that
    /// lags behind may find objects by values that they no longer have.
    private func candidates(_ kind: EntryKind, _ options: QueryOptions, in directory: TenantDirectory) -> [EntryIndex] {
        guard let lookups = options.filter?.lookups else { return directory.lookup.all(kind) }
        let found = Set(lookups.flatMap(directory.lookup.indices))
        return found.union(directory.replicas.pendingEntries).sorted()
    }

    /// The elements of a list of a kind, as the reader sees it.
    private func admission(_ kind: EntryKind, _ options: QueryOptions, in directory: TenantDirectory) -> (EntryIndex) ->
        DirectoryEntry?
    {
        let now = clock.now()
        return { [self, directory] index in
            guard directory[index].kind == kind,
                let entry = directory.seen(index, on: options.surface, now: now), entry.deletedAt == nil,
                options.admits(entry, linkCount: { linkCount($0, of: index, options, in: directory) })
            else { return nil }
            return entry
        }
    }

    /// The number of objects that a relation leads to, as the reader of a list sees it, without the recycle bin.
    func linkCount(_ relation: String, of index: EntryIndex, _ options: QueryOptions, in directory: TenantDirectory)
        -> Int
    {
        related(relation, to: index, in: directory, on: options.surface)
            .count { seenAlive($0, on: options.surface, in: directory) != nil }
    }

    /// One object.
    func read(_ kind: EntryKind, _ address: GraphPath.Segment, _ call: GraphCall, _ base: String) throws(GraphProblem)
        -> GraphReply
    {
        let options = try options(call, vocabulary(kind), at: .single)
        let view = try view(kind)
        return try directory.withLock { directory throws(GraphProblem) in
            let (index, entry) = try findSeen(kind, address, in: directory)
            var members = view.json(entry, options.selection)
            try expand(&members, index, options, call.caller, in: directory)
            let selected = options.selection.map { "(\($0.joined(separator: ",")))" } ?? ""
            members["@odata.context"] = .string("\(base)/$metadata#\(kind.collection)\(selected)/$entity")
            return .ok(.object(members))
        }
    }

    /// `/users/$count`: a plain number.
    func count(_ kind: EntryKind, _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        guard call.method == "GET" else { throw .methodNotAllowed }
        let options = try options(call, vocabulary(kind), at: .count)
        let count = directory.withLock { directory in
            let admitted = admission(kind, options, in: directory)
            return candidates(kind, options, in: directory).count { admitted($0) != nil }
        }
        return GraphReply(status: 200, text: "\(count)")
    }

    // MARK: Expanding

    private func expand(
        _ members: inout [String: JSONValue],
        _ index: EntryIndex,
        _ options: QueryOptions,
        _ caller: GraphCaller,
        in directory: TenantDirectory
    ) throws(GraphProblem) {
        guard let expansion = options.expansion else { return }
        guard expansion.relation != "manager" else {
            members["manager"] = try chain(above: index, expansion, caller, in: directory)
            return
        }
        var values: [JSONValue] = []
        for target in related(expansion.relation, to: index, in: directory) where values.count < Expansion.limit {
            guard let entry = seenAlive(target, on: .replica, in: directory) else { continue }
            values.append(try linkedJSON(entry, expansion.selection, caller))
        }
        members[expansion.relation] = .array(values)
    }

    /// The managers above a user, each inside the one below; a cycle ends before it repeats a user.
    private func chain(
        above index: EntryIndex,
        _ expansion: Expansion,
        _ caller: GraphCaller,
        in directory: TenantDirectory
    ) throws(GraphProblem) -> JSONValue? {
        var (managers, shown): ([DirectoryEntry], Set<EntryIndex>) = ([], [index])
        var last = index
        while managers.count < expansion.levels ?? 1,
            let next = related("manager", to: last, in: directory).first, shown.insert(next).inserted,
            let entry = seenAlive(next, on: .replica, in: directory)
        {
            managers.append(entry)
            last = next
        }
        var top: JSONValue?
        for manager in managers.reversed() {
            var members = try linkedJSON(manager, expansion.selection, caller).object ?? [:]
            if let top { members["manager"] = top }
            top = .object(members)
        }
        return top
    }

    /// The objects that a relation leads to as a reader sees it, ascending, including those in the recycle bin.
    func related(
        _ relation: String,
        to index: EntryIndex,
        in directory: TenantDirectory,
        on surface: Surface = .replica
    ) -> [EntryIndex] {
        let now = clock.now()
        func targets(_ relation: Relation, _ index: EntryIndex) -> [EntryIndex] {
            directory.seenTargets(relation, of: index, on: surface, now: now)
        }
        func sources(_ relation: Relation, _ index: EntryIndex) -> [EntryIndex] {
            directory.seenSources(relation, of: index, on: surface, now: now)
        }
        func isAlive(_ index: EntryIndex) -> Bool { seenAlive(index, on: surface, in: directory) != nil }
        return switch relation {
        case "members": targets(.members, index)
        case "owners": targets(.owners, index)
        case "manager": targets(.manager, index)
        case "transitiveMembers": directory.closure(index, { targets(.members, $0) }, isAlive)
        case "memberOf": sources(.members, index)
        case "transitiveMemberOf": directory.closure(index, { sources(.members, $0) }, isAlive)
        case "directReports": sources(.manager, index)
        case "ownedObjects": sources(.owners, index)
        default: []
        }
    }
}

/// Writes a page of a list, with the link to the next.
struct PageWriter {
    private let call: GraphCall
    private let options: QueryOptions
    private let path: String
    private let base: String
    private let now: Date

    init(_ call: GraphCall, _ options: QueryOptions, path: String, base: String, now: Date) {
        (self.call, self.options, self.path, self.base, self.now) = (call, options, path, base, now)
    }

    /// The list's address, the same for all its pages.
    var address: String { GraphLink.url(path, lasting) }

    /// The query options that all pages have.
    private var lasting: [(String, String)] {
        call.query.filter { !["$skiptoken", "skiptoken"].contains($0.key) }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    func reply(_ values: [JSONValue], _ page: ListPage, context: String) -> GraphReply {
        let selected = options.selection.map { "(\($0.joined(separator: ",")))" } ?? ""
        var body: [String: JSONValue] = [
            "@odata.context": .string("\(base)/$metadata#\(context)\(selected)"), "value": .array(values),
        ]
        if let place = page.next {
            let token = PageToken(place: place, issued: now).text
            body["@odata.nextLink"] = .string(GraphLink.url(base + path, lasting + [("$skiptoken", token)]))
        }
        if let count = page.count { body["@odata.count"] = .integer(Int64(count)) }
        return .ok(.object(body))
    }
}

/// Links in answers.
enum GraphLink {
    /// A URL with query options, percent-encoded.
    static func url(_ path: String, _ options: [(String, String)]) -> String {
        let pairs = options.map { "\($0.0)=\($0.1.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "")" }
        return path + "?" + pairs.joined(separator: "&")
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    )
}
