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
            tokenLifetime: settings.pageTokenLifetime
        )
    }

    /// A page of users, groups or service principals.
    func list(_ kind: EntryKind, _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        let options = try options(call, vocabulary(kind), at: .collection)
        let page = PageWriter(call, options, path: "/\(kind.collection)", base: base, now: clock.now())
        let view = try view(kind)
        return try directory.withLock { directory throws(GraphProblem) in
            if !options.order.isEmpty || (options.isCounted && options.start == 0 && options.filter != nil) {
                let found = matches(kind, options, in: directory)
                return try page.reply(found, context: kind.collection) { entry throws(GraphProblem) in
                    try json(entry, view, options, in: directory)
                }
            }
            var values: [JSONValue] = []
            var next: Int?
            for place in places(in: directory, options) {
                guard let entry = admitted(place, kind, options, in: directory) else { continue }
                guard values.count < options.size else {
                    next = place
                    break
                }
                values.append(try json(entry, view, options, in: directory))
            }
            let count = options.isCounted ? directory.counts[kind] ?? 0 : nil
            return page.reply(values, next: next, count: count, context: kind.collection)
        }
    }

    /// Every object that belongs into a list, in its order.
    private func matches(_ kind: EntryKind, _ options: QueryOptions, in directory: TenantDirectory) -> [DirectoryEntry]
    {
        var all = options
        all.start = 0
        let found = places(in: directory, all).compactMap { admitted($0, kind, options, in: directory) }
        return options.order.isEmpty ? found : found.sorted(by: options.areInOrder)
    }

    /// The object at a place of the table as the reader sees it, if it belongs into the list.
    private func admitted(_ place: Int, _ kind: EntryKind, _ options: QueryOptions, in directory: TenantDirectory)
        -> DirectoryEntry?
    {
        let index = EntryIndex(place)
        guard directory[index].kind == kind else { return nil }
        guard let entry = directory.seen(index, on: options.isAdvanced ? .index : .replica, now: clock.now()),
            entry.deletedAt == nil, options.admits(entry)
        else { return nil }
        return entry
    }

    /// The places in the table to look at: the one that an index knows, or all of them.
    private func places(in directory: TenantDirectory, _ options: QueryOptions) -> Range<Int> {
        let start = options.start
        guard let key = options.filter?.uniqueKey, directory.replicas.isEmpty else {
            return start..<max(start, directory.entries.count)
        }
        guard let place = directory.holder(of: key).map({ Int($0) }), place >= start else { return start..<start }
        return place..<place + 1
    }

    /// One object.
    func read(_ kind: EntryKind, _ address: GraphPath.Segment, _ call: GraphCall, _ base: String) throws(GraphProblem)
        -> GraphReply
    {
        let options = try QueryOptions(call, vocabulary(kind), at: .single)
        let view = try view(kind)
        return try directory.withLock { directory throws(GraphProblem) in
            let index = try find(kind, address, in: directory)
            guard let entry = directory.seen(index, on: .replica, now: clock.now()) else {
                throw .notFound("\(address)")
            }
            var members = view.json(entry, options.selection)
            try expand(&members, index, options, in: directory)
            let selected = options.selection.map { "(\($0.joined(separator: ",")))" } ?? ""
            members["@odata.context"] = .string("\(base)/$metadata#\(kind.collection)\(selected)/$entity")
            return .ok(.object(members))
        }
    }

    /// `/users/$count`: a plain number.
    func count(_ kind: EntryKind, _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        guard call.method == "GET" else { throw .methodNotAllowed }
        let options = try options(call, vocabulary(kind), at: .count)
        let count = directory.withLock { matches(kind, options, in: $0).count }
        return GraphReply(status: 200, text: "\(count)")
    }

    private func json(
        _ entry: DirectoryEntry,
        _ view: EntryView,
        _ options: QueryOptions,
        in directory: TenantDirectory
    ) throws(GraphProblem) -> JSONValue {
        var members = view.json(entry, options.selection, isAlone: false)
        if !options.expansions.isEmpty, let index = directory.living(entry.id) {
            try expand(&members, index, options, in: directory)
        }
        return .object(members)
    }

    // MARK: Expanding

    private static let expansionLimit = 20

    private func expand(
        _ members: inout [String: JSONValue],
        _ index: EntryIndex,
        _ options: QueryOptions,
        in directory: TenantDirectory
    ) throws(GraphProblem) {
        for expansion in options.expansions {
            let linked = related(expansion.relation, to: index, in: directory).filter { directory[$0].deletedAt == nil }
            var values: [JSONValue] = []
            for target in linked.prefix(Self.expansionLimit) {
                values.append(try typedJSON(directory[target], expansion.selection))
            }
            members[expansion.relation] = expansion.relation == "manager" ? values.first : .array(values)
        }
    }

    /// The objects that a relation leads to, those in the recycle bin included.
    func related(
        _ relation: String,
        to index: EntryIndex,
        in directory: TenantDirectory,
        on surface: Surface = .replica
    )
        -> [EntryIndex]
    {
        let now = clock.now()
        return switch relation {
        case "members": directory.seenTargets(.members, of: index, on: surface, now: now)
        case "owners": directory.seenTargets(.owners, of: index, on: surface, now: now)
        case "manager": directory.seenTargets(.manager, of: index, on: surface, now: now)
        case "transitiveMembers": directory.closure(index) { directory.targets(.members, of: $0) }
        case "memberOf": directory.sources(.members, of: index)
        case "transitiveMemberOf": directory.closure(index) { directory.sources(.members, of: $0) }
        case "directReports": directory.sources(.manager, of: index)
        case "ownedObjects": directory.sources(.owners, of: index)
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

    func reply(_ values: [JSONValue], next place: Int?, count: Int?, context: String) -> GraphReply {
        let selected = options.selection.map { "(\($0.joined(separator: ",")))" } ?? ""
        var body: [String: JSONValue] = [
            "@odata.context": .string("\(base)/$metadata#\(context)\(selected)"), "value": .array(values),
        ]
        if let place { body["@odata.nextLink"] = .string(link(to: place)) }
        if let count, options.start == 0 { body["@odata.count"] = .integer(Int64(count)) }
        return .ok(.object(body))
    }

    /// A page of what is known as a whole.
    func reply(
        _ entries: [DirectoryEntry],
        context: String,
        _ json: (DirectoryEntry) throws(GraphProblem) -> JSONValue
    ) throws(GraphProblem) -> GraphReply {
        let end = min(options.start + options.size, entries.count)
        var values: [JSONValue] = []
        for entry in entries[min(options.start, end)..<end] { values.append(try json(entry)) }
        return reply(
            values,
            next: end < entries.count ? end : nil,
            count: options.isCounted ? entries.count : nil,
            context: context
        )
    }

    private func link(to place: Int) -> String {
        let kept = call.query.filter { !["$skiptoken", "skiptoken"].contains($0.key) }.sorted { $0.key < $1.key }
        let token = PageToken(place: place, issued: now).text
        return GraphLink.url(base + path, kept + [("$skiptoken", token)])
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
