import CausewayJSON
import Foundation
import Synchronization

// Members one by one, and the lists of links.

extension GraphService {
    /// Everything below `/groups/{id}/…` and `/users/{id}/memberOf`.
    func links(
        _ kind: EntryKind,
        _ address: GraphPath.Segment,
        _ rest: [GraphPath.Segment],
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        guard case .name(let relation) = rest[0] else { throw Self.noSuchPath("") }
        switch (relation, rest.count, call.method) {
        case ("members", 1, "GET"), ("transitiveMembers", 1, "GET"), ("memberOf", 1, "GET"):
            return try linkList(kind, address, relation, call, base)
        case ("members", 2, "POST") where rest[1] == .name("$ref"): return try addMember(address, call)
        case ("members", 3, "DELETE") where rest[2] == .name("$ref"): return try removeMember(address, rest[1])
        case ("members", 2, "DELETE"): return try deleteMember(rest[1])
        case ("members", _, _), ("transitiveMembers", _, _), ("memberOf", _, _): throw .methodNotAllowed
        default: throw Self.noSuchPath(relation)
        }
    }

    private func linkList(
        _ kind: EntryKind,
        _ address: GraphPath.Segment,
        _ relation: String,
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        for name in ["$filter", "$search", "$orderby", "$count"] where call.query[name] != nil && !call.isEventual {
            throw .unsupportedQuery("The query option '\(name)' needs the header 'ConsistencyLevel: eventual' here.")
        }
        let selection = call.query["$select"].map { $0.split(separator: ",").map(String.init) }
        let (entries, id) = try directory.withLock { directory throws(GraphProblem) in
            let index = try find(kind, address, in: directory)
            let links =
                switch relation {
                case "members": directory.links(from: index)
                case "memberOf": directory.groups(of: index)
                default: directory.transitiveMembers(of: index)
                }
            return (links.map { directory[$0] }.filter { $0.deletedAt == nil }, directory[index].id)
        }
        let page = try Page(call, path: "/\(kind.collection)/\(id)/\(relation)", base: base)
        let end = min(page.start + page.size, entries.count)
        var values: [JSONValue] = []
        for entry in entries[min(page.start, end)..<end] {
            values.append(try view(entry.kind).json(entry, selection).typed(entry.kind))
        }
        return page.reply(values, next: end < entries.count ? end : nil, context: "directoryObjects")
    }

    private func addMember(_ address: GraphPath.Segment, _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        let id = try Links.identifier(call.body?["@odata.id"]?.string)
        try directory.withLock { directory throws(GraphProblem) in
            let group = try find(.group, address, in: directory)
            guard let member = directory.living(id) else { throw .notFound(id) }
            guard !directory.isMember(member, of: group) else {
                throw .badRequest(
                    "One or more added object references already exist for the following modified properties: 'members'."
                )
            }
            guard member != group else { throw .badRequest("A group cannot be a member of itself.") }
            directory.addMember(member, to: group)
        }
        return .noContent
    }

    private func removeMember(_ address: GraphPath.Segment, _ target: GraphPath.Segment) throws(GraphProblem)
        -> GraphReply
    {
        guard case .name(let id) = target else { throw .methodNotAllowed }
        try directory.withLock { directory throws(GraphProblem) in
            let group = try find(.group, address, in: directory)
            guard let member = directory.living(id), directory.isMember(member, of: group) else { throw .notFound(id) }
            directory.removeMember(member, from: group)
        }
        return .noContent
    }

    /// Without `$ref` it is the member itself that goes.
    private func deleteMember(_ target: GraphPath.Segment) throws(GraphProblem) -> GraphReply {
        guard case .name(let id) = target else { throw .methodNotAllowed }
        try directory.withLock { directory throws(GraphProblem) in
            guard let member = directory.living(id) else { throw .notFound(id) }
            directory.delete(member, at: clock.now())
        }
        return .noContent
    }
}
