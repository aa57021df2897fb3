import CausewayJSON
import Foundation
import Synchronization

// Creating and changing groups, with the links that travel along.

extension GraphService {
    func createGroup(_ call: GraphCall) throws(GraphProblem) -> GraphReply {
        try createGroup(try objectBody(call))
    }

    private func createGroup(_ body: [String: JSONValue]) throws(GraphProblem) -> GraphReply {
        let links = try Links(body)
        var properties = try groups.creation(Links.without(body))
        properties["createdDateTime"] = .string(clock.now().graphText)
        let entry = try directory.withLock { directory throws(GraphProblem) in
            try Self.checkUnique(properties, .group, in: directory)
            let members = try Self.resolve(links.members, in: directory)
            let owners = try Self.resolve(links.owners, in: directory)
            let index = directory.insert(.group, properties)
            for member in members { directory.addMember(member, to: index) }
            for owner in owners { directory.addOwner(owner, to: index) }
            return directory[index]
        }
        return try created(entry)
    }

    func updateGroup(_ address: GraphPath.Segment, _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        let body = try objectBody(call)
        if let reply = try upsert(address, body, call) { return reply }
        let links = try Links(body)
        let changes = Links.without(body)
        try directory.withLock { directory throws(GraphProblem) in
            let index = try find(.group, address, in: directory)
            let present = directory[index].properties
            try groups.change(changes, of: present)
            let after = present.merging(changes) { $1 }.filter { !$0.value.isNull }
            try Self.checkUnique(after, .group, in: directory, except: index)
            let members = try Self.resolve(links.members, in: directory)
            try Self.checkNew(members, in: index, directory)
            directory.update(index) { $0 = after }
            for member in members { directory.addMember(member, to: index) }
        }
        return .noContent
    }

    /// `Prefer: create-if-missing` on the alternate key creates what is not there (Graph, "Upsert group").
    private func upsert(
        _ address: GraphPath.Segment,
        _ body: [String: JSONValue],
        _ call: GraphCall
    ) throws(GraphProblem) -> GraphReply? {
        guard case .key("uniqueName", let name) = address,
            call.headers["prefer"]?.lowercased().contains("create-if-missing") == true
        else { return nil }
        let isThere = directory.withLock { $0.holder(of: .uniqueName(name.lowercased())) != nil }
        guard !isThere else { return nil }
        return try createGroup(body.merging(["uniqueName": .string(name)]) { $1 })
    }

    /// Every link must lead to an object that may be a member.
    private static func resolve(_ references: [String], in directory: TenantDirectory) throws(GraphProblem)
        -> [EntryIndex]
    {
        var found: [EntryIndex] = []
        for reference in references {
            guard let index = directory.living(reference) else { throw .notFound(reference) }
            found.append(index)
        }
        return found
    }

    /// All or nothing: one member that is there already refuses them all.
    private static func checkNew(
        _ members: [EntryIndex],
        in group: EntryIndex,
        _ directory: TenantDirectory
    ) throws(GraphProblem) {
        guard Set(members).count == members.count, !members.contains(where: { directory.isMember($0, of: group) })
        else {
            throw .badRequest(
                "One or more added object references already exist for the following modified properties: 'members'."
            )
        }
        guard !members.contains(group) else { throw .badRequest("A group cannot be a member of itself.") }
        for member in members where GroupRules.isUnified(directory[group].properties) {
            if directory[member].kind == .group { throw .badRequest("Unsupported member type for this group.") }
        }
    }
}

/// The links in the body of a group: `members@odata.bind` and `owners@odata.bind`.
struct Links {
    let members: [String]
    let owners: [String]

    private static let names: Set<String> = ["members@odata.bind", "owners@odata.bind"]

    init(_ body: [String: JSONValue]) throws(GraphProblem) {
        members = try Self.identifiers(body["members@odata.bind"])
        owners = try Self.identifiers(body["owners@odata.bind"])
        guard members.count + owners.count <= GroupRules.linkLimit else {
            throw .badRequest("A resource cannot contain more than 20 link changes")
        }
    }

    static func without(_ body: [String: JSONValue]) -> [String: JSONValue] {
        body.filter { !names.contains($0.key) }
    }

    private static func identifiers(_ value: JSONValue?) throws(GraphProblem) -> [String] {
        guard let value else { return [] }
        guard case .array(let references) = value else {
            throw .malformed("A reference list must be an array of URLs.")
        }
        var found: [String] = []
        for reference in references { found.append(try identifier(reference.string)) }
        return found
    }

    /// The id at the end of `https://graph.microsoft.com/v1.0/directoryObjects/{id}`.
    static func identifier(_ url: String?) throws(GraphProblem) -> String {
        let parts = (url ?? "").split(separator: "/")
        guard parts.count >= 2, ["directoryObjects", "users", "groups"].contains(parts[parts.count - 2]),
            let id = parts.last
        else { throw .malformed("Invalid URL format specified in @odata.id.") }
        return String(id)
    }
}
