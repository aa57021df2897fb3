import CausewayJSON
import Foundation
import Synchronization

// How an address leads to an object, and what a reader sees of it.

extension GraphService {
    /// The object that an address names: an id, for users a principal name too, or an alternate key. A replica that has not
    /// heard of it yet does not find it.
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
        case .key(let property, let value):
            name = value
            found = directory.holder(of: try Self.alternateKey(kind, property, value))
        }
        guard let found, directory.seen(found, on: .replica, now: clock.now()) != nil else { throw .notFound(name) }
        return found
    }

    private static func alternateKey(_ kind: EntryKind, _ property: String, _ value: String) throws(GraphProblem)
        -> UniqueKey
    {
        switch (kind, property) {
        case (.user, "userPrincipalName"): return .userPrincipalName(value.lowercased())
        case (.group, "uniqueName"): return .uniqueName(value.lowercased())
        case (.servicePrincipal, "appId"): return .applicationID(value.lowercased())
        default: throw .malformed("'\(property)' is no alternate key of '\(kind.typeName)'.")
        }
    }

    /// The object that a reference leads to.
    ///
    /// - Throws: 404 where there is none; 400 where it has not arrived everywhere yet.
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

    /// The group to which something is to be linked.
    func findForLinks(_ address: GraphPath.Segment, in directory: TenantDirectory) throws(GraphProblem) -> EntryIndex {
        if case .name(let id) = address, let index = directory.living(id, kind: .group),
            directory.seen(index, on: .replica, now: clock.now()) == nil
        {
            throw .notReplicated
        }
        return try find(.group, address, in: directory)
    }

    func view(_ kind: EntryKind) throws(GraphProblem) -> EntryView {
        guard let view = views[kind] else { throw Self.noSuchPath(kind.collection) }
        return view
    }

    func vocabulary(_ kind: EntryKind) throws(GraphProblem) -> Vocabulary {
        guard let vocabulary = vocabularies[kind] else { throw Self.noSuchPath(kind.collection) }
        return vocabulary
    }

    /// An object with its type, as it stands where several types may.
    func typedJSON(_ entry: DirectoryEntry, _ selection: [String]?) throws(GraphProblem) -> JSONValue {
        let view = try view(entry.kind)
        var members = view.json(entry, selection, isAlone: false)
        members["@odata.type"] = view.typeAnnotation
        return .object(members)
    }

    /// - Throws: where the caller lacks the permissions.
    func require(_ alternatives: AccessRules.Alternatives, _ call: GraphCall) throws(GraphProblem) {
        guard AccessRules.meets(alternatives, call.caller) else { throw .denied }
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

    /// - Throws: where another object has one of the values that only one may have.
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
            let isHeld = directory.deletedIndexes.contains { deleted in
                deleted != index && directory[deleted].value("onPremisesImmutableId").string?.lowercased() == id
            }
            if isHeld { throw .conflict(key) }
        }
    }

    /// - Throws: where the tenant is full.
    func checkQuota(in directory: TenantDirectory) throws(GraphProblem) {
        guard let quota = settings.objectQuota else { return }
        let count = directory.counts.values.reduce(directory.deletedIndexes.count, +)
        if count >= quota { throw .quotaExceeded }
    }

    /// The answer to a create: the default set, and where the object is.
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
