import CausewayJSON
import Foundation
import Synchronization

// Deletion, and the thirty days in which it can be undone.

extension GraphService {
    private static let keptFor = 30 * 86_400.0

    func delete(_ kind: EntryKind, _ address: GraphPath.Segment, _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        let now = clock.now()
        try directory.withLock { directory throws(GraphProblem) in
            let index = try find(kind, address, in: directory)
            if directory[index].properties["onPremisesSyncEnabled"] == true { throw .synced(target: "id") }
            if kind == .user, !ProtectedUsers.allows(call.caller, on: index, in: directory) { throw .denied }
            if kind == .group, GroupRules.isHeldByExchange(directory[index].properties) { throw .heldByExchange }
            if kind == .group { try checkAssignable(index, call.caller, in: directory) }
            directory.apply(.delete(index), at: now)
        }
        return .noContent
    }

    /// Everything below `/directory/deletedItems`: a list of one type, or an object, whose type may come before or after its id
    /// (OData 4.01, URL conventions, "Addressing Derived Types").
    func recycleBin(_ rest: [GraphPath.Segment], _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        guard rest.first == .name("deletedItems"), rest.count >= 2 else { throw Self.noSuchPath("directory") }
        var path = Array(rest.dropFirst())
        let type = Self.takeType(at: 0, of: &path)
        if let type, path.isEmpty || path == [.name("$count")] {
            guard call.method == "GET" else { throw .methodNotAllowed }
            try require(AccessRules.deleted(type, isWrite: false), call)
            return try path.isEmpty ? deletedList(type, call, base) : deletedCount(type, call)
        }
        guard case .name(let id)? = path.first else { throw Self.noSuchPath("deletedItems") }
        return try deletedObject(id, type ?? Self.takeType(at: 1, of: &path), Array(path.dropFirst()), call, base)
    }

    private static func takeType(at index: Int, of path: inout [GraphPath.Segment]) -> EntryKind? {
        guard path.indices.contains(index),
            let type = EntryKind.allCases.first(where: { .name($0.typeName) == path[index] })
        else { return nil }
        path.remove(at: index)
        return type
    }

    private func deletedObject(
        _ id: String,
        _ type: EntryKind?,
        _ rest: [GraphPath.Segment],
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        let kind = try directory.withLock { directory throws(GraphProblem) in
            let index = try findDeleted(id, in: directory)
            guard type == nil || directory[index].kind == type else { throw .notFound(id) }
            if call.method != "GET" { try checkAssignable(index, call.caller, in: directory) }
            return directory[index].kind
        }
        try require(AccessRules.deleted(kind, isWrite: call.method != "GET"), call)
        switch (rest.first, call.method) {
        case (nil, "GET"): return try readDeleted(id, call, base)
        case (nil, "DELETE"): return try purge(id, call)
        case (.name("restore"), "POST") where rest.count == 1: return try restore(id, call, base)
        default: throw .methodNotAllowed
        }
    }

    /// The content of the recycle bin as replicas see it.
    private func findDeleted(_ id: String, in directory: TenantDirectory) throws(GraphProblem) -> EntryIndex {
        guard let index = directory.deleted(id),
            directory.seen(index, on: .replica, now: clock.now())?.deletedAt != nil
        else { throw .notFound(id) }
        return index
    }

    private func readDeleted(_ id: String, _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        let entry = try directory.withLock { directory throws(GraphProblem) in
            directory[try findDeleted(id, in: directory)]
        }
        let options = try QueryOptions(call, vocabulary(entry.kind), at: .single)
        let selection = try deletedSelection(options, entry.kind)
        guard case .object(var members) = try typedJSON(shown(entry), selection) else {
            throw .notFound(id)
        }
        members["@odata.context"] = .string("\(base)/$metadata#directoryObjects/$entity")
        return .ok(.object(members))
    }

    private func purge(_ id: String, _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        let now = clock.now()
        try directory.withLock { directory throws(GraphProblem) in
            let index = try findDeleted(id, in: directory)
            if directory[index].kind == .user, !ProtectedUsers.allows(call.caller, on: index, in: directory) {
                throw .denied
            }
            directory.apply(.purge(index), at: now)
        }
        return .noContent
    }

    /// After thirty days, deleted objects are purged.
    func purgeExpired(in directory: inout TenantDirectory, _ now: Date) {
        for index in directory.takeExpired(before: now.addingTimeInterval(-Self.keptFor)) {
            if !directory[index].isPurged { directory.apply(.purge(index), at: now) }
        }
    }

    // MARK: Lists

    /// The elements of a list of deleted objects, as it shows them.
    private func deletedAdmission(_ options: QueryOptions, in directory: TenantDirectory) -> (EntryIndex) ->
        DirectoryEntry?
    {
        let now = clock.now()
        return { [self, directory] index in
            guard let entry = directory.seen(index, on: options.surface, now: now), entry.deletedAt != nil else {
                return nil
            }
            let shown = shown(entry)
            let isAdmitted = options.admits(shown) { linkCount($0, of: index, options, in: directory) }
            return isAdmitted ? shown : nil
        }
    }

    private func deletedCount(_ kind: EntryKind, _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        let options = try options(call, vocabulary(kind), at: .count)
        let count = directory.withLock { directory in
            let admitted = deletedAdmission(options, in: directory)
            return directory.bin.items(kind).count { admitted($0) != nil }
        }
        return GraphReply(status: 200, text: "\(count)")
    }

    private func deletedList(_ kind: EntryKind, _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        let options = try options(call, vocabulary(kind), at: .collection)
        let path = "/directory/deletedItems/\(kind.typeName)"
        let writer = PageWriter(call, options, path: path, base: base, now: clock.now())
        let reader = ListReader(options: options, orders: orders, address: writer.address)
        let view = try view(kind)
        let selection = try deletedSelection(options, kind)
        let page = directory.withLock { directory in
            reader.page(of: directory.bin.items(kind), deletedAdmission(options, in: directory))
        }
        let values = page.entries.map { JSONValue.object(view.json($0.entry, selection, isAlone: false)) }
        return writer.reply(values, page, context: kind.collection)
    }

    /// The date of deletion is part of the default set of deleted objects.
    private func deletedSelection(_ options: QueryOptions, _ kind: EntryKind) throws(GraphProblem) -> [String] {
        if let selection = options.selection { return selection }
        return try view(kind).defaults + ["deletedDateTime"]
    }

    /// A deleted user's name contains its id; a deleted security group reports that it is not security-enabled.
    private func shown(_ entry: DirectoryEntry) -> DirectoryEntry {
        var shown = entry
        if entry.kind == .group {
            shown.properties["securityEnabled"] = false
        } else if settings.mangledNames, let name = entry.properties["userPrincipalName"]?.string {
            shown.properties["userPrincipalName"] = .string(entry.id.filter { $0 != "-" } + name)
        }
        return shown
    }

    // MARK: Restoring

    private func restore(_ id: String, _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        let now = clock.now()
        let entry = try directory.withLock { directory throws(GraphProblem) in
            let index = try findDeleted(id, in: directory)
            let kind = directory[index].kind
            if kind == .user, !ProtectedUsers.allows(call.caller, on: index, in: directory) { throw .denied }
            let present = directory[index].properties
            let after = try restored(present, kind, call, in: directory)
            try checkUnique(after, kind, in: directory, except: index)
            let changes = Self.difference(present, after)
            if !changes.isEmpty { directory.apply(.update(index, changes), at: now) }
            if kind == .group, !settings.areMembersRestored, !GroupRules.isUnified(after) {
                for member in directory.targets(.members, of: index) {
                    directory.apply(.unlink(.members, from: index, to: member), at: now)
                }
            }
            directory.apply(.restore(index), at: now)
            return directory[index]
        }
        guard case .object(var members) = try typedJSON(entry, nil) else { throw .notFound(id) }
        members["@odata.context"] = .string("\(base)/$metadata#directoryObjects/$entity")
        return .ok(.object(members))
    }

    private func restored(
        _ present: [String: JSONValue],
        _ kind: EntryKind,
        _ call: GraphCall,
        in directory: TenantDirectory
    ) throws(GraphProblem) -> [String: JSONValue] {
        var after = present
        guard kind == .user else { return after }
        if let name = call.body?["newUserPrincipalName"]?.string {
            try users.checkName(name)
            after["userPrincipalName"] = .string(name)
            mirrorPrincipalName(in: &after)
        }
        if call.body?["autoReconcileProxyConflict"]?.bool == true {
            let kept = (after["proxyAddresses"]?.array ?? []).filter { address in
                let text = address.string?.lowercased().dropFirst("smtp:".count) ?? ""
                return directory.holder(of: .proxyAddress(String(text))) == nil
            }
            after["proxyAddresses"] = .array(kept)
            // The primary address is removed with its entry.
            let primary = kept.compactMap(\.string).first { $0.hasPrefix("SMTP:") }
            after["mail"] = primary.map { .string(String($0.dropFirst("SMTP:".count))) }
        }
        return after
    }
}
