import CausewayJSON
import Foundation
import Synchronization

// How an address leads to an object, and what a reader sees of it.

extension GraphService {
    /// The object of an address, for a write: by id, for users also by principal name, or by alternate key. A replica
    /// that does not have it yet does not find it.
    func find(_ kind: EntryKind, _ address: GraphPath.Segment, in directory: TenantDirectory) throws(GraphProblem)
        -> EntryIndex
    {
        guard let found = try present(kind, address, in: directory),
            directory.seen(found, on: .replica, now: clock.now()) != nil
        else { throw .notFound(address.text) }
        return found
    }

    /// The object of an address, whether replicas have it or not.
    private func present(_ kind: EntryKind, _ address: GraphPath.Segment, in directory: TenantDirectory)
        throws(GraphProblem) -> EntryIndex?
    {
        if case .name(let id) = address, let index = directory.living(id, kind: kind) { return index }
        return try Self.key(kind, address).flatMap { directory.holder(of: $0) }
    }

    /// The object of an address and its state, as a replica sees it: a recently deleted object may still be there,
    /// and a renamed one may still be found by its former name.
    func findSeen(_ kind: EntryKind, _ address: GraphPath.Segment, in directory: TenantDirectory) throws(GraphProblem)
        -> (index: EntryIndex, entry: DirectoryEntry)
    {
        if case .name(let id) = address, let index = directory.lookup.index(ofID: id), directory[index].kind == kind,
            let entry = seenAlive(index, on: .replica, in: directory)
        {
            return (index, entry)
        }
        guard let key = try Self.key(kind, address) else { throw .notFound(address.text) }
        let indices = [directory.holder(of: key)].compactMap(\.self) + directory.replicas.pendingEntries.sorted()
        for index in indices {
            guard let entry = seenAlive(index, on: .replica, in: directory), entry.kind == kind,
                UniqueKey.keys(of: entry).contains(key)
            else { continue }
            return (index, entry)
        }
        throw .notFound(address.text)
    }

    /// An object as a reader sees it, unless the reader sees it in the recycle bin.
    func seenAlive(_ index: EntryIndex, on surface: Surface, in directory: TenantDirectory) -> DirectoryEntry? {
        guard let entry = directory.seen(index, on: surface, now: clock.now()), entry.deletedAt == nil else {
            return nil
        }
        return entry
    }

    private static func key(_ kind: EntryKind, _ address: GraphPath.Segment) throws(GraphProblem) -> UniqueKey? {
        switch address {
        case .name(let name): kind == .user ? .userPrincipalName(name.lowercased()) : nil
        case .key(let property, let value): try alternateKey(kind, property, value)
        }
    }

    private static func alternateKey(_ kind: EntryKind, _ property: String, _ value: String) throws(GraphProblem)
        -> UniqueKey
    {
        switch (kind, property) {
        case (.user, "userPrincipalName"): return .userPrincipalName(value.lowercased())
        case (.group, "uniqueName"): return .uniqueName(value.lowercased())
        case (.servicePrincipal, "appId"): return .applicationID(value.lowercased())
        default: throw .malformed("'\(property)' is not an alternate key of '\(kind.typeName)'.")
        }
    }

    /// The object that a reference leads to.
    ///
    /// - Throws: 404 if there is none; 400 if it is not visible everywhere yet.
    func resolve(_ reference: String, in directory: TenantDirectory) throws(GraphProblem) -> EntryIndex {
        guard let index = directory.living(reference) else { throw .notFound(reference) }
        guard directory.seen(index, on: .replica, now: clock.now()) != nil else { throw .notReplicated }
        return index
    }

    func resolve(_ references: [String], in directory: TenantDirectory) throws(GraphProblem) -> [EntryIndex] {
        var found: [EntryIndex] = []
        for reference in references { found.append(try resolve(reference, in: directory)) }
        return found
    }

    /// The group of a new link.
    func findForLinks(_ address: GraphPath.Segment, in directory: TenantDirectory) throws(GraphProblem) -> EntryIndex {
        guard let group = try present(.group, address, in: directory) else { throw .notFound(address.text) }
        guard directory.seen(group, on: .replica, now: clock.now()) != nil else { throw .notReplicated }
        return group
    }

    func view(_ kind: EntryKind) throws(GraphProblem) -> EntryView {
        guard let view = views[kind] else { throw Self.noSuchPath(kind.collection) }
        return view
    }

    func vocabulary(_ kind: EntryKind) throws(GraphProblem) -> Vocabulary {
        guard let vocabulary = vocabularies[kind] else { throw Self.noSuchPath(kind.collection) }
        return vocabulary
    }

    /// An object with its type, which is shown if several types are possible.
    func typedJSON(_ entry: DirectoryEntry, _ selection: [String]?) throws(GraphProblem) -> JSONValue {
        let view = try view(entry.kind)
        var members = view.json(entry, selection, isAlone: false)
        members["@odata.type"] = view.typeAnnotation
        return .object(members)
    }

    /// - Throws: if the caller lacks the permissions.
    func require(_ alternatives: AccessRules.Alternatives, _ call: GraphCall) throws(GraphProblem) {
        guard AccessRules.meets(alternatives, call.caller) else { throw .denied }
    }

    /// An object as the end of a link. An object that the caller may not read is there with all its properties null (Graph, "List
    /// group members").
    func linkedJSON(_ entry: DirectoryEntry, _ selection: [String]?, _ caller: GraphCaller) throws(GraphProblem)
        -> JSONValue
    {
        let json = try typedJSON(entry, selection)
        guard !AccessRules.mayRead(entry.kind, caller), let members = json.object else { return json }
        let shown: Set<String> = ["id", "@odata.type"]
        return .object(
            Dictionary(
                members.map { ($0.key, shown.contains($0.key) ? $0.value : .null) },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }

    /// The body of a write: a JSON object.
    func objectBody(_ call: GraphCall) throws(GraphProblem) -> [String: JSONValue] {
        guard let body = call.body?.object else {
            throw .malformed(
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of "
                    + "valid JSON format."
            )
        }
        return body.filter { $0.key != "@odata.type" }
    }

    /// - Throws: if another object has one of the unique values.
    func checkUnique(
        _ properties: [String: JSONValue],
        _ kind: EntryKind,
        in directory: TenantDirectory,
        except index: EntryIndex? = nil
    ) throws(GraphProblem) {
        let probe = DirectoryEntry(id: "", kind: kind, properties: properties, deletedAt: nil)
        for key in UniqueKey.keys(of: probe) {
            if let holder = directory.holder(of: key), holder != index { throw .conflict(key) }
            guard case .immutableID(let id) = key, settings.isImmutableIDBlocked else { continue }
            if directory.bin.holders(ofImmutableID: id) > (holds(id, index, in: directory) ? 1 : 0) {
                throw .conflict(key)
            }
        }
    }

    /// Whether an object in the recycle bin is itself one of those with an immutable id.
    private func holds(_ id: String, _ index: EntryIndex?, in directory: TenantDirectory) -> Bool {
        guard let index, directory[index].deletedAt != nil else { return false }
        return directory[index].value("onPremisesImmutableId").string?.lowercased() == id
    }

    /// - Throws: if the tenant is full.
    func checkQuota(in directory: TenantDirectory) throws(GraphProblem) {
        guard let quota = settings.objectQuota else { return }
        let count = directory.counts.values.reduce(directory.bin.count, +)
        if count >= quota { throw .quotaExceeded }
    }

    /// The answer to a creation: the default set, and the object's address.
    func created(_ entry: DirectoryEntry, _ base: String) throws(GraphProblem) -> GraphReply {
        var members = try view(entry.kind).json(entry, nil)
        members["@odata.context"] = .string("\(base)/$metadata#\(entry.kind.collection)/$entity")
        var reply = GraphReply(status: 201, body: .object(members))
        reply.headers["Location"] =
            "https://graph.microsoft.com/v2/\(settings.id)/directoryObjects/\(entry.id)/Microsoft.DirectoryServices."
            + entry.kind.resourceName
        return reply
    }
}
