import CausewayJSON
import Foundation
import Synchronization

/// Fills a tenant as if that had happened long ago: by Graph's own rules, but not counted, not throttled, and immediately visible
/// everywhere.
struct TenantSeed {
    let graph: GraphService

    /// Processes `{"users": […], "groups": […], "members": {"GROUP": ["MEMBER", …]}}` up to the first refusal.
    func plant(_ body: JSONValue?) -> GraphReply {
        guard let body = body?.object, Set(body.keys).isSubset(of: ["users", "groups", "members"]) else {
            return ControlService.problem("Send 'users', 'groups' and 'members', or some of them.", 400)
        }
        return graph.withoutLag {
            var made: [JSONValue] = []
            do throws(GraphProblem) {
                for kind in [EntryKind.user, .group] {
                    for object in body[kind.collection]?.array ?? [] { made.append(try create(kind, object)) }
                }
            } catch {
                return ControlService.problem("Object \(made.count + 1) is refused: \(error.message)", 400)
            }
            for (group, members) in (body["members"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
                do throws(GraphProblem) { try link(members, to: group) } catch {
                    return ControlService.problem("The members of '\(group)' are refused: \(error.message)", 400)
                }
            }
            return .ok(["ids": .array(made)])
        }
    }

    private func create(_ kind: EntryKind, _ object: JSONValue) throws(GraphProblem) -> JSONValue {
        guard var call = GraphCall(method: "POST", target: "/\(kind.collection)", headers: [:], body: object) else {
            throw .methodNotAllowed
        }
        call.isSeed = true
        call.caller.permissions = ["User.ReadWrite.All", "Group.ReadWrite.All", "RoleManagement.ReadWrite.Directory"]
        return try graph.answer(call, base: "").body?["id"] ?? .null
    }

    /// All members of a group at once, more than a request to Graph may carry.
    private func link(_ members: JSONValue, to group: String) throws(GraphProblem) {
        guard let ids = members.array?.compactMap(\.string), ids.count == members.array?.count else {
            throw .malformed("They must be a list of ids.")
        }
        let now = graph.clock.now()
        try graph.directory.withLock { directory throws(GraphProblem) in
            guard let index = directory.living(group, kind: .group) else { throw .notFound(group) }
            let targets = try graph.resolve(ids, in: directory)
            let properties = directory[index].properties
            try LinkRules.check(
                targets,
                .members,
                of: index,
                properties,
                in: directory,
                refusesCycles: graph.settings.areCyclesRefused,
                isSeed: true
            )
            for target in targets { directory.apply(.link(.members, from: index, to: target), at: now) }
        }
    }
}

extension GraphService {
    /// Does something that every reader sees at once.
    fileprivate func withoutLag<Value>(_ body: () -> Value) -> Value {
        directory.withLock { $0.setLags(.init()) }
        defer { settingsChanged() }
        return body()
    }
}
