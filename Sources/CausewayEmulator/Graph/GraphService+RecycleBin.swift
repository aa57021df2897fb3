import CausewayJSON
import Foundation
import Synchronization

// Deleting, and the thirty days in which it can be undone.

extension GraphService {
    private static let keptFor = 30 * 86_400.0

    func delete(_ kind: EntryKind, _ address: GraphPath.Segment) throws(GraphProblem) -> GraphReply {
        try directory.withLock { directory throws(GraphProblem) in
            let index = try find(kind, address, in: directory)
            directory.delete(index, at: clock.now())
        }
        return .noContent
    }

    /// Everything below `/directory/deletedItems`.
    func recycleBin(_ rest: [GraphPath.Segment], _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        guard rest.first == .name("deletedItems"), rest.count >= 2, case .name(let name) = rest[1] else {
            throw Self.noSuchPath("directory")
        }
        purgeExpired()
        for kind in [EntryKind.user, .group] where name == kind.typeName {
            guard rest.count == 2, call.method == "GET" else { throw .methodNotAllowed }
            return try deletedList(kind, call, base)
        }
        switch (rest.count, call.method) {
        case (2, "GET"):
            let entry = try directory.withLock { directory throws(GraphProblem) in
                guard let index = directory.deleted(name) else { throw .notFound(name) }
                return directory[index]
            }
            return .ok(try deletedJSON(entry))
        case (2, "DELETE"):
            try directory.withLock { directory throws(GraphProblem) in
                guard let index = directory.deleted(name) else { throw .notFound(name) }
                directory.purge(index)
            }
            return .noContent
        case (3, "POST") where rest[2] == .name("restore"): return try restore(name, call)
        default: throw .methodNotAllowed
        }
    }

    private func purgeExpired() {
        let limit = clock.now().addingTimeInterval(-Self.keptFor)
        directory.withLock { directory in
            for place in directory.entries.indices {
                guard let date = directory.entries[place].deletedAt, date < limit else { continue }
                if directory.deleted(directory.entries[place].id) != nil { directory.purge(EntryIndex(place)) }
            }
        }
    }

    private func deletedList(_ kind: EntryKind, _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        let page = try Page(call, path: "/directory/deletedItems/\(kind.typeName)", base: base)
        let entries = directory.withLock { directory in
            directory.entries.filter { $0.kind == kind && $0.deletedAt != nil && directory.deleted($0.id) != nil }
        }
        let end = min(page.start + page.size, entries.count)
        var values: [JSONValue] = []
        for entry in entries[min(page.start, end)..<end] { values.append(try deletedJSON(entry)) }
        return page.reply(values, next: end < entries.count ? end : nil, context: "directoryObjects")
    }

    /// A deleted user's name carries its id; a deleted security group says that it is none.
    private func deletedJSON(_ entry: DirectoryEntry) throws(GraphProblem) -> JSONValue {
        var shown = entry
        if entry.kind == .group {
            shown.properties["securityEnabled"] = false
        } else if let name = entry.properties["userPrincipalName"]?.string {
            shown.properties["userPrincipalName"] = .string(entry.id.filter { $0 != "-" } + name)
        }
        shown.properties["deletedDateTime"] = JSONValue(entry.deletedAt?.graphText)
        let json = try view(entry.kind).json(shown, nil)
        guard case .object(var members) = json else { return json }
        members["deletedDateTime"] = shown.properties["deletedDateTime"]
        return JSONValue.object(members).typed(entry.kind)
    }

    private func restore(_ id: String, _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        let entry = try directory.withLock { directory throws(GraphProblem) in
            guard let index = directory.deleted(id) else { throw .notFound(id) }
            var properties = directory[index].properties
            if let name = call.body?["newUserPrincipalName"]?.string { properties["userPrincipalName"] = .string(name) }
            try Self.checkUnique(properties, directory[index].kind, in: directory, except: index)
            directory.restore(index)
            directory.update(index) { $0 = properties }
            return directory[index]
        }
        return .ok(try view(entry.kind).json(entry, nil).typed(entry.kind))
    }
}
