import CausewayJSON
import Foundation
import Synchronization

// Lists, single objects, paging.

extension GraphService {
    /// A page of users or groups.
    func list(_ kind: EntryKind, _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        let view = try view(kind)
        let selection = try view.selection(call.query["$select"])
        let filter = try filter(kind, call)
        let page = try Page(call, path: "/\(kind.collection)", base: base)
        return directory.withLock { directory in
            var values: [JSONValue] = []
            var next: Int?
            for place in places(in: directory, filter, from: page.start) {
                let entry = directory.entries[place]
                guard entry.kind == kind, entry.deletedAt == nil else { continue }
                if let filter, !filter.matches(Self.searchable(entry)) { continue }
                guard values.count < page.size else {
                    next = place
                    break
                }
                values.append(view.json(entry, selection))
            }
            return page.reply(
                values,
                next: next,
                context: kind.collection,
                count: call.query["$count"] == "true" ? directory.counts[kind] : nil
            )
        }
    }

    private func filter(_ kind: EntryKind, _ call: GraphCall) throws(GraphProblem) -> FilterExpression? {
        for name in ["$search", "$orderby", "$skip", "$expand"] where call.query[name] != nil {
            throw .unsupportedQuery("Query option '\(name)' is not supported here.")
        }
        guard let text = call.query["$filter"] else { return nil }
        let filter = try FilterParser.parse(text)
        let rules = kind == .user ? users.types : groups.types
        for name in filter.properties where !rules.exists(name) && name != "id" {
            throw .malformed("Could not find a property named '\(name)' on type '\(kind.typeName)'.")
        }
        if filter.isAdvanced, !call.isEventual || call.query["$count"] != "true" {
            throw .unsupportedQuery("Unsupported Query.")
        }
        return filter
    }

    /// The places in the table to look at: the one that an index knows, or all of them.
    private func places(in directory: TenantDirectory, _ filter: FilterExpression?, from start: Int) -> Range<Int> {
        guard let key = filter?.uniqueKey else { return start..<max(start, directory.entries.count) }
        guard let place = directory.holder(of: key).map({ Int($0) }), place >= start else { return start..<start }
        return place..<place + 1
    }

    private static func searchable(_ entry: DirectoryEntry) -> JSONValue {
        .object(entry.properties.merging(["id": .string(entry.id)]) { $1 })
    }

    /// One object.
    func read(_ kind: EntryKind, _ address: GraphPath.Segment, _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        let view = try view(kind)
        let selection = try view.selection(call.query["$select"])
        let entry = try directory.withLock { directory throws(GraphProblem) in
            directory[try find(kind, address, in: directory)]
        }
        return .ok(view.json(entry, selection))
    }

    /// The object that an address names: an id, for users a principal name too, or an alternate key.
    func find(_ kind: EntryKind, _ address: GraphPath.Segment, in directory: TenantDirectory) throws(GraphProblem)
        -> EntryIndex
    {
        let found: EntryIndex?
        let name: String
        switch address {
        case .name(let id):
            name = id
            found =
                directory.living(id, kind: kind)
                ?? (kind == .user ? directory.holder(of: .userPrincipalName(id.lowercased())) : nil)
        case .key("userPrincipalName", let value) where kind == .user:
            name = value
            found = directory.holder(of: .userPrincipalName(value.lowercased()))
        case .key("uniqueName", let value) where kind == .group:
            name = value
            found = directory.holder(of: .uniqueName(value.lowercased()))
        case .key(let property, _): throw .malformed("'\(property)' is no alternate key of '\(kind.typeName)'.")
        }
        guard let found else { throw .notFound(name) }
        return found
    }

    func view(_ kind: EntryKind) throws(GraphProblem) -> EntryView {
        guard let view = views[kind] else { throw Self.noSuchPath(kind.collection) }
        return view
    }

    /// Any object by its id.
    func directoryObject(_ rest: [GraphPath.Segment], _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        guard rest.count == 1, case .name(let id) = rest[0], call.method == "GET" else { throw .methodNotAllowed }
        let entry = try directory.withLock { directory throws(GraphProblem) in
            guard let index = directory.living(id) else { throw .notFound(id) }
            return directory[index]
        }
        return .ok(try view(entry.kind).json(entry, nil).typed(entry.kind))
    }
}

extension JSONValue {
    /// The object with the type that Graph names where several types may stand.
    func typed(_ kind: EntryKind) -> JSONValue {
        guard case .object(var members) = self else { return self }
        members["@odata.type"] = .string("#\(kind.typeName)")
        return .object(members)
    }
}

/// Which part of a list is asked for, and how the next part is found.
struct Page {
    let size: Int
    let start: Int
    private let next: (Int) -> String
    private let base: String

    init(_ call: GraphCall, path: String, base: String) throws(GraphProblem) {
        let top = call.query["$top"].map { Int($0) ?? 0 } ?? 100
        guard (1...999).contains(top) else {
            throw .badRequest(
                "Invalid page size specified: '\(call.query["$top"] ?? "")'. Must be between 1 and 999 inclusive."
            )
        }
        size = top
        guard let start = call.query["$skiptoken"].map({ Int($0) ?? -1 }) ?? 0 as Int?, start >= 0 else {
            throw GraphProblem(status: 400, code: "Directory_ExpiredPageToken", message: "The page token is not valid.")
        }
        self.start = start
        self.base = base
        let kept = call.query.filter { $0.key != "$skiptoken" }.sorted { $0.key < $1.key }
        next = { place in
            let items = (kept + [("$skiptoken", "\(place)")]).map { URLQueryItem(name: $0.0, value: $0.1) }
            var components = URLComponents(string: base + path)
            components?.queryItems = items
            return components?.string ?? ""
        }
    }

    func reply(_ values: [JSONValue], next place: Int?, context: String, count: Int? = nil) -> GraphReply {
        var body: [String: JSONValue] = [
            "@odata.context": .string("\(base)/$metadata#\(context)"), "value": .array(values),
        ]
        if let place { body["@odata.nextLink"] = .string(next(place)) }
        if let count { body["@odata.count"] = .integer(Int64(count)) }
        return .ok(.object(body))
    }
}

extension FilterExpression {
    /// The unique value that the whole filter asks for, if it is that simple: found by index in place of a search.
    var uniqueKey: UniqueKey? {
        switch self {
        case .compare(let path, .eq, let values):
            guard path.count == 1, let text = values.first?.string?.lowercased() else { return nil }
            switch path[0] {
            case "userPrincipalName": return .userPrincipalName(text)
            case "onPremisesImmutableId": return .immutableID(text)
            case "uniqueName": return .uniqueName(text)
            default: return nil
            }
        case .any(["identities"], .and(let one, let other)):
            guard let issuer = [one, other].lazy.compactMap({ $0.text(of: "issuer") }).first,
                let assigned = [one, other].lazy.compactMap({ $0.text(of: "issuerAssignedId") }).first
            else { return nil }
            return .identity(issuer: issuer, assigned: assigned)
        default: return nil
        }
    }

    private func text(of name: String) -> String? {
        guard case .compare([name], .eq, let values) = self else { return nil }
        return values.first?.string?.lowercased()
    }
}
