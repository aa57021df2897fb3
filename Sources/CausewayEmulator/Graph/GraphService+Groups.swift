import CausewayGraphTypes
import CausewayJSON
import Foundation
import Synchronization

// Creating and changing groups, with the links in their bodies.

extension GraphService {
    func createGroup(_ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        try createGroup(try objectBody(call), call, base)
    }

    private func createGroup(_ body: [String: JSONValue], _ call: GraphCall, _ base: String) throws(GraphProblem)
        -> GraphReply
    {
        let links = try Links(body)
        var properties = try groups.creation(Links.without(body), isSeed: call.isSeed)
        if GroupRules.isRoleAssignable(properties), !AccessRules.meets(AccessRules.roleAssignable, call.caller) {
            throw .denied
        }
        let now = clock.now()
        properties["createdDateTime"] = .string(now.graphText)
        properties["renewedDateTime"] = .string(now.graphText)
        let entry = try directory.withLock { directory throws(GraphProblem) in
            try checkQuota(in: directory)
            try checkUnique(properties, .group, in: directory)
            let members = try resolve(links.members, in: directory)
            let owners = try resolve(links.owners, in: directory)
            try checkLinks(members, owners, of: nil, properties, in: directory)
            let group = directory.apply(.create(id: directory.makeID(), .group, properties), at: now)
            add(members, owners, to: group, in: &directory, now)
            return directory[group]
        }
        return try created(entry, base)
    }

    private func checkLinks(
        _ members: [EntryIndex],
        _ owners: [EntryIndex],
        of group: EntryIndex?,
        _ properties: [String: JSONValue],
        in directory: TenantDirectory
    ) throws(GraphProblem) {
        let cycles = settings.areCyclesRefused
        try LinkRules.check(members, .members, of: group, properties, in: directory, refusesCycles: cycles)
        try LinkRules.check(owners, .owners, of: group, properties, in: directory, refusesCycles: cycles)
    }

    private func add(
        _ members: [EntryIndex],
        _ owners: [EntryIndex],
        to group: EntryIndex,
        in directory: inout TenantDirectory,
        _ now: Date
    ) {
        for member in members { directory.apply(.link(.members, from: group, to: member), at: now) }
        for owner in owners { directory.apply(.link(.owners, from: group, to: owner), at: now) }
    }

    func updateGroup(_ address: GraphPath.Segment, _ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply
    {
        let body = try objectBody(call)
        if let reply = try upsert(address, body, call, base) { return reply }
        let links = try Links(body)
        let given = Links.without(body)
        let isInExchange = !types.group.mustBePatchedAlone.isDisjoint(with: given.keys)
        let now = clock.now()
        try directory.withLock { directory throws(GraphProblem) in
            let group = try links.isEmpty ? find(.group, address, in: directory) : findForLinks(address, in: directory)
            try checkAssignable(group, call.caller, in: directory)
            if isInExchange { try require(AccessRules.exchangeProperties, call) }
            let present = directory[group].properties
            let changes = GroupRules.withoutUnchanged(given, of: directory[group])
            try groups.change(changes, of: present, isUpsert: Self.isUpsert(address, call))
            let after = present.merging(changes) { $1 }.filter { !$0.value.isNull }
            try checkUnique(after, .group, in: directory, except: group)
            let members = try resolve(links.members, in: directory)
            let owners = try resolve(links.owners, in: directory)
            try checkLinks(members, owners, of: group, present, in: directory)
            let difference = Self.difference(present, after)
            if !difference.isEmpty { directory.apply(.update(group, difference), at: now) }
            add(members, owners, to: group, in: &directory, now)
        }
        return isInExchange ? GraphReply(status: 200) : .noContent
    }

    /// Role-assignable groups take a permission of their own.
    func checkAssignable(_ group: EntryIndex, _ caller: GraphCaller, in directory: TenantDirectory) throws(GraphProblem)
    {
        guard GroupRules.isRoleAssignable(directory[group].properties) else { return }
        guard AccessRules.meets(AccessRules.roleAssignable, caller) else { throw .denied }
    }

    private static func isUpsert(_ address: GraphPath.Segment, _ call: GraphCall) -> Bool {
        guard case .key("uniqueName", _) = address else { return false }
        return call.headers["prefer"]?.lowercased().contains("create-if-missing") == true
    }

    /// `Prefer: create-if-missing` on the alternate key creates what is not there (Graph, "Upsert group").
    private func upsert(
        _ address: GraphPath.Segment,
        _ body: [String: JSONValue],
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply? {
        guard Self.isUpsert(address, call), case .key(_, let name) = address else { return nil }
        let isThere = directory.withLock { $0.holder(of: .uniqueName(name.lowercased())) != nil }
        guard !isThere else { return nil }
        return try createGroup(body.merging(["uniqueName": .string(name)]) { $1 }, call, base)
    }
}

/// The links in the body of a group: `members@odata.bind` and `owners@odata.bind`.
struct Links {
    let members: [String]
    let owners: [String]

    var isEmpty: Bool { members.isEmpty && owners.isEmpty }

    private static let names: Set<String> = ["members@odata.bind", "owners@odata.bind"]

    init(_ body: [String: JSONValue]) throws(GraphProblem) {
        members = try Self.identifiers(body["members@odata.bind"])
        owners = try Self.identifiers(body["owners@odata.bind"])
        guard members.count + owners.count <= GroupRules.linkLimit else {
            throw .badRequest("A resource cannot contain more than \(GroupRules.linkLimit) link changes")
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

    private static let collections: Set<String> = ["directoryobjects", "users", "groups", "serviceprincipals"]

    /// The id at the end of `https://graph.microsoft.com/v1.0/directoryObjects/{id}`.
    static func identifier(_ url: String?) throws(GraphProblem) -> String {
        let parts = (url ?? "").split(separator: "/")
        guard parts.count >= 2, collections.contains(parts[parts.count - 2].lowercased()), let id = parts.last else {
            throw .malformed("Invalid URL format specified in @odata.id.")
        }
        return String(id)
    }
}
