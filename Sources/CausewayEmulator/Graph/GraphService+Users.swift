import CausewayGraphTypes
import CausewayJSON
import Foundation
import Synchronization

// Creating and changing users, and their managers.

extension GraphService {
    private static let managerBinding = "manager@odata.bind"
    private static let extensionAttributes = "onPremisesExtensionAttributes"

    func createUser(_ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        var body = users.types.inUTC(try objectBody(call))
        let managerURL = body.removeValue(forKey: Self.managerBinding)
        let given = try users.creation(body)
        let now = clock.now()
        let entry = try directory.withLock { directory throws(GraphProblem) in
            try checkQuota(in: directory)
            let manager: EntryIndex? =
                if let managerURL { try resolveManager(Links.identifier(managerURL.string), in: directory) } else {
                    nil
                }
            let id = directory.makeID()
            let properties = completed(given, id: id, now)
            try checkUnique(properties, .user, in: directory)
            let index = directory.apply(.create(id: id, .user, properties), at: now)
            if let manager { directory.apply(.link(.manager, from: index, to: manager), at: now) }
            return directory[index]
        }
        return try created(entry, base)
    }

    /// What the service adds to a new account by itself.
    func completed(_ given: [String: JSONValue], id: String, _ now: Date) -> [String: JSONValue] {
        var properties = FixedWords.spelled(given)
        properties["accountEnabled"] = given["accountEnabled"] ?? true
        properties["userType"] = properties["userType"] ?? "Member"
        properties["createdDateTime"] = .string(now.graphText)
        // A missing name is derived from the id.
        if given["userPrincipalName"] == nil {
            properties["userPrincipalName"] = .string("\(id.filter { $0 != "-" })@\(domains.standard)")
        }
        if let mail = given["mail"]?.string { properties["proxyAddresses"] = [.string("SMTP:\(mail)")] }
        mirrorPrincipalName(in: &properties)
        return properties
    }

    /// The identities always have an entry that mirrors the principal name.
    func mirrorPrincipalName(in properties: inout [String: JSONValue]) {
        guard let name = properties["userPrincipalName"]?.string else { return }
        let others = (properties["identities"]?.array ?? []).filter { $0["signInType"] != "userPrincipalName" }
        let mirror: JSONValue = [
            "signInType": "userPrincipalName", "issuer": .string(domains.initial), "issuerAssignedId": .string(name),
        ]
        properties["identities"] = .array(others + [mirror])
    }

    func updateUser(_ address: GraphPath.Segment, _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        let body = users.types.inUTC(try objectBody(call))
        let now = clock.now()
        try directory.withLock { directory throws(GraphProblem) in
            let index = try find(.user, address, in: directory)
            let present = directory[index].properties
            try checkSensitive(body, index, call.caller, directory)
            try users.change(body, of: present)
            let after = changed(body, of: present)
            try checkUnique(after, .user, in: directory, except: index)
            let difference = Self.difference(present, after)
            if !difference.isEmpty { directory.apply(.update(index, difference), at: now) }
        }
        return .noContent
    }

    private func checkSensitive(
        _ body: [String: JSONValue],
        _ index: EntryIndex,
        _ caller: GraphCaller,
        _ directory: TenantDirectory
    ) throws(GraphProblem) {
        if body["passwordProfile"] != nil, !ProtectedUsers.mayResetPasswords(caller) { throw .denied }
        guard !types.user.sensitive.isDisjoint(with: body.keys) else { return }
        guard ProtectedUsers.allows(caller, on: index, in: directory) else { throw .denied }
    }

    private func changed(_ body: [String: JSONValue], of present: [String: JSONValue]) -> [String: JSONValue] {
        var changes = FixedWords.spelled(body)
        changes["passwordProfile"] = nil
        if let attributes = body[Self.extensionAttributes]?.object {
            // The fifteen attributes are changed one by one.
            let former = present[Self.extensionAttributes]?.object ?? [:]
            changes[Self.extensionAttributes] = .object(former.merging(attributes) { $1 })
        }
        var after = present.merging(changes) { $1 }.filter { !$0.value.isNull }
        if let mail = body["mail"]?.string { Self.setMail(mail, in: &after) }
        if body["userPrincipalName"] != nil || body["identities"] != nil { mirrorPrincipalName(in: &after) }
        return after
    }

    /// The properties that differ; null for removed ones.
    static func difference(_ before: [String: JSONValue], _ after: [String: JSONValue]) -> [String: JSONValue] {
        var changes = after.filter { before[$0.key] != $0.value }
        for name in before.keys where after[name] == nil { changes[name] = .null }
        return changes
    }

    /// A new primary address; the former one stays as an alias.
    static func setMail(_ mail: String, in properties: inout [String: JSONValue]) {
        let aliases = (properties["proxyAddresses"]?.array ?? []).compactMap(\.string)
            .filter { $0.dropFirst("smtp:".count).lowercased() != mail.lowercased() }
            .map { "smtp:\($0.dropFirst("smtp:".count))" }
        properties["proxyAddresses"] = .array((["SMTP:\(mail)"] + aliases).map(JSONValue.string))
    }

    /// Revokes a user's tokens; users do not sign in here, so only the time is recorded.
    func revokeSessions(_ address: GraphPath.Segment, _ call: GraphCall, _ base: String) throws(GraphProblem)
        -> GraphReply
    {
        guard call.method == "POST" else { throw .methodNotAllowed }
        let now = clock.now()
        try directory.withLock { directory throws(GraphProblem) in
            let index = try find(.user, address, in: directory)
            directory.apply(.update(index, ["signInSessionsValidFromDateTime": .string(now.graphText)]), at: now)
        }
        return .ok(["@odata.context": .string("\(base)/$metadata#Edm.Boolean"), "value": true])
    }

    // MARK: Manager

    /// `/users/{id}/manager` and its `$ref`.
    func manager(
        _ address: GraphPath.Segment,
        _ rest: [GraphPath.Segment],
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        guard rest.count > 1 else {
            guard call.method == "GET" else { throw .methodNotAllowed }
            return try readManager(address, call, base)
        }
        guard rest.count == 2, rest[1] == .name(LinkForm.referenceName) else { throw Self.noSuchPath("\(rest[1])") }
        switch call.method {
        case "GET": return try readManagerReference(address, call, base)
        case "PUT": return try setManager(address, Links.identifier(call.body?["@odata.id"]?.string))
        case "DELETE": return try setManager(address, nil)
        default: throw .methodNotAllowed
        }
    }

    private func readManager(_ address: GraphPath.Segment, _ call: GraphCall, _ base: String) throws(GraphProblem)
        -> GraphReply
    {
        let options = try QueryOptions(call, vocabulary(.user), at: .single)
        let manager = try manager(of: address)
        guard case .object(var members) = try typedJSON(manager, options.selection) else { throw .notFound("manager") }
        members["@odata.context"] = .string("\(base)/$metadata#directoryObjects/$entity")
        return .ok(.object(members))
    }

    private func readManagerReference(
        _ address: GraphPath.Segment,
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        try QueryOptions(call, vocabulary(.user), at: .single).requireNoSelection()
        let manager = try manager(of: address)
        return .ok(["@odata.context": .string("\(base)/$metadata#$ref"), "@odata.id": manager.reference(base)])
    }

    private func manager(of address: GraphPath.Segment) throws(GraphProblem) -> DirectoryEntry {
        try directory.withLock { directory throws(GraphProblem) in
            let user = try findSeen(.user, address, in: directory).index
            let found = related("manager", to: user, in: directory)
                .compactMap { seenAlive($0, on: .replica, in: directory) }
            guard let manager = found.first else { throw .notFound("manager") }
            return manager
        }
    }

    private func setManager(_ address: GraphPath.Segment, _ reference: String?) throws(GraphProblem) -> GraphReply {
        let now = clock.now()
        try directory.withLock { directory throws(GraphProblem) in
            let user = try find(.user, address, in: directory)
            let former = directory.targets(.manager, of: user)
            if directory[user].properties["onPremisesSyncEnabled"] == true { throw .synced(target: "manager") }
            let manager: EntryIndex? = if let reference { try resolveManager(reference, in: directory) } else { nil }
            guard manager != nil || !former.isEmpty else { throw .notFound("manager") }
            guard manager != user else { throw .badRequest("A user cannot be its own manager.") }
            for former in former { directory.apply(.unlink(.manager, from: user, to: former), at: now) }
            if let manager { directory.apply(.link(.manager, from: user, to: manager), at: now) }
        }
        return .noContent
    }

    /// Only users can be managers, because there are no contacts.
    private func resolveManager(_ reference: String, in directory: TenantDirectory) throws(GraphProblem) -> EntryIndex {
        let manager = try resolve(reference, in: directory)
        guard directory[manager].kind == .user else { throw .invalidValue("manager", of: .user) }
        return manager
    }
}
