import CausewayJSON
import CausewayModel
import CausewayTestSupport

/// Changes the tenant at random, as its administrators do independently.
struct TenantScript: Sendable {
    let client: TenantClient
    var ledger: HandLedger
    private var counter = 0

    init(client: TenantClient, ledger: HandLedger, step: Int) {
        (self.client, self.ledger, counter) = (client, ledger, step * 1000)
    }

    /// - Parameter directory: the source of the names and addresses of matching accounts.
    /// - Returns: what it was.
    mutating func change(_ random: inout SeededGenerator, directory: DirectorySnapshot) async throws -> String {
        switch random.number(0...13) {
        case 0, 1: try await patchUser(&random)
        case 2: try await patchGroup(&random)
        case 3, 4: try await addMember(&random)
        case 5, 6: try await removeMember(&random)
        case 7, 8: try await delete(&random)
        case 9: try await purge(&random)
        case 10: try await restore(&random)
        case 11: try await createStranger(&random)
        case 12: try await createTwin(&random, directory)
        default: try await createGroup(&random)
        }
    }

    // MARK: Content

    private func users() async throws -> [String] { try await ids("/users?$top=999&$select=id") }

    private func groups() async throws -> [String] { try await ids("/groups?$top=999&$select=id") }

    private func deleted() async throws -> [String] {
        try await ids("/directory/deletedItems/microsoft.graph.user?$select=id")
            + ids("/directory/deletedItems/microsoft.graph.group?$select=id")
    }

    private func ids(_ path: String) async throws -> [String] {
        try await client.all(path).compactMap { $0["id"]?.string }.sorted()
    }

    // MARK: Changes

    private mutating func patchUser(_ random: inout SeededGenerator) async throws -> String {
        guard let id = random.pick(try await users()) else { return "no account" }
        let change: [String: JSONValue] =
            switch random.number(0...3) {
            case 0: ["displayName": .string(random.pick(DirectoryScript.names) ?? "")]
            case 1: ["jobTitle": .string("By hand \(random.number(0...9))")]
            case 2: ["accountEnabled": .bool(random.happens(0.5))]
            default: ["userPrincipalName": .string("x\(next())@company.com")]
            }
        let status = try await client.send("PATCH", "/users/\(id)", .object(change)).status
        if status < 300 {
            ledger.strangers[id]?.merge(change) { $1 }
            ledger.twins[id]?.merge(change) { $1 }
        }
        return "PATCH user \(id) \(change): \(status)"
    }

    private mutating func patchGroup(_ random: inout SeededGenerator) async throws -> String {
        guard let id = random.pick(try await groups()) else { return "no group" }
        let change: [String: JSONValue] = ["displayName": .string("By hand \(next())")]
        let status = try await client.send("PATCH", "/groups/\(id)", .object(change)).status
        if status < 300 { ledger.groups[id]?.merge(change) { $1 } }
        return "PATCH group \(id) \(change): \(status)"
    }

    private mutating func addMember(_ random: inout SeededGenerator) async throws -> String {
        let all = try await users() + groups()
        guard let group = random.pick(try await groups()), let member = random.pick(all) else { return "no group" }
        let body: JSONValue = ["@odata.id": .string("https://graph.microsoft.com/v1.0/directoryObjects/\(member)")]
        let status = try await client.send("POST", "/groups/\(group)/members/$ref", body).status
        if status < 300 { ledger.members[group]?.insert(member) }
        return "add \(member) to \(group): \(status)"
    }

    private mutating func removeMember(_ random: inout SeededGenerator) async throws -> String {
        guard let group = random.pick(try await groups()) else { return "no group" }
        let members = try await ids("/groups/\(group)/members?$top=999&$select=id")
        guard let member = random.pick(members) else { return "no member" }
        let status = try await client.send("DELETE", "/groups/\(group)/members/\(member)/$ref").status
        if status < 300 { ledger.members[group]?.remove(member) }
        return "remove \(member) from \(group): \(status)"
    }

    private mutating func delete(_ random: inout SeededGenerator) async throws -> String {
        let isUser = random.happens(0.7)
        guard let id = random.pick(try await isUser ? users() : groups()) else { return "nothing to delete" }
        let status = try await client.send("DELETE", "/\(isUser ? "users" : "groups")/\(id)").status
        if status < 300 { ledger.forget(id) }
        return "delete \(isUser ? "user" : "group") \(id): \(status)"
    }

    private mutating func purge(_ random: inout SeededGenerator) async throws -> String {
        guard let id = random.pick(try await deleted()) else { return "nothing to purge" }
        return "purge \(id): \(try await client.send("DELETE", "/directory/deletedItems/\(id)").status)"
    }

    private mutating func restore(_ random: inout SeededGenerator) async throws -> String {
        guard let id = random.pick(try await deleted()) else { return "nothing to restore" }
        let status = try await client.send("POST", "/directory/deletedItems/\(id)/restore").status
        if status < 300 { ledger.restored.insert(id) }
        return "restore \(id): \(status)"
    }

    private mutating func createStranger(_ random: inout SeededGenerator) async throws -> String {
        let name = "stranger\(next())"
        let body = account("\(name)@company.com", name, random.pick(DirectoryScript.names) ?? "")
        let answer = try await client.send("POST", "/users", .object(body))
        if let id = answer.body["id"]?.string { ledger.strangers[id] = body.filter { $0.key != "passwordProfile" } }
        return "create stranger \(name): \(answer.status)"
    }

    /// An account with the name or the address of a user of the directory.
    private mutating func createTwin(_ random: inout SeededGenerator, _ directory: DirectorySnapshot) async throws
        -> String
    {
        guard let user = random.pick(directory.users) else { return "nobody" }
        let name = "twin\(next())"
        let bearsName = random.happens(0.5)
        var body = account(bearsName ? user.email : "\(name)@company.com", name, user.name)
        if !bearsName { body["mail"] = .string(user.email) }
        let answer = try await client.send("POST", "/users", .object(body))
        if let id = answer.body["id"]?.string { ledger.twins[id] = body.filter { $0.key != "passwordProfile" } }
        return "create twin of \(user.username) \(bearsName ? "by name" : "by mail"): \(answer.status)"
    }

    private mutating func createGroup(_ random: inout SeededGenerator) async throws -> String {
        let label = random.happens(0.4) ? random.pick(DirectoryScript.labels) ?? "" : "Theirs \(next())"
        let body = Self.group(label, nickname: "theirs\(next())")
        let answer = try await client.send("POST", "/groups", body)
        if let id = answer.body["id"]?.string { (ledger.groups[id], ledger.members[id]) = (body.object ?? [:], []) }
        return "create group \(label): \(answer.status)"
    }

    static func group(_ name: String, nickname: String) -> JSONValue {
        [
            "displayName": .string(name), "mailEnabled": false, "securityEnabled": true,
            "mailNickname": .string(nickname),
        ]
    }

    private func account(_ principal: String, _ nickname: String, _ name: String) -> [String: JSONValue] {
        [
            "displayName": .string(name), "accountEnabled": true, "mailNickname": .string(nickname),
            "userPrincipalName": .string(principal), "passwordProfile": ["password": "Long-Enough-1"],
        ]
    }

    private mutating func next() -> Int {
        counter += 1
        return counter
    }
}
