import CausewayJSON
import CausewayTestSupport

/// What the tenant holds, read through plain Graph reads page by page.
struct TenantTruth: Sendable {
    /// By id.
    private(set) var users: [String: JSONValue] = [:]
    private(set) var groups: [String: JSONValue] = [:]
    private(set) var members: [String: Set<String>] = [:]
    private(set) var deletedUsers: [JSONValue] = []
    private(set) var deletedGroups: [JSONValue] = []

    private static let properties =
        "id,displayName,jobTitle,accountEnabled,mailNickname,userPrincipalName,mail,onPremisesImmutableId"
        + ",employeeLeaveDateTime"

    init(_ client: TenantClient) async throws {
        for user in try await client.all("/users?$top=17&$select=\(Self.properties)") {
            users[user["id"]?.string ?? ""] = user
        }
        for group in try await client.all("/groups?$top=7") { groups[group["id"]?.string ?? ""] = group }
        for id in groups.keys {
            members[id] = Set(
                try await client.all("/groups/\(id)/members?$top=13&$select=id").compactMap { $0["id"]?.string }
            )
        }
        deletedUsers = try await client.all("/directory/deletedItems/microsoft.graph.user?$select=\(Self.properties)")
        deletedGroups = try await client.all("/directory/deletedItems/microsoft.graph.group")
    }

    /// What differs from before, object by object, without these objects and their own memberships.
    func differences(from before: TenantTruth, but own: Set<String>) -> [String] {
        let objects = before.users.merging(before.groups) { $1 }
        let present = users.merging(groups) { $1 }
        let changed = Set(objects.keys).union(present.keys).subtracting(own).filter { objects[$0] != present[$0] }
        let rearranged = Set(before.members.keys).union(members.keys).subtracting(own).filter { group in
            !(before.members[group] ?? []).symmetricDifference(members[group] ?? []).subtracting(own).isEmpty
        }
        return changed.sorted().map { "\(objects[$0] ?? .null) became \(present[$0] ?? .null)" }
            + rearranged.sorted().map { "the members of \($0) became \(members[$0] ?? [])" }
    }
}

extension JSONValue {
    /// Whether the object has those properties with those values; a missing one is null, and letter case does not count in names and
    /// addresses.
    func holds(_ properties: [String: JSONValue]) -> Bool { differing(properties).isEmpty }

    /// The properties that it has with other values.
    func differing(_ properties: [String: JSONValue]) -> [String] {
        properties.filter { name, value in
            let present = self[name] ?? .null
            if let one = value.string, let other = present.string, name == "userPrincipalName" || name == "mail" {
                return one.lowercased() != other.lowercased()
            }
            return present != value
        }.map { "\($0.key) is \(self[$0.key] ?? .null), not \($0.value)" }.sorted()
    }
}
