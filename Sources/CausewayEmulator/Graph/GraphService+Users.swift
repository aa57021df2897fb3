import CausewayJSON
import Foundation
import Synchronization

// Creating and changing users.

extension GraphService {
    func createUser(_ call: GraphCall) throws(GraphProblem) -> GraphReply {
        let body = try objectBody(call)
        let properties = completed(try users.creation(body))
        let entry = try directory.withLock { directory throws(GraphProblem) in
            try Self.checkUnique(properties, .user, in: directory)
            let index = directory.insert(.user, properties)
            // A name that nobody gave is made from the id, which exists only now.
            if properties["userPrincipalName"] == nil { nameByID(index, in: &directory) }
            return directory[index]
        }
        return try created(entry)
    }

    /// What the service adds to a new account of its own accord.
    private func completed(_ given: [String: JSONValue]) -> [String: JSONValue] {
        var properties = given
        properties["accountEnabled"] = given["accountEnabled"] ?? true
        properties["userType"] = .string(given["userType"]?.string?.lowercased() == "guest" ? "Guest" : "Member")
        properties["createdDateTime"] = .string(clock.now().graphText)
        if let mail = given["mail"]?.string { properties["proxyAddresses"] = [.string("SMTP:\(mail)")] }
        mirrorPrincipalName(in: &properties)
        return properties
    }

    private func nameByID(_ index: EntryIndex, in directory: inout TenantDirectory) {
        let id = directory[index].id.filter { $0 != "-" }
        directory.update(index) { properties in
            properties["userPrincipalName"] = .string("\(id)@\(domains.standard)")
            mirrorPrincipalName(in: &properties)
        }
    }

    /// The identities always have an entry that mirrors the principal name.
    private func mirrorPrincipalName(in properties: inout [String: JSONValue]) {
        guard let name = properties["userPrincipalName"]?.string else { return }
        let others = (properties["identities"]?.array ?? []).filter { $0["signInType"] != "userPrincipalName" }
        let mirror: JSONValue = [
            "signInType": "userPrincipalName", "issuer": .string(domains.initial), "issuerAssignedId": .string(name),
        ]
        properties["identities"] = .array(others + [mirror])
    }

    func updateUser(_ address: GraphPath.Segment, _ call: GraphCall) throws(GraphProblem) -> GraphReply {
        var body = try objectBody(call)
        try directory.withLock { directory throws(GraphProblem) in
            let index = try find(.user, address, in: directory)
            let present = directory[index].properties
            try users.change(body, of: present)
            body["passwordProfile"] = nil
            if let type = body["userType"]?.string {
                body["userType"] = .string(type.lowercased() == "guest" ? "Guest" : "Member")
            }
            var after = present.merging(body) { $1 }.filter { !$0.value.isNull }
            if let mail = body["mail"]?.string { Self.setMail(mail, in: &after) }
            if body["userPrincipalName"] != nil || body["identities"] != nil { mirrorPrincipalName(in: &after) }
            try Self.checkUnique(after, .user, in: directory, except: index)
            directory.update(index) { $0 = after }
        }
        return .noContent
    }

    /// A new primary address; the former one stays as an alias.
    private static func setMail(_ mail: String, in properties: inout [String: JSONValue]) {
        let aliases = (properties["proxyAddresses"]?.array ?? []).compactMap(\.string)
            .filter { $0.dropFirst("smtp:".count).lowercased() != mail.lowercased() }
            .map { "smtp:\($0.dropFirst("smtp:".count))" }
        properties["proxyAddresses"] = .array((["SMTP:\(mail)"] + aliases).map(JSONValue.string))
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

    static func checkUnique(
        _ properties: [String: JSONValue],
        _ kind: EntryKind,
        in directory: TenantDirectory,
        except index: EntryIndex? = nil
    ) throws(GraphProblem) {
        let probe = DirectoryEntry(id: "", kind: kind, properties: properties, deletedAt: nil)
        for key in UniqueKey.keys(of: probe) {
            if let holder = directory.holder(of: key), holder != index { throw .conflict(key) }
        }
    }

    /// The answer to a create: the default set, and where the object is.
    func created(_ entry: DirectoryEntry) throws(GraphProblem) -> GraphReply {
        var reply = GraphReply(status: 201, body: try view(entry.kind).json(entry, nil))
        reply.headers["Location"] =
            "https://graph.microsoft.com/v2/\(settings.tenantID)/directoryObjects/\(entry.id)/Microsoft.DirectoryServices."
            + entry.kind.resourceName
        return reply
    }
}
